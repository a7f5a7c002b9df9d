package github_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
	"github.com/plimsoll-dev/plimsoll/internal/settings"
)

// readSettings asks a fake with an administrator's token, kept but for the changed answers.
func readSettings(t *testing.T, api *fakeapi.Server, changed map[string]any) *settings.Settings {
	t.Helper()
	administrator(api)
	api.Settings = kept()
	for path, answer := range changed {
		if answer == nil {
			delete(api.Settings, path)
		} else {
			api.Settings[path] = answer
		}
	}
	got, err := client(t, api).Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// raw answers with a text as it stands, which GitHub's description does not bind.
func raw(text string) fakeapi.Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ func(http.ResponseWriter)) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(text))
	}
}

// TestRulesThatNobodyKnows holds that a rule of a new type takes nothing away from those that are known.
func TestRulesThatNobodyKnows(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		api.Plan("repos/get-branch-rules", 1, raw(`[
			{"type": "quantum_review", "ruleset_id": 7, "parameters": {"qubits": "many"}},
			{"type": "pull_request", "ruleset_id": 7, "parameters": {"required_approving_review_count": 2, "required_moods": ["good"]}},
			{"type": "workflows", "ruleset_id": 8, "parameters": {"workflows": [{"path": ".github/workflows/ci.yml", "repository_id": 1}]}},
			{"type": "workflows", "ruleset_id": 7, "parameters": {"workflows": []}},
			{"type": "update", "ruleset_id": 8},
			{"type": "deletion", "ruleset_id": 8}
		]`))
		got := readSettings(t, api, nil)
		want := settings.Branch{
			PullRequest: &settings.PullRequest{Required: true, Approvals: 2}, Checks: &settings.Checks{Others: []string{"workflows"}},
			ForcePush: new(true), Deletion: new(false), Restricted: true,
			Bypass: []settings.Bypass{{Who: "administrators", Mode: "pull_request"}, {Who: "deploy keys", Mode: "always"}},
		}
		if diff := cmp.Diff(want, got.Branch); diff != "" || len(got.Unread) > 0 {
			t.Errorf("unread %+v; branch (-want +got):\n%s", got.Unread, diff)
		}
	})
}

// TestRulesOfAnotherForm holds that a rule whose parameters are not understood is unread, and not one that demands nothing.
func TestRulesOfAnotherForm(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		api.Plan("repos/get-branch-rules", 1, raw(`[
			{"type": "pull_request", "ruleset_id": 7, "parameters": {"required_approving_review_count": "two"}},
			{"type": "required_status_checks", "ruleset_id": 7, "parameters": ["lint"]},
			{"type": "deletion", "ruleset_id": 7}
		]`))
		got := readSettings(t, api, nil)
		if b := got.Branch; b.PullRequest != nil || b.Checks != nil || b.ForcePush != nil || b.Deletion == nil {
			t.Errorf("branch: %+v", b)
		}
		want := []string{`rule "pull_request" of ruleset 7`, `rule "required_status_checks" of ruleset 7`}
		if diff := cmp.Diff(want, unread(got)); diff != "" {
			t.Errorf("unread (-want +got):\n%s", diff)
		}
	})
}

// TestActorsThatPassOverRules holds that who is exempt, or comes in a way that is not known, is seen.
func TestActorsThatPassOverRules(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		api.Plan("repos/get-repo-ruleset", 1, raw(`{"id": 7, "bypass_actors": [
			{"actor_id": 9, "actor_type": "Integration", "bypass_mode": "exempt"}, {"actor_id": 3, "actor_type": "Robot", "bypass_mode": "sometimes"},
			{"actor_id": 77, "actor_type": "RepositoryRole"}, {"actor_id": 1, "actor_type": "OrganizationAdmin", "bypass_mode": "always"}
		]}`))
		want := []settings.Bypass{
			{Who: "app 9", Mode: "exempt"},
			{Who: "Robot 3", Mode: "sometimes"},
			{Who: "role 77", Mode: "always"},
			{Who: "the organisation's owners", Mode: "always"},
		}
		if diff := cmp.Diff(want, readSettings(t, api, nil).Branch.Bypass); diff != "" {
			t.Errorf("bypass (-want +got):\n%s", diff)
		}
	})
}

