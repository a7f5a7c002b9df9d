# METADATA
# title: Somebody is held to none of the rules of the default branch
# description: >-
#   Rules that an administrator, a team or an app may pass over hold only for the others, and a stolen account
#   or token of theirs meets no rule at all.
# related_resources:
#   - ref: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#granting-bypass-permissions-for-your-branch-or-tag-ruleset
#     description: Bypass permissions
# custom:
#   severity: medium
#   confidence: high
#   kinds: [settings]
#   since: 0.1.0
#   remediation: >-
#     Take the bypass out, or limit it to pull requests, so that what was passed over can be seen.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1, CICD-SEC-2]
#     scorecard-5: [Branch-Protection]
#     ssdf-1.1: [PS.1.1]
package rules.settings["branch-bypass"]

deny contains {
	"msg": sprintf(
		"the rules of %s do not bind %s, so a stolen account or token of theirs changes it unseen",
		[input.doc["default-branch"], actor.who],
	),
	"path": ["branch", "bypass", i, "who"],
} if {
	some i, actor in input.doc.branch.bypass
	actor.mode != "pull_request"
}

deny contains {
	"msg": sprintf(
		"%s may merge a pull request to %s that its rules would not let through",
		[actor.who, input.doc["default-branch"]],
	),
	"path": ["branch", "bypass", i, "who"],
	"severity": "info",
	"persona": "pedantic",
} if {
	some i, actor in input.doc.branch.bypass
	actor.mode == "pull_request"
}
