# METADATA
# title: Membership is asked of a text, so parts of it pass too
# description: >-
#   contains('main release', github.ref_name) is true for main and for release, and also for ai, m and the empty text:
#   of a text contains looks for a part, and only of a list for a member. In the same way contains(github.actor,
#   'renovate') is true for everybody who has registered a name with that word in it. Who chooses the branch or name
#   passes the check.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#contains
#     description: contains, of a text and of a list
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: >-
#     Ask a list: contains(fromJSON('["main", "release"]'), github.ref_name), or compare with == to each value.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1]
#     ssdf-1.1: [PS.1.1]
package rules.workflow["text-as-list"]

deny contains {
	"msg": sprintf(
		"contains(%s, %s) is also true for any part of that text and when %s is empty; ask a list%s",
		[flaw.value, flaw.subject, flaw.subject, instead(flaw)],
	),
	"path": flaw.path,
	"text": flaw.text,
	"severity": severity(flaw),
} if {
	some flaw in input.facts.workflow.flaws
	flaw.kind == "text-as-list"
}

deny contains {
	"msg": sprintf(
		"contains(%s, %s) is true for every name with that text in it, and anybody can register one; compare with ==",
		[flaw.subject, flaw.value],
	),
	"path": flaw.path,
	"text": flaw.text,
	"confidence": "medium",
} if {
	some flaw in input.facts.workflow.flaws
	flaw.kind == "part-of-name"
}

instead(flaw) := sprintf(": %s", [flaw.instead]) if {
	flaw.instead
} else := ""

severity(flaw) := "medium" if {
	flaw.chosen
} else := "low"
