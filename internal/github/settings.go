package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/plimsoll-dev/plimsoll/internal/settings"
)

// Permissions that reading settings takes. A workflow's own token has never administration.
const (
	readAdministration = "administration: read"
	readContents       = "contents: read"
	readActions        = "actions: read"
)

// Settings reads what GitHub enforces on the repository, with structs of our own where the library refuses rules that it
// does not know or lacks fields. What the token may not see is listed as unread; it is an error only when the repository
// itself cannot be seen, or the context ends.
func (c *Client) Settings(ctx context.Context) (*settings.Settings, error) {
	ctx, cancel := context.WithTimeout(ctx, totalTime)
	defer cancel()
	r := &settingsReader{client: c, s: &settings.Settings{Repository: c.owner + "/" + c.repo}}
	if err := r.repository(ctx); err != nil {
		return nil, c.wrap("read "+r.s.Repository, "metadata: read", err)
	}
	for _, part := range []func(context.Context){
		r.branch, r.actionsAllowed, r.tokens, r.forks, r.runners, r.environments, r.codeOwners, r.security, r.releases,
	} {
		part(ctx)
	}
	if err := ctx.Err(); err != nil {
		return nil, c.wrap("read the settings of "+r.s.Repository, readAdministration, err)
	}
	return r.s, nil
}

// settingsReader fills in settings, part by part.
type settingsReader struct {
	client *Client
	s      *settings.Settings
}

// get reads one answer; path is below the repository's, "" for the repository itself.
func (r *settingsReader) get(ctx context.Context, path string, into any) error {
	return retry(ctx, func(ctx context.Context, _ bool) error {
		_, err := r.ask(ctx, path, into)
		return err
	})
}

func (r *settingsReader) ask(ctx context.Context, path string, into any) (*gh.Response, error) {
	address := strings.TrimSuffix(fmt.Sprintf("repos/%s/%s/%s", r.client.owner, r.client.repo, path), "/")
	req, err := r.client.api.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	return r.client.api.Do(ctx, req, into)
}

// list reads a list to its end; take is given each page as it was answered.
func (r *settingsReader) list(ctx context.Context, path string, take func(page []byte) error) error {
	options := gh.ListOptions{Page: 1}
	return pages(ctx, &options, maxPages, func(ctx context.Context) (*gh.Response, error) {
		var page json.RawMessage
		resp, err := r.ask(ctx, fmt.Sprintf("%s?per_page=100&page=%d", path, options.Page), &page)
		if err != nil {
			return nil, err
		}
		return resp, take(page)
	})
}

// miss notes what could not be read. GitHub hides with 404 what a token may not see; a token that may see it is told so by
// a server which has no such setting.
func (r *settingsReader) miss(what, permission string, err error) {
	why := strings.ReplaceAll(reasonOf(err), r.client.token, "***")
	switch {
	case permission == readAdministration && r.isOff(err):
		why += ", though the token may read settings: this server may not have it"
		permission = ""
	case !denied(err):
		permission = ""
	}
	r.s.Miss(what, why, permission)
}

// word takes over a setting that is one of a few words. Any other is unread: no rule would know what it allows.
func (r *settingsReader) word(into *string, what, word string, known ...string) {
	if !slices.Contains(known, word) {
		r.s.Miss(what, fmt.Sprintf("GitHub answered %q, which is not known here", cut(word, 40)), "")
		return
	}
	*into = word
}

// isOff reports whether an answer says that a feature is off, where GitHub says so with 404. That is also what a token is
// told that may not ask; what it could read before tells which.
func (r *settingsReader) isOff(err error) bool {
	return status(err) == http.StatusNotFound && r.administers()
}

// administers reports whether the token has read what administrators alone may.
func (r *settingsReader) administers() bool { return r.s.Actions.Enabled != nil }

// reasonOf is an answer in few words, without the address that was asked.
func reasonOf(err error) string {
	if code := status(err); code != 0 {
		return fmt.Sprintf("GitHub answered %d %s", code, http.StatusText(code))
	}
	return err.Error()
}

