package github

import (
	"context"
	"errors"
	"strings"

	gh "github.com/google/go-github/v60/github"
)

// permitIssues is what the tracking issue takes.
const permitIssues = "issues: write"

// Tracking is the one issue of a repository that every audit writes anew.
type Tracking struct {
	Name   string   // tells apart the audits of the same repository, such as the jobs of a matrix
	Title  string   // of a new issue; one that stands keeps what people have made of it
	Labels []string // likewise
	Body   string   // Markdown that the caller has made safe; cut after a line to what GitHub takes
	Clean  bool     // nothing counts: an open issue is closed with this body, and none is made
}

// Track brings the issue up to date: it is made, written anew, closed when all is clean and opened again when it is not.
// It is known by a hidden marker, and only where the token's own name wrote it: everybody may copy a marker. It gives the
// issue's page, "" where there is none, and fails with ErrNoPermission where the token may not write issues.
func (c *Client) Track(ctx context.Context, t Tracking) (page string, err error) {
	ctx, cancel := context.WithTimeout(ctx, totalTime)
	defer cancel()
	author, err := c.login(ctx)
	if err != nil {
		return "", c.wrap("find the tracking issue", permitIssues, err)
	}
	request := t.request()
	err = retry(ctx, func(ctx context.Context, _ bool) error { // looked for on each try: an earlier one may have been carried out
		issue, err := c.tracked(ctx, author, t)
		switch {
		case err != nil || issue == nil && t.Clean || issue.GetBody() == *request.Body && issue.GetState() == *request.State:
			page = issue.GetHTMLURL()
			return err
		case issue == nil:
			issue, _, err = c.api.Issues.Create(ctx, c.owner, c.repo, t.fresh(request.Body))
		default:
			issue, _, err = c.api.Issues.Edit(ctx, c.owner, c.repo, issue.GetNumber(), request)
		}
		page = issue.GetHTMLURL()
		return err
	})
	return page, c.wrap("write the tracking issue", permitIssues, err)
}

// request is what the issue shall be.
func (t Tracking) request() *gh.IssueRequest {
	r := &gh.IssueRequest{Body: new(markedBody(t.Name, "issue", t.Body)), State: new("open")}
	if t.Clean {
		r.State, r.StateReason = new("closed"), new("completed")
	}
	return r
}

// fresh is a new issue.
func (t Tracking) fresh(body *string) *gh.IssueRequest {
	r := &gh.IssueRequest{Title: new(cut(clean(oneLine(t.Title)), maxTitle)), Body: body}
	if len(t.Labels) > 0 {
		r.Labels = &t.Labels
	}
	return r
}

// tracked finds the issue of an earlier audit, open or closed, or nil. Of several the one that changed last is taken.
func (c *Client) tracked(ctx context.Context, author string, t Tracking) (*gh.Issue, error) {
	options := &gh.IssueListByRepoOptions{
		State: "all", Creator: author, Sort: "updated", Direction: "desc", ListOptions: gh.ListOptions{PerPage: 100},
	}
	mark := marker(t.Name, "issue")
	for range maxPages {
		list, resp, err := c.api.Issues.ListByRepo(ctx, c.owner, c.repo, options)
		if err != nil {
			return nil, err
		}
		for _, issue := range list {
			if !issue.IsPullRequest() && issue.GetUser().GetLogin() == author && strings.HasPrefix(issue.GetBody(), mark) {
				return issue, nil
			}
		}
		if options.Page = resp.NextPage; options.Page == 0 {
			return nil, nil
		}
	}
	return nil, errManyIssues
}

var errManyIssues = settled{errors.New("there are too many issues of this author to find it among them")}
