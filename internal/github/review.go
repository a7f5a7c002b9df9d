package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	gh "github.com/google/go-github/v60/github"
)

const (
	// maxComments is how many comments one run adds to a review at most: more than people read.
	maxComments = 30
	// maxRemoved is how many outdated comments one run removes.
	maxRemoved = 50
	// permitReview is what reviews and comments take.
	permitReview = "pull-requests: write"
)

// Remark is what a review says about lines of the pull request's diff.
type Remark struct {
	Key         string // the same key is the same remark, wherever the lines have moved
	Path        string
	First, Last int    // lines of the head commit's file, 1-based, both included
	Body        string // Markdown that the caller has made safe
}

// Review is what to say on a pull request.
type Review struct {
	Name    string // tells apart the runs that review the same pull request, such as the jobs of a matrix
	Number  int    // of the pull request
	HeadSHA string // commit whose lines the remarks name
	Body    string // Markdown above the remarks
	Remarks []Remark
}

// Reviewed counts what became of the remarks.
type Reviewed struct {
	Posted  int
	Stood   int // said before and still there
	Beside  int // their lines are not in the diff, so that GitHub takes no remark on them
	Cut     int // more than one review should have
	Refused int // GitHub would not take them
	Removed int // earlier remarks that hold no more and that nobody answered
	// Resolved counts the threads of earlier remarks that hold no more and that somebody answered.
	Resolved int
}

// Review posts the remarks whose lines lie in the diff, all in one review, unless they stand there already, and removes
// those of earlier runs that hold no more. What somebody answered stays, resolved where it holds no more and the token may
// resolve it. Without remarks nothing is posted. It fails with
// ErrNoPermission where the token may not write to pull requests.
func (c *Client) Review(ctx context.Context, r Review) (Reviewed, error) {
	ctx, cancel := context.WithTimeout(ctx, totalTime)
	defer cancel()
	p := &reviewer{client: c, review: r}
	err := p.run(ctx)
	return p.done, c.wrap("review "+number(r.Number), permitReview, err)
}

type reviewer struct {
	client *Client
	review Review
	done   Reviewed
}

func (p *reviewer) run(ctx context.Context) error {
	there, err := p.comments(ctx)
	if err != nil {
		return err
	}
	inDiff, err := p.inDiff(ctx)
	if err != nil {
		return err
	}
	var fresh []Remark
	wanted := map[string]bool{}
	for _, remark := range inDiff {
		mark := marker(p.review.Name, remark.Key)
		stands := slices.ContainsFunc(there, func(c standing) bool { return c.marked(mark) && (c.current || c.answered) })
		switch {
		case wanted[mark]: // one key, one remark
		case stands:
			p.done.Stood++
		case len(fresh) == maxComments:
			p.done.Cut++
		default:
			fresh = append(fresh, remark)
		}
		wanted[mark] = true
	}
	if len(fresh) > 0 {
		if err := p.post(ctx, fresh); err != nil {
			return err
		}
	}
	return p.remove(ctx, there, wanted)
}

// standing is an earlier remark of ours.
type standing struct {
	id       int64
	body     string
	current  bool // its lines have not changed since
	answered bool
}

func (s standing) marked(mark string) bool { return strings.HasPrefix(s.body, mark) }

var errTooMany = settled{errors.New("there are too many comments to tell which are new")}

// comments lists the remarks of earlier runs with this name.
func (p *reviewer) comments(ctx context.Context) ([]standing, error) {
	var all []*gh.PullRequestComment
	options := &gh.PullRequestListCommentsOptions{ListOptions: gh.ListOptions{PerPage: 100}}
	err := pages(ctx, &options.ListOptions, maxPages, func(ctx context.Context) (*gh.Response, error) {
		list, resp, err := p.client.api.PullRequests.ListComments(ctx, p.client.owner, p.client.repo, p.review.Number, options)
		all = append(all, list...)
		return resp, err
	})
	if err != nil {
		return nil, err
	}
	answered := map[int64]bool{}
	for _, comment := range all {
		answered[comment.GetInReplyTo()] = true
	}
	var ours []standing
	for _, comment := range all {
		if strings.HasPrefix(comment.GetBody(), markerOf(p.review.Name)) && trusted(comment.User, comment.GetAuthorAssociation()) {
			ours = append(ours, standing{comment.GetID(), comment.GetBody(), comment.GetLine() > 0, answered[comment.GetID()]})
		}
	}
	return ours, nil
}

// inDiff keeps the remarks of which all lines lie in one hunk of the diff.
func (p *reviewer) inDiff(ctx context.Context) ([]Remark, error) {
	if len(p.review.Remarks) == 0 {
		return nil, nil
	}
	patches, err := p.patches(ctx)
	if err != nil {
		return nil, err
	}
	var kept []Remark
	for _, remark := range p.review.Remarks {
		if holds(patches[remark.Path], remark.First, remark.Last) {
			kept = append(kept, remark)
		} else {
			p.done.Beside++
		}
	}
	return kept, nil
}

