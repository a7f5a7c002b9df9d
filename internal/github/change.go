package github

import (
	"context"
	"fmt"
	"slices"
	"strings"

	gh "github.com/google/go-github/v60/github"
)

// Proposal reports whether the run is about a change that is not in its branch yet: a pull request, or a merge group.
func (e *Event) Proposal() bool { return e.Number > 0 || e.Name == "merge_group" }

// What names the change that the run is about, for people.
func (e *Event) What() string {
	switch {
	case e.Number > 0:
		return fmt.Sprintf("the base of pull request %d", e.Number)
	case e.Name == "merge_group":
		return "the base of the merge group"
	case e.BaseSHA != "":
		return e.BaseSHA[:12]
	}
	return "the default branch"
}

// Bases are the revisions that the change was made upon, the best first, given the commit that is checked out and its
// parents. Of the merge commit that GitHub makes of a pull request it is the first parent: the base branch as it was then, which
// may be newer than what the event says. A branch without a base is held against the default branch; a tag, or a run of
// the default branch itself, has none.
func (e *Event) Bases(heads []string) []string {
	var bases []string
	merge := len(heads) == 3 && heads[0] == e.Linted && heads[2] == e.HeadSHA
	if merge && e.Number > 0 && e.Name != "pull_request_target" {
		bases = append(bases, heads[1])
	}
	if e.BaseSHA != "" {
		bases = append(bases, e.BaseSHA)
	}
	if len(bases) == 0 && strings.HasPrefix(e.Ref, "refs/heads/") && !e.DefaultBranch && e.DefaultName != "" {
		bases = append(bases, "refs/remotes/origin/"+e.DefaultName)
	}
	return slices.Compact(bases)
}

// MergeBase gives the commit (full hash) at which two commits parted. It takes `contents: read`, and one request.
func (c *Client) MergeBase(ctx context.Context, base, head string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, totalTime)
	defer cancel()
	var parted string
	err := retry(ctx, func(ctx context.Context, _ bool) error {
		// The second page has neither the files nor their patches.
		both, _, err := c.api.Repositories.CompareCommits(ctx, c.owner, c.repo, base, head, &gh.ListOptions{Page: 2, PerPage: 1})
		parted = both.GetMergeBaseCommit().GetSHA()
		return err
	})
	if err != nil {
		return "", c.wrap(fmt.Sprintf("compare %s with %s", head, base), "contents: read", err)
	}
	if parted == "" {
		return "", fmt.Errorf("compare %s with %s: GitHub names no common commit", head, base)
	}
	return parted, nil
}

// ChangedFile is a file of a pull request's diff.
type ChangedFile struct {
	Path    string // in the head; of a removed file in the base
	Before  string // the old path of a renamed file, else ""
	Blob    string // ID of its text in the head
	Patch   string // hunks, as git diff writes them; "" where GitHub leaves them out
	Removed bool
}

// smallPage is how many files a page has: GitHub leaves out patches past some 20 000 lines on one.
const smallPage = 50

// Files lists what a pull request changes. It takes `pull-requests: read`, or `contents: read` of a public repository, and a
// request for each 50 files. GitHub lists no more than 3000 and does not say so: it fails where that may be.
func (c *Client) Files(ctx context.Context, number int) ([]ChangedFile, error) {
	ctx, cancel := context.WithTimeout(ctx, totalTime)
	defer cancel()
	var all []ChangedFile
	options := &gh.ListOptions{PerPage: smallPage}
	err := pages(ctx, options, maxFilePages*100/smallPage-1, func(ctx context.Context) (*gh.Response, error) {
		files, resp, err := c.api.PullRequests.ListFiles(ctx, c.owner, c.repo, number, options)
		for _, f := range files {
			all = append(all, ChangedFile{
				Path: f.GetFilename(), Before: f.GetPreviousFilename(), Blob: f.GetSHA(), Patch: f.GetPatch(),
				Removed: f.GetStatus() == "removed",
			})
		}
		return resp, err
	})
	if err != nil {
		return nil, c.wrap(fmt.Sprintf("list the files of pull request %d", number), "pull-requests: read", err)
	}
	return all, nil
}
