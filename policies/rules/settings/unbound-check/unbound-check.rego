# METADATA
# title: A required check may be reported by anybody who can write
# description: >-
#   A required check that is bound to no app is green as soon as anybody says so: every token that may write
#   checks or statuses, one in a workflow of a pull request from a branch among them.
# related_resources:
#   - ref: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets#require-status-checks-to-pass-before-merging
#     description: Required status checks
# custom:
#   severity: low
#   confidence: high
#   kinds: [settings]
#   since: 0.1.0
#   remediation: >-
#     Choose the app that the check has to come from, GitHub Actions for the jobs of workflows, where the ruleset
#     names the check.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1]
#     scorecard-5: [Branch-Protection]
#     ssdf-1.1: [PS.1.1]
package rules.settings["unbound-check"]

deny contains {
	"msg": sprintf(
		"%s is required from no app in particular, so any token that may write checks or statuses turns it green",
		[check.name],
	),
	"path": check.path,
} if {
	some check in input.facts.settings.checks
	not check.bound
}
