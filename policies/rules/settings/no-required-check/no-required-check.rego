# METADATA
# title: Nothing has to be green before a merge
# description: >-
#   A check that is not required is a remark: a pull request is merged while it fails, or before it has run.
#   That holds for this very linter.
# related_resources:
#   - ref: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks
#     description: Status checks
# custom:
#   severity: medium
#   confidence: high
#   kinds: [settings]
#   since: 0.1.0
#   remediation: >-
#     Require the checks that a change has to pass, this linter among them, in a ruleset for the default branch.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1]
#     scorecard-5: [Branch-Protection, CI-Tests]
#     ssdf-1.1: [PW.8.2]
package rules.settings["no-required-check"]

deny contains {
	"msg": sprintf(
		"no check has to be green before a pull request is merged to %s, so a failing one stops nothing",
		[input.doc["default-branch"]],
	),
	"path": ["branch", "checks", "required"],
} if {
	checks := input.doc.branch.checks
	checks.required == []
	object.get(checks, "others", []) == []
}