func (r *settingsReader) repository(ctx context.Context) error {
	type state struct{ Status string }
	var repo struct {
		FullName         string `json:"full_name"`
		Visibility       string
		Private          bool
		DefaultBranch    string `json:"default_branch"`
		SecurityAnalysis *struct {
			SecretScanning *state `json:"secret_scanning"`
			PushProtection *state `json:"secret_scanning_push_protection"`
		} `json:"security_and_analysis"`
	}
	if err := r.get(ctx, "", &repo); err != nil {
		return err
	}
	if repo.DefaultBranch == "" {
		return errors.New("the answer names no default branch")
	}
	r.s.Visibility, r.s.DefaultBranch = repo.Visibility, repo.DefaultBranch
	if r.s.Visibility == "" { // as older servers leave it
		r.s.Visibility = map[bool]string{true: "private", false: "public"}[repo.Private]
	}
	if repo.SecurityAnalysis == nil {
		r.s.Miss("secret scanning and push protection", "GitHub shows them to administrators alone", readAdministration)
		return nil
	}
	on := func(s *state) *bool { return new(s != nil && s.Status == "enabled") }
	r.s.Security.SecretScanning, r.s.Security.PushProtection = on(repo.SecurityAnalysis.SecretScanning), on(repo.SecurityAnalysis.PushProtection)
	return nil
}

func (r *settingsReader) actionsAllowed(ctx context.Context) {
	var allowed struct {
		Enabled        bool
		AllowedActions string `json:"allowed_actions"`
		SHAPinning     *bool  `json:"sha_pinning_required"`
	}
	if err := r.get(ctx, "actions/permissions", &allowed); err != nil {
		r.miss("which actions are allowed", readAdministration, err)
		return
	}
	a := &r.s.Actions
	a.Enabled, a.SHAPinning = &allowed.Enabled, allowed.SHAPinning
	if allowed.Enabled {
		r.word(&a.Allowed, "which actions are allowed", allowed.AllowedActions, "all", "local_only", "selected")
	}
	if allowed.AllowedActions != "selected" {
		return
	}
	var selected struct {
		Verified bool     `json:"verified_allowed"`
		Patterns []string `json:"patterns_allowed"`
	}
	if err := r.get(ctx, "actions/permissions/selected-actions", &selected); err != nil {
		r.miss("the list of allowed actions", readAdministration, err)
		return
	}
	a.Patterns, a.Verified = selected.Patterns, &selected.Verified
}

func (r *settingsReader) tokens(ctx context.Context) {
	var token struct {
		Default string `json:"default_workflow_permissions"`
		Approve bool   `json:"can_approve_pull_request_reviews"`
	}
	if err := r.get(ctx, "actions/permissions/workflow", &token); err != nil {
		r.miss("what the token of workflows may do", readAdministration, err)
		return
	}
	r.word(&r.s.Actions.DefaultPermissions, "what the token of workflows may do by default", token.Default, "read", "write")
	r.s.Actions.ApprovePullRequests = &token.Approve
}

func (r *settingsReader) forks(ctx context.Context) {
	if r.s.Visibility == "public" {
		var policy struct {
			Approval string `json:"approval_policy"`
		}
		if err := r.get(ctx, "actions/permissions/fork-pr-contributor-approval", &policy); err != nil {
			r.miss("whose workflows wait for approval", readAdministration, err)
			return
		}
		r.word(&r.s.Actions.ForkApproval, "whose workflows wait for approval", policy.Approval,
			"first_time_contributors_new_to_github", "first_time_contributors", "all_external_contributors")
		return
	}
	var private struct {
		Run      bool `json:"run_workflows_from_fork_pull_requests"`
		Write    bool `json:"send_write_tokens_to_workflows"`
		Secrets  bool `json:"send_secrets_and_variables"`
		Approval bool `json:"require_approval_for_fork_pr_workflows"`
	}
	if err := r.get(ctx, "actions/permissions/fork-pr-workflows-private-repos", &private); err != nil {
		r.miss("what workflows of forks get", readAdministration, err)
		return
	}
	r.s.Actions.PrivateForks = &settings.PrivateForks{Run: private.Run, WriteTokens: private.Write, Secrets: private.Secrets, Approval: private.Approval}
}

