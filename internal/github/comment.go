package github

import (
	"context"
	"strings"

	gh "github.com/google/go-github/v60/github"
)

// Sticky is the one comment under a pull request that every run writes anew.
type Sticky struct {
	Name   string // tells apart the runs that comment on the same pull request, such as the jobs of a matrix
	Number int    // of the pull request
	Body   string // Markdown that the caller has made safe; cut after a line to what GitHub takes
	Quiet  bool   // there is nothing to say: a comment that stands is brought up to date, and none is made
}

// Comment writes the comment, over that of an earlier run where there is one. It fails with ErrNoPermission where the
// token may not write to pull requests.
func (c *Client) Comment(ctx context.Context, s Sticky) error {
	ctx, cancel := context.WithTimeout(ctx, totalTime)
	defer cancel()
	body := markedBody(s.Name, "comment", s.Body)
	err := retry(ctx, func(ctx context.Context, _ bool) error { // looked for on each try: an earlier one may have been carried out
		old, err := c.sticky(ctx, s)
		switch {
		case err != nil || old == nil && s.Quiet || old.GetBody() == body:
			return err
		case old != nil:
			_, _, err = c.api.Issues.EditComment(ctx, c.owner, c.repo, old.GetID(), &gh.IssueComment{Body: &body})
		default:
			_, _, err = c.api.Issues.CreateComment(ctx, c.owner, c.repo, s.Number, &gh.IssueComment{Body: &body})
		}
		return err
	})
	return c.wrap("comment on "+number(s.Number), permitReview, err)
}

// sticky finds the comment of an earlier run, or nil.
func (c *Client) sticky(ctx context.Context, s Sticky) (*gh.IssueComment, error) {
	options := &gh.IssueListCommentsOptions{ListOptions: gh.ListOptions{PerPage: 100}}
	for range maxPages {
		list, resp, err := c.api.Issues.ListComments(ctx, c.owner, c.repo, s.Number, options)
		if err != nil {
			return nil, err
		}
		for _, comment := range list {
			if strings.HasPrefix(comment.GetBody(), marker(s.Name, "comment")) && trusted(comment.User, comment.GetAuthorAssociation()) {
				return comment, nil
			}
		}
		if options.Page = resp.NextPage; options.Page == 0 {
			return nil, nil
		}
	}
	return nil, errTooMany
}
