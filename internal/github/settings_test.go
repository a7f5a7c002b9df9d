package github_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
	"github.com/plimsoll-dev/plimsoll/internal/settings"
)

type object = map[string]any

// all are the permissions of an administrator's token.
func administrator(api *fakeapi.Server) {
	api.Permissions["administration"], api.Permissions["actions"] = "read", "read"
}

// kept is a repository that is well looked after, with a rule that nobody has heard of yet.
func kept() map[string]any {
	return map[string]any{
		"": fakeapi.RepositoryAnswer(object{"security_and_analysis": object{
			"secret_scanning": object{"status": "enabled"}, "secret_scanning_push_protection": object{"status": "disabled"},
		}}),
		"rules/branches/main": []any{
			object{"type": "deletion", "ruleset_id": 7},
			object{"type": "non_fast_forward", "ruleset_id": 7},
			object{"type": "merge_queue", "ruleset_id": 7},
			object{"type": "pull_request", "ruleset_id": 7, "parameters": object{
				"required_approving_review_count": 2, "dismiss_stale_reviews_on_push": true, "require_code_owner_review": true,
				"require_last_push_approval": false, "required_review_thread_resolution": false,
			}},
			object{"type": "pull_request", "ruleset_id": 8, "parameters": object{
				"required_approving_review_count": 1, "dismiss_stale_reviews_on_push": false, "require_code_owner_review": false,
				"require_last_push_approval": true, "required_review_thread_resolution": false,
			}},
			object{"type": "required_status_checks", "ruleset_id": 8, "parameters": object{
				"strict_required_status_checks_policy": true,
				"required_status_checks":               []any{object{"context": "lint", "integration_id": 15368}, object{"context": "build"}},
			}},
		},
		"rulesets/7": object{"id": 7, "name": "main", "source": "acme/shop", "enforcement": "active", "bypass_actors": []any{
			object{"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "pull_request"},
			object{"actor_id": nil, "actor_type": "DeployKey", "bypass_mode": "always"},
		}},
		"rulesets/8":                                       object{"id": 8, "name": "org", "source": "acme", "enforcement": "active", "bypass_actors": []any{}},
		"branches/main":                                    fakeapi.BranchAnswer("main", head, false),
		"actions/permissions":                              object{"enabled": true, "allowed_actions": "selected", "sha_pinning_required": true},
		"actions/permissions/selected-actions":             object{"github_owned_allowed": true, "verified_allowed": false, "patterns_allowed": []any{"acme/*"}},
		"actions/permissions/workflow":                     object{"default_workflow_permissions": "read", "can_approve_pull_request_reviews": false},
		"actions/permissions/fork-pr-contributor-approval": object{"approval_policy": "all_external_contributors"},
		"actions/runners":                                  object{"total_count": 0, "runners": []any{}},
		"environments": object{"total_count": 2, "environments": []any{
			fakeapi.EnvironmentAnswer("production", object{"protected_branches": true, "custom_branch_policies": false}, false,
				object{"type": "required_reviewers", "prevent_self_review": true, "reviewers": []any{object{"type": "Team"}, object{"type": "User"}}}),
			fakeapi.EnvironmentAnswer("preview", nil, true),
		}},
		"codeowners/errors":               object{"errors": []any{object{"line": 3, "column": 1, "kind": "Unknown owner", "path": "CODEOWNERS", "message": "m"}}},
		"vulnerability-alerts":            fakeapi.NoContent{},
		"private-vulnerability-reporting": object{"enabled": true},
		"releases":                        []any{},
	}
}

func TestSettingsOfAKeptRepository(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		administrator(api)
		api.Settings = kept()
		got, err := client(t, api).Settings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := &settings.Settings{
			Repository: "acme/shop", Visibility: "public", DefaultBranch: "main",
			Branch: settings.Branch{
				PullRequest: &settings.PullRequest{Required: true, Approvals: 2, DismissStale: true, CodeOwners: true, LastPush: true},
				Checks:      &settings.Checks{Strict: true, Required: []settings.Check{{Name: "lint", App: settings.GitHubActions}, {Name: "build"}}},
				ForcePush:   new(false), Deletion: new(false), MergeQueue: true,
				Bypass: []settings.Bypass{{Who: "administrators", Mode: "pull_request"}, {Who: "deploy keys", Mode: "always"}},
			},
			Actions: settings.Actions{
				Enabled: new(true), Allowed: "selected", Patterns: []string{"acme/*"}, Verified: new(false), SHAPinning: new(true),
				DefaultPermissions: "read", ApprovePullRequests: new(false), ForkApproval: "all_external_contributors", Runners: new(0),
			},
			Environments: []settings.Environment{
				{Name: "production", Reviewers: 2, Branches: "protected"}, {Name: "preview", Branches: "all", AdminsBypass: true},
			},
			CodeOwners: &settings.CodeOwners{Errors: []settings.OwnersError{{Path: "CODEOWNERS", Line: 3, Kind: "Unknown owner"}}},
			Security: settings.Security{
				SecretScanning: new(true), PushProtection: new(false), VulnerabilityAlert: new(true), PrivateReporting: new(true),
			},
			Releases: settings.Releases{Any: new(false)},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("settings (-want +got):\n%s", diff)
		}
	})
}