func (r *settingsReader) runners(ctx context.Context) {
	if r.s.Visibility != "public" {
		return // nothing is asked of others
	}
	var list struct {
		Total int `json:"total_count"`
	}
	if err := r.get(ctx, "actions/runners?per_page=1", &list); err != nil {
		r.miss("self-hosted runners", readAdministration, err)
		return
	}
	r.s.Actions.Runners = &list.Total
}

func (r *settingsReader) environments(ctx context.Context) {
	type environment struct {
		Name   string
		Bypass bool `json:"can_admins_bypass"`
		Policy *struct {
			Protected bool `json:"protected_branches"`
		} `json:"deployment_branch_policy"`
		Rules []struct {
			Type      string
			Self      bool              `json:"prevent_self_review"`
			Reviewers []json.RawMessage `json:"reviewers"`
		} `json:"protection_rules"`
	}
	err := r.list(ctx, "environments", func(page []byte) error {
		var list struct{ Environments []environment }
		if err := json.Unmarshal(page, &list); err != nil {
			return err
		}
		for _, e := range list.Environments {
			out := settings.Environment{Name: e.Name, AdminsBypass: e.Bypass, Branches: "all"}
			if e.Policy != nil {
				out.Branches = map[bool]string{true: "protected", false: "selected"}[e.Policy.Protected]
			}
			for _, rule := range e.Rules {
				if rule.Type == "required_reviewers" {
					out.Reviewers, out.SelfReview = len(rule.Reviewers), !rule.Self
				}
			}
			r.s.Environments = append(r.s.Environments, out)
		}
		return nil
	})
	if err != nil {
		r.miss("deployment environments", readActions, err)
	}
}

func (r *settingsReader) codeOwners(ctx context.Context) {
	var answer struct {
		Errors []struct {
			Path, Kind string
			Line       int
		}
	}
	err := r.get(ctx, "codeowners/errors?ref="+url.QueryEscape(r.s.DefaultBranch), &answer)
	switch {
	case status(err) == http.StatusNotFound:
		return // there is no such file
	case err != nil:
		r.miss("faults of CODEOWNERS", readContents, err)
		return
	}
	r.s.CodeOwners = &settings.CodeOwners{Errors: []settings.OwnersError{}}
	for _, e := range answer.Errors {
		r.s.CodeOwners.Errors = append(r.s.CodeOwners.Errors, settings.OwnersError{Path: e.Path, Line: e.Line, Kind: e.Kind})
	}
}

func (r *settingsReader) security(ctx context.Context) {
	if err := r.get(ctx, "vulnerability-alerts", nil); err == nil || r.isOff(err) {
		r.s.Security.VulnerabilityAlert = new(err == nil) // it answers with a status alone
	} else {
		r.miss("alerts for vulnerable dependencies", readAdministration, err)
	}
	if r.s.Visibility != "public" {
		return
	}
	var reporting struct{ Enabled bool }
	if err := r.get(ctx, "private-vulnerability-reporting", &reporting); err != nil {
		r.miss("private vulnerability reporting", readAdministration, err)
		return
	}
	r.s.Security.PrivateReporting = &reporting.Enabled
}

func (r *settingsReader) releases(ctx context.Context) {
	var list []struct{ ID int64 }
	if err := r.get(ctx, "releases?per_page=1", &list); err != nil {
		r.miss("releases", readContents, err)
		return
	}
	r.s.Releases.Any = new(len(list) > 0)
	if len(list) == 0 {
		return
	}
	var immutable struct{ Enabled bool }
	err := r.get(ctx, "immutable-releases", &immutable)
	if err != nil && !r.isOff(err) {
		r.miss("whether releases are immutable", readAdministration, err)
		return
	}
	r.s.Releases.Immutable = &immutable.Enabled
}