// TestWordsThatNobodyKnows holds that a setting in a new word is unread, since no rule could tell what it allows.
func TestWordsThatNobodyKnows(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		long := strings.Repeat("x", 100)
		for operation, text := range map[string]string{
			"actions/get-github-actions-permissions-repository":                  `{"enabled": true, "allowed_actions": "trusted"}`,
			"actions/get-github-actions-default-workflow-permissions-repository": `{"default_workflow_permissions": "` + long + `", "can_approve_pull_request_reviews": true}`,
			"actions/get-fork-pr-contributor-approval-permissions-repository":    `{"approval_policy": ""}`,
		} {
			api.Plan(operation, 1, raw(text))
		}
		got := readSettings(t, api, nil)
		want := []string{"which actions are allowed", "what the token of workflows may do by default", "whose workflows wait for approval"}
		if diff := cmp.Diff(want, unread(got)); diff != "" {
			t.Errorf("unread (-want +got):\n%s", diff)
		}
		a := got.Actions
		if a.Allowed != "" || a.DefaultPermissions != "" || a.ForkApproval != "" || a.ApprovePullRequests == nil || !*a.ApprovePullRequests {
			t.Errorf("actions: %+v", a)
		}
		for _, gap := range got.Unread {
			if strings.Contains(gap.Why, long) || gap.Permission != "" {
				t.Errorf("why: %+v", gap)
			}
		}
	})
}

// TestActionsSwitchedOff holds that a repository without Actions has nothing left to read of what they may use.
func TestActionsSwitchedOff(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		got := readSettings(t, api, map[string]any{"actions/permissions": object{"enabled": false}})
		if len(got.Unread) > 0 || got.Actions.Allowed != "" || *got.Actions.Enabled {
			t.Errorf("unread %+v, actions %+v", got.Unread, got.Actions)
		}
	})
}

// TestSettingsOfAnEnterpriseServer holds that an older server, which has not all of the settings and says so with 404, is
// read as far as it goes, and that no permission is asked for that the token has.
func TestSettingsOfAnEnterpriseServer(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		api.BasePath = "/api/v3"
		repo := fakeapi.RepositoryAnswer(object{"private": false, "security_and_analysis": object{}})
		delete(repo, "visibility")
		api.Plan("repos/list-releases", 1, raw(`[{"id": 1}]`))
		got := readSettings(t, api, map[string]any{
			"": repo,
			"actions/permissions/fork-pr-contributor-approval": nil, "private-vulnerability-reporting": nil, "environments": nil,
			"codeowners/errors": nil, "immutable-releases": nil, "vulnerability-alerts": nil,
		})
		if got.Visibility != "public" || got.CodeOwners != nil || len(got.Environments) > 0 {
			t.Errorf("settings: %+v", got)
		}
		if alerts, immutable := got.Security.VulnerabilityAlert, got.Releases.Immutable; alerts == nil || *alerts || immutable == nil || *immutable {
			t.Errorf("what says with 404 that it is off: alerts %v, immutable releases %v", alerts, immutable)
		}
		const absent = "GitHub answered 404 Not Found, though the token may read settings: this server may not have it"
		want := []settings.Unread{
			{What: "whose workflows wait for approval", Why: absent},
			{What: "deployment environments", Why: "GitHub answered 404 Not Found", Permission: "actions: read"},
			{What: "private vulnerability reporting", Why: absent},
		}
		if diff := cmp.Diff(want, got.Unread); diff != "" {
			t.Errorf("unread (-want +got):\n%s", diff)
		}
		if requests := api.Requests(""); slices.ContainsFunc(requests, func(r fakeapi.Request) bool { return r.Operation == "" }) {
			t.Errorf("requests: %+v", requests)
		}
	})
}

// unread lists what was not read, in few words.
func unread(s *settings.Settings) []string {
	var out []string
	for _, gap := range s.Unread {
		out = append(out, gap.What)
	}
	return out
}
