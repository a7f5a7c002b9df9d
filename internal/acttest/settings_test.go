package acttest

import (
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

// appStub is the action that makes a token of an app, as far as the workflow uses it.
const appStub = `name: app
inputs: {client-id: {}, private-key: {}, permission-actions: {}, permission-administration: {}, permission-contents: {},
  permission-issues: {}, permission-security-events: {}}
outputs: {token: {value: "${{ steps.token.outputs.token }}"}}
runs:
  using: composite
  steps:
    - id: token
      shell: bash
      env: {APP: "${{ inputs.client-id }} ${{ inputs.private-key }}"}
      run: '[ "$APP" = "Iv23 private" ] && echo "::add-mask::TOKEN" && echo "token=TOKEN" >> "$GITHUB_OUTPUT"'
`

// givesApp makes the app's token the only one that the API knows, with the permissions that the workflow asks for.
func givesApp(t *testing.T, j *job, workflow string) {
	t.Helper()
	j.stub(t, workflow, "actions/create-github-app-token", strings.ReplaceAll(appStub, "TOKEN", j.api.Token))
	j.args = append(j.args, "--var", "PLIMSOLL_CLIENT_ID=Iv23", "--secret", "PLIMSOLL_PRIVATE_KEY=private", "--secret", "GITHUB_TOKEN=the workflow's own")
	asked := map[string]string{"metadata": "read"} // which every token has
	for _, m := range regexp.MustCompile(`permission-([a-z-]+): (read|write)`).FindAllStringSubmatch(workflow, -1) {
		asked[m[1]] = m[2]
	}
	j.api.Permissions = asked
	j.api.Settings = settings()
}

// settings are those of a repository of which everything but the default branch is looked after.
func settings() map[string]any {
	on := map[string]any{"status": "enabled"}
	answers := map[string]any{
		"": fakeapi.RepositoryAnswer(map[string]any{
			"security_and_analysis": map[string]any{"secret_scanning": on, "secret_scanning_push_protection": on},
		}),
		"branches/main":                   fakeapi.BranchAnswer("main", head, false),
		"rules/branches/main":             []any{},
		"actions/runners":                 map[string]any{"total_count": 0, "runners": []any{}},
		"environments":                    map[string]any{"total_count": 0, "environments": []any{}},
		"codeowners/errors":               map[string]any{"errors": []any{}},
		"vulnerability-alerts":            fakeapi.NoContent{},
		"private-vulnerability-reporting": map[string]any{"enabled": true},
		"releases":                        []any{},
	}
	maps.Copy(answers, map[string]any{
		"actions/permissions":                              map[string]any{"enabled": true, "allowed_actions": "local_only", "sha_pinning_required": true},
		"actions/permissions/workflow":                     map[string]any{"default_workflow_permissions": "read", "can_approve_pull_request_reviews": false},
		"actions/permissions/fork-pr-contributor-approval": map[string]any{"approval_policy": "all_external_contributors"},
	})
	return answers
}

func tellsOfSettings(t *testing.T, r result, api *fakeapi.Server) {
	keepsAnIssue(t, r, api)
	log := r.messages()
	if !strings.Contains(log, "settings/unprotected-branch") || strings.Contains(log, "could not be read") {
		t.Error("the settings were not read, or not judged")
	}
}