// maxFilePages is as many files as GitHub lists of a pull request, in pages of 100.
const maxFilePages = 30

// patches lists the diff's files; one whose patch GitHub leaves out takes no remark.
func (p *reviewer) patches(ctx context.Context) (map[string]string, error) {
	patches := map[string]string{}
	options := &gh.ListOptions{PerPage: 100}
	err := pages(ctx, options, maxFilePages, func(ctx context.Context) (*gh.Response, error) {
		files, resp, err := p.client.api.PullRequests.ListFiles(ctx, p.client.owner, p.client.repo, p.review.Number, options)
		for _, file := range files {
			patches[file.GetFilename()] = file.GetPatch()
		}
		return resp, err
	})
	if code := status(err); errors.Is(err, errTooMany) || code == http.StatusNotAcceptable || code == http.StatusUnprocessableEntity {
		err = nil // no remark on the files beyond, or on any where GitHub finds the diff too large
	}
	return patches, err
}

// pages reads a list page by page, each with its own tries.
func pages(ctx context.Context, options *gh.ListOptions, most int, read func(context.Context) (*gh.Response, error)) error {
	for range most {
		var resp *gh.Response
		err := retry(ctx, func(ctx context.Context, _ bool) (err error) {
			resp, err = read(ctx)
			return err
		})
		if err != nil {
			return err
		}
		if options.Page = resp.NextPage; options.Page == 0 {
			return nil
		}
	}
	return errTooMany
}

// holds reports whether one hunk of a patch shows both lines of the new file.
func holds(patch string, first, last int) bool {
	for line := range strings.Lines(patch) {
		var start, count int
		if !strings.HasPrefix(line, "@@ -") { // no line of content begins so
			continue
		}
		_, after, _ := strings.Cut(line, " +")
		if n, _ := fmt.Sscanf(after, "%d,%d", &start, &count); n == 1 {
			count = 1
		} else if n == 0 {
			continue
		}
		if start <= first && last < start+count {
			return true
		}
	}
	return false
}

// post adds remarks as one review. GitHub refuses a review as a whole for one remark and does not say which, so a refused
// one is halved until that remark stands alone.
func (p *reviewer) post(ctx context.Context, remarks []Remark) error {
	request := &gh.PullRequestReviewRequest{
		CommitID: &p.review.HeadSHA, Event: new("COMMENT"), Body: new(cut(clean(p.review.Body), maxMessage)),
	}
	for _, remark := range remarks {
		request.Comments = append(request.Comments, p.draft(remark))
	}
	err := retry(ctx, func(ctx context.Context, again bool) error {
		if again {
			if done, err := p.posted(ctx, remarks); done || err != nil {
				return err
			}
		}
		_, _, err := p.client.api.PullRequests.CreateReview(ctx, p.client.owner, p.client.repo, p.review.Number, request)
		return err
	})
	switch {
	case err == nil:
		p.done.Posted += len(remarks)
		return nil
	case status(err) != http.StatusUnprocessableEntity || p.done.Refused == maxRefused:
		return err
	case len(remarks) == 1:
		p.done.Refused++
		return nil
	}
	middle := len(remarks) / 2
	if err := p.post(ctx, remarks[:middle]); err != nil {
		return err
	}
	return p.post(ctx, remarks[middle:])
}

func (p *reviewer) draft(r Remark) *gh.DraftReviewComment {
	draft := &gh.DraftReviewComment{
		Path: &r.Path, Side: new("RIGHT"), Line: &r.Last, Body: new(marker(p.review.Name, r.Key) + r.Body),
	}
	if r.First < r.Last {
		draft.StartLine, draft.StartSide = &r.First, new("RIGHT")
	}
	return draft
}

// posted reads back whether a review was taken whose fate is unknown. It is taken as a whole or not at all.
func (p *reviewer) posted(ctx context.Context, remarks []Remark) (bool, error) {
	there, err := p.comments(ctx)
	if err != nil {
		return false, err
	}
	mark := marker(p.review.Name, remarks[0].Key)
	return slices.ContainsFunc(there, func(c standing) bool { return c.current && c.marked(mark) }), nil
}

// remove deletes the remarks that hold no more, or whose lines have changed since, unless somebody answered.
func (p *reviewer) remove(ctx context.Context, there []standing, wanted map[string]bool) error {
	var gone []standing // and answered
	for _, old := range there {
		mark, _, _ := strings.Cut(old.body, "\n")
		holds := wanted[mark+"\n"]
		if old.answered && !holds {
			gone = append(gone, old)
		}
		if old.answered || old.current && holds || p.done.Removed == maxRemoved {
			continue
		}
		err := retry(ctx, func(ctx context.Context, again bool) error {
			_, err := p.client.api.PullRequests.DeleteComment(ctx, p.client.owner, p.client.repo, old.id)
			if again && status(err) == http.StatusNotFound {
				return nil // the earlier try was carried out
			}
			return err
		})
		if err != nil {
			return err
		}
		p.done.Removed++
	}
	return p.resolve(ctx, gone)
}