// TestSettingsWithoutRules holds that no rule at all is told from rules that nobody may see.
func TestSettingsWithoutRules(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		administrator(api)
		api.Settings = kept()
		api.Settings["rules/branches/main"] = []any{}
		got, err := client(t, api).Settings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := settings.Branch{
			PullRequest: &settings.PullRequest{}, Checks: &settings.Checks{Required: []settings.Check{}}, ForcePush: new(true), Deletion: new(true),
		}
		if diff := cmp.Diff(want, got.Branch); diff != "" || len(got.Unread) > 0 {
			t.Errorf("%v, branch (-want +got):\n%s", got.Unread, diff)
		}
	})
}

// TestSettingsOfAWorkflowsToken holds that what needs an administrator is unread, never absent nor a pass.
func TestSettingsOfAWorkflowsToken(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		api.Settings = kept()
		delete(api.Settings[""].(object), "security_and_analysis")
		delete(api.Settings["rulesets/7"].(object), "bypass_actors")
		delete(api.Settings["rulesets/8"].(object), "bypass_actors")
		api.Settings["branches/main"] = fakeapi.BranchAnswer("main", head, true)
		api.Settings["rules/branches/main"] = api.Settings["rules/branches/main"].([]any)[:3]
		got, err := client(t, api).Settings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got.Branch.PullRequest != nil || got.Branch.Checks != nil || *got.Branch.ForcePush {
			t.Errorf("branch: %+v", got.Branch)
		}
		want := []string{
			"secret scanning and push protection: administration: read", "who may bypass the rulesets: administration: write",
			"the classic protection of the default branch: administration: read", "which actions are allowed: administration: read",
			"what the token of workflows may do: administration: read", "whose workflows wait for approval: administration: read",
			"self-hosted runners: administration: read", "deployment environments: actions: read",
			"alerts for vulnerable dependencies: administration: read", "private vulnerability reporting: administration: read",
		}
		var gaps []string
		for _, gap := range got.Unread {
			gaps = append(gaps, gap.What+": "+gap.Permission)
			if strings.Contains(gap.Why, api.Token) || gap.Why == "" {
				t.Errorf("why: %q", gap.Why)
			}
		}
		if diff := cmp.Diff(want, gaps); diff != "" {
			t.Errorf("unread (-want +got):\n%s", diff)
		}
	})
}

// TestClassicProtection holds that rulesets and classic protection together are what holds, the stricter of each.
func TestClassicProtection(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		administrator(api)
		api.Settings = kept()
		api.Settings["rules/branches/main"] = []any{object{"type": "deletion", "ruleset_id": 8}}
		api.Settings["branches/main"] = fakeapi.BranchAnswer("main", head, true)
		const url = "https://api.github.com/x"
		api.Settings["branches/main/protection"] = object{
			"enforce_admins": object{"enabled": false, "url": url}, "allow_force_pushes": object{"enabled": true},
			"allow_deletions": object{"enabled": true},
			"required_pull_request_reviews": object{
				"required_approving_review_count": 1, "dismiss_stale_reviews": true, "require_code_owner_reviews": false,
			},
			"required_status_checks": object{"strict": false, "contexts": []any{"lint"}, "checks": []any{object{"context": "lint", "app_id": -1}}},
		}
		got, err := client(t, api).Settings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := settings.Branch{
			PullRequest: &settings.PullRequest{Required: true, Approvals: 1, DismissStale: true},
			Checks:      &settings.Checks{Required: []settings.Check{{Name: "lint"}}},
			ForcePush:   new(true), Deletion: new(false), Bypass: []settings.Bypass{{Who: "administrators", Mode: "always"}},
		}
		if diff := cmp.Diff(want, got.Branch); diff != "" {
			t.Errorf("branch (-want +got):\n%s", diff)
		}
	})
}

func TestSettingsOfAPrivateRepository(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		administrator(api)
		api.Settings = kept()
		api.Settings[""] = fakeapi.RepositoryAnswer(object{"private": true, "visibility": "private"})
		api.Settings["actions/permissions/fork-pr-workflows-private-repos"] = object{
			"run_workflows_from_fork_pull_requests": true, "send_write_tokens_to_workflows": true, "send_secrets_and_variables": false,
			"require_approval_for_fork_pr_workflows": true,
		}
		delete(api.Settings, "vulnerability-alerts")
		api.Settings["releases"] = fakeapi.Status(http.StatusBadGateway, "Bad Gateway")
		got, err := client(t, api).Settings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&settings.PrivateForks{Run: true, WriteTokens: true, Approval: true}, got.Actions.PrivateForks); diff != "" {
			t.Error(diff)
		}
		if alert := got.Security.VulnerabilityAlert; alert == nil || *alert {
			t.Error("a 404 to whoever may ask is off")
		}
		if !slices.Contains(got.Unread, settings.Unread{What: "releases", Why: "GitHub answered 502 Bad Gateway"}) {
			t.Errorf("unread: %+v", got.Unread)
		}
	})
}

func TestSettingsOfNoRepository(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		if _, err := client(t, api).Settings(t.Context()); !errors.Is(err, github.ErrNoPermission) {
			t.Errorf("error %v", err)
		}
	})
}
