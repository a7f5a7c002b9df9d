# METADATA
# title: Default branch can be changed without a pull request
# description: >-
#   What stands on the default branch is built, released and deployed. Where nothing demands a pull request, one
#   person, or one stolen token that may write, puts code there that nobody has seen; where the branch may be
#   rewritten or deleted, its history proves nothing.
# related_resources:
#   - ref: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets
#     description: Rules of branches
# custom:
#   severity: medium
#   confidence: high
#   kinds: [settings]
#   since: 0.1.0
#   remediation: >-
#     Add a ruleset for the default branch that requires a pull request and blocks force pushes and deletions,
#     with no one to bypass it.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1]
#     scorecard-5: [Branch-Protection]
#     ssdf-1.1: [PS.1.1]
#     slsa-1.2: [Source L3]
package rules.settings["unprotected-branch"]

deny contains {
	"msg": sprintf(
		"%s takes pushes without a pull request, so whoever can write changes what is built from it unseen",
		[branch],
	),
	"path": ["branch", "pull-request", "required"],
} if {
	input.doc.branch["pull-request"].required == false
	not input.doc.branch.restricted
}

deny contains {
	"msg": sprintf(
		"%s may be rewritten by a force push, so its history proves nothing and a reviewed commit can disappear",
		[branch],
	),
	"path": ["branch", "force-push"],
} if {
	input.doc.branch["force-push"]
}

deny contains {
	"msg": sprintf("%s may be deleted, and with it what was reviewed", [branch]),
	"path": ["branch", "deletion"],
	"severity": "low",
} if {
	input.doc.branch.deletion
}

branch := input.doc["default-branch"]
