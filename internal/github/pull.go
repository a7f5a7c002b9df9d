package github

import (
	"context"
	"errors"
	"fmt"
	"strings"

	gh "github.com/google/go-github/v60/github"
)

// ErrMovedOn says that a pull request is closed, or has another head than the run that is spoken of was about.
var ErrMovedOn = errors.New("the pull request has moved on")

// ErrNotConfirmed says that a pull request is not the one that a run was for.
var ErrNotConfirmed = errors.New("GitHub does not confirm the pull request")

// Pull is a pull request that the API says a run was about.
type Pull struct {
	Number   int
	HeadSHA  string
	MergeSHA string // of the merge with the base branch that GitHub made last; "" where there is none
}

// PullOf asks for a pull request by the number that a report claims, and believes it only where its head is the very commit
// and repository that GitHub says the run was for. It fails with ErrNotConfirmed where that was never so, with ErrMovedOn where
// it is no longer, and takes `pull-requests: read`.
func (c *Client) PullOf(ctx context.Context, run *Run, claimed int) (Pull, error) {
	ctx, cancel := context.WithTimeout(ctx, totalTime)
	defer cancel()
	var pr *gh.PullRequest
	err := retry(ctx, func(ctx context.Context, _ bool) (err error) {
		pr, _, err = c.api.PullRequests.Get(ctx, c.owner, c.repo, claimed)
		return err
	})
	if err != nil {
		return Pull{}, c.wrap("look up "+number(claimed), "pull-requests: read", err)
	}
	head, from := pr.GetHead(), pr.GetHead().GetRepo().GetFullName()
	switch {
	case !isSHA(run.HeadSHA):
		return Pull{}, fmt.Errorf("%w: the event names no commit of the run: %q", ErrNotConfirmed, run.HeadSHA)
	case from == "" || !strings.EqualFold(from, run.HeadRepository):
		return Pull{}, fmt.Errorf("%w: %s is of %q, and the run was for %q", ErrNotConfirmed, number(claimed), from, run.HeadRepository)
	case pr.GetState() != "open":
		return Pull{}, fmt.Errorf("%s is %s: %w", number(claimed), pr.GetState(), ErrMovedOn)
	case head.GetSHA() != run.HeadSHA:
		return Pull{}, fmt.Errorf("the head of %s is %s, and the run was for %s: %w", number(claimed), head.GetSHA(), run.HeadSHA, ErrMovedOn)
	}
	pull := Pull{Number: claimed, HeadSHA: run.HeadSHA}
	if merge := pr.GetMergeCommitSHA(); isSHA(merge) {
		pull.MergeSHA = merge
	}
	return pull, nil
}
