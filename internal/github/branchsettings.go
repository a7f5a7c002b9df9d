package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	gh "github.com/google/go-github/v60/github"

	"github.com/plimsoll-dev/plimsoll/internal/settings"
)

// protection is the classic protection of a branch.
type protection struct {
	Reviews *struct {
		Approvals    int  `json:"required_approving_review_count"`
		DismissStale bool `json:"dismiss_stale_reviews"`
		CodeOwners   bool `json:"require_code_owner_reviews"`
		LastPush     bool `json:"require_last_push_approval"`
	} `json:"required_pull_request_reviews"`
	Checks *struct {
		Strict bool
		Checks []struct {
			Context string
			App     int64 `json:"app_id"` // -1 or null where any may
		}
	} `json:"required_status_checks"`
	Admins   toggle `json:"enforce_admins"`
	Force    toggle `json:"allow_force_pushes"`
	Deletion toggle `json:"allow_deletions"`
}

type toggle struct{ Enabled bool }

// branch reads the rules of the default branch: those of rulesets, which everybody who sees the repository may read, and
// classic protection, which takes an administrator. What neither demands is known only where both could be read.
func (r *settingsReader) branch(ctx context.Context) {
	name := url.PathEscape(r.s.DefaultBranch)
	var rules []branchRule
	err := r.list(ctx, "rules/branches/"+name, func(page []byte) error {
		var some []branchRule
		err := json.Unmarshal(page, &some)
		rules = append(rules, some...)
		return err
	})
	complete := err == nil
	if err != nil {
		r.miss("the rules of the default branch", "metadata: read", err)
	}
	complete = r.rulesets(rules) && complete
	r.bypasses(ctx, rules)
	complete = r.classic(ctx, name) && complete
	if complete {
		r.absent()
	}
}

// review joins what is demanded of a pull request with what already is: the stricter holds.
func (r *settingsReader) review(p settings.PullRequest) {
	p.Required = true
	if old := r.s.Branch.PullRequest; old != nil {
		p.Approvals = max(p.Approvals, old.Approvals)
		p.DismissStale, p.CodeOwners, p.LastPush = p.DismissStale || old.DismissStale, p.CodeOwners || old.CodeOwners, p.LastPush || old.LastPush
	}
	r.s.Branch.PullRequest = &p
}

func (r *settingsReader) check(name string, app int64, strict bool) {
	checks := r.checks()
	checks.Strict = checks.Strict || strict
	one := settings.Check{Name: name, App: max(app, 0)}
	if !slices.Contains(checks.Required, one) {
		checks.Required = append(checks.Required, one)
	}
}

// checks are those of the branch, to be added to.
func (r *settingsReader) checks() *settings.Checks {
	if r.s.Branch.Checks == nil {
		r.s.Branch.Checks = &settings.Checks{}
	}
	return r.s.Branch.Checks
}

// classic takes over what classic protection demands, and reports whether all of it is known.
func (r *settingsReader) classic(ctx context.Context, name string) bool {
	var branch struct{ Protected bool }
	if err := r.get(ctx, "branches/"+name, &branch); err == nil && !branch.Protected {
		return true // there is none
	}
	var p protection
	err := r.get(ctx, "branches/"+name+"/protection", &p)
	switch {
	case status(err) == http.StatusNotFound && says(err, "Branch not protected"):
		return true
	case err != nil:
		r.miss("the classic protection of the default branch", readAdministration, err)
		return false
	}
	b := &r.s.Branch
	if !p.Admins.Enabled && b.PullRequest == nil { // rulesets bind administrators too
		r.bypass("administrators", "always")
	}
	if p.Reviews != nil {
		r.review(settings.PullRequest{
			Approvals: p.Reviews.Approvals, DismissStale: p.Reviews.DismissStale, CodeOwners: p.Reviews.CodeOwners, LastPush: p.Reviews.LastPush,
		})
	}
	if p.Checks != nil {
		for _, check := range p.Checks.Checks {
			r.check(check.Context, check.App, p.Checks.Strict)
		}
	}
	if b.ForcePush == nil {
		b.ForcePush = &p.Force.Enabled
	}
	if b.Deletion == nil {
		b.Deletion = &p.Deletion.Enabled
	}
	return true
}

// absent says of what nothing demands that it is not demanded.
func (r *settingsReader) absent() {
	b := &r.s.Branch
	if b.PullRequest == nil {
		b.PullRequest = &settings.PullRequest{}
	}
	if b.Checks == nil {
		b.Checks = &settings.Checks{Required: []settings.Check{}}
	}
	if b.ForcePush == nil {
		b.ForcePush = new(true)
	}
	if b.Deletion == nil {
		b.Deletion = new(true)
	}
}

// says reports whether an answer has that message.
func says(err error, message string) bool {
	var answer *gh.ErrorResponse
	return errors.As(err, &answer) && answer.Message == message
}

// Head is the commit (full hash) at the end of a branch. It takes `contents: read`.
func (c *Client) Head(ctx context.Context, branch string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, totalTime)
	defer cancel()
	var answer struct {
		Commit struct{ SHA string }
	}
	err := (&settingsReader{client: c}).get(ctx, "branches/"+url.PathEscape(branch), &answer)
	if err == nil && !isSHA(answer.Commit.SHA) {
		err = fmt.Errorf("the answer names no commit: %q", answer.Commit.SHA)
	}
	return answer.Commit.SHA, c.wrap("read branch "+branch, readContents, err)
}
