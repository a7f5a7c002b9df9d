# METADATA
# title: Review that a change needs can be had without a reviewer
# description: >-
#   A pull request that needs no approval is a push with more steps. An approval that outlives new commits
#   approves what nobody read, and one that its own author may give after pushing onto somebody else's branch is
#   no second person.
# related_resources:
#   - ref: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets
#     description: Rules of branches
# custom:
#   severity: medium
#   confidence: high
#   kinds: [settings]
#   since: 0.1.0
#   remediation: >-
#     Require at least one approval, dismiss approvals when commits are pushed, and require that the last push is
#     approved by somebody else.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1]
#     scorecard-5: [Branch-Protection, Code-Review]
#     slsa-1.2: [Source L4]
#     ssdf-1.1: [PS.1.1, PW.7.1]
package rules.settings["weak-review"]

deny contains {
	"msg": sprintf("a pull request to %s needs no approval, so its author alone decides", [branch]),
	"path": ["branch", "pull-request", "approvals"],
} if {
	review.approvals == 0
}

deny contains {
	"msg": sprintf(
		"an approval for %s outlives the commits that come after it, so what is merged may not be what was read",
		[branch],
	),
	"path": ["branch", "pull-request", "dismiss-stale"],
	"severity": "low",
} if {
	review.approvals > 0
	review["dismiss-stale"] == false
	review["last-push"] == false
}

deny contains {
	"msg": sprintf(
		"whoever pushed last to a pull request for %s may be the one who approves it, so nobody else need have seen it",
		[branch],
	),
	"path": ["branch", "pull-request", "last-push"],
	"severity": "low",
	"persona": "pedantic",
} if {
	review.approvals > 0
	review["last-push"] == false
}

branch := input.doc["default-branch"]

review := input.doc.branch["pull-request"] if input.doc.branch["pull-request"].required
