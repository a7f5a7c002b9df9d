// Package peers knows other linters of workflows: which of our rules means the same as a check of theirs, how their comments
// put findings aside, and what of their configuration can be said in ours. It is for those who come from them.
package peers

// Audit is a check of zizmor's.
type Audit struct {
	ID    string
	Rules []string // IDs of our rules that find the same; none where Why says what is missing
	Why   string   // why there is no rule of ours; "" where there is one
}

// needsNetwork is why a check has no rule here.
const needsNetwork = "it asks GitHub, and lint uses no network"

// Zizmor lists zizmor's audits by ID, as of August 2026. A rule of ours that finds more than an audit does is in the list only
// where what the audit ignores is what the rule finds at that place.
func Zizmor() []Audit {
	return []Audit{
		{"adhoc-packages", []string{"workflow/unpinned-install"}, ""},
		{"anonymous-definition", []string{"workflow/anonymous-workflow"}, ""},
		{"archived-uses", []string{"workflow/archived-action"}, ""},
		{"artipacked", []string{"workflow/persisted-credentials"}, ""},
		{"bot-conditions", []string{"workflow/spoofable-actor"}, ""},
		{"cache-poisoning", []string{"workflow/cache-poisoning"}, ""},
		{"concurrency-limits", []string{"workflow/missing-concurrency"}, ""},
		{"dangerous-triggers", []string{"workflow/dangerous-trigger"}, ""},
		{"dependabot-cooldown", []string{"dependencies/missing-cooldown"}, ""},
		{"dependabot-execution", []string{"dependencies/insecure-code-execution"}, ""},
		{"excessive-permissions", []string{"workflow/excessive-permissions"}, ""},
		{"forbidden-uses", []string{"workflow/action-not-allowed"}, ""},
		{"github-app", []string{"workflow/app-token-scope"}, ""},
		{"github-env", []string{"workflow/environment-injection"}, ""},
		{"hardcoded-container-credentials", []string{"workflow/hardcoded-credentials"}, ""},
		{"impostor-commit", nil, needsNetwork},
		{"insecure-commands", []string{"workflow/insecure-commands"}, ""},
		{"insecure-url-scheme", []string{"dependencies/plaintext-source"}, ""},
		{"known-vulnerable-actions", []string{"workflow/known-vulnerable-action"}, ""},
		{"misfeature", []string{"workflow/misfeature"}, ""},
		{"obfuscation", []string{"workflow/obfuscated-expression", "workflow/obfuscated-reference"}, ""},
		{"overprovisioned-secrets", []string{"workflow/secrets-exposure"}, ""},
		{"ref-confusion", nil, needsNetwork},
		{"ref-version-mismatch", nil, needsNetwork},
		{"secrets-inherit", []string{"workflow/secrets-inherit"}, ""},
		{"secrets-outside-env", []string{"workflow/secrets-outside-environment"}, ""},
		{"self-hosted-runner", []string{"workflow/self-hosted-runner"}, ""},
		{"self-repository", []string{"workflow/self-repository"}, ""},
		{"stale-action-refs", nil, needsNetwork},
		{"superfluous-actions", []string{"workflow/superfluous-action"}, ""},
		{"template-injection", []string{"workflow/template-injection"}, ""},
		{"typosquat-uses", []string{"workflow/typosquat-action"}, ""},
		{"undocumented-permissions", []string{"workflow/undocumented-permission"}, ""},
		{"unpinned-images", []string{"image/mutable-tag", "image/unpinned"}, ""},
		{"unpinned-tools", []string{"workflow/unpinned-tool"}, ""},
		{"unpinned-uses", []string{"workflow/unpinned-action"}, ""},
		{"unredacted-secrets", []string{"workflow/unredacted-secret"}, ""},
		{"unsound-condition", []string{"workflow/constant-condition"}, ""},
		{"unsound-contains", []string{"workflow/text-as-list"}, ""},
		{"unsound-ternary", []string{"workflow/falsy-ternary"}, ""},
		{"use-trusted-publishing", []string{"workflow/trusted-publishing"}, ""},
	}
}

// RulesOf gives our rules for an audit of zizmor's; none for one that has none or does not exist.
func RulesOf(audit string) []string {
	for _, a := range Zizmor() {
		if a.ID == audit {
			return a.Rules
		}
	}
	return nil
}
