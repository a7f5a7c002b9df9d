# METADATA
# title: A condition always holds, or never does
# description: >-
#   The condition asks something, and GitHub does not. Where ${{ }} is only a part of an if, or a line break stands
#   beside it, the rest makes it text, and text that is not empty is true. A word alone after || is true as well; two
#   comparisons can exclude each other; always() beside || lets everything through; and a condition on a failed job
#   without always() is asked only when all jobs have succeeded. A check that is meant to keep something from running
#   keeps nothing.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idif
#     description: if, and when ${{ }} may be left out
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
#     description: success() is added to conditions without a status function
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: >-
#     Write an if without ${{ }}, or all of it between them, and compare on both sides of ||. A job that is to run
#     after a failure needs always() or failure() in its condition.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1]
#     ssdf-1.1: [PS.1.1]
package rules.workflow["constant-condition"]

deny contains object.union(finding(flaw), {
	"msg": around,
	"fix": {
		"description": "write it without marks inside",
		"edits": [{"path": flaw.path, "with": sprintf("${{ %s }}", [flaw.instead])}],
	},
}) if {
	some flaw in input.facts.workflow.flaws
	flaw.kind == "text-around"
	is_certain(flaw)
}

deny contains object.union(finding(flaw), {"msg": around}) if {
	some flaw in input.facts.workflow.flaws
	flaw.kind == "text-around"
	not is_certain(flaw)
}

deny contains object.union(finding(flaw), {"msg": sprintf("the condition is always true: %s", [flaw.value])}) if {
	some flaw in input.facts.workflow.flaws
	flaw.kind == "always"
}

deny contains object.union(finding(flaw), {
	"msg": sprintf("the condition is never true: %s", [flaw.value]),
	"severity": "low",
}) if {
	some flaw in input.facts.workflow.flaws
	flaw.kind == "never"
}

deny contains object.union(finding(flaw), {"msg": msg}) if {
	msg := concat("", [
		"the condition is never true: without always() or failure() it is asked only when every job that this one needs ",
		"has succeeded",
	])
	some flaw in input.facts.workflow.flaws
	flaw.kind == "implied-success"
}

around := "the condition is always true, as text or a line break stands around ${{ }}: GitHub takes all of it for text"

finding(flaw) := {"path": flaw.path, "text": flaw.text}

# YAML takes a plain text that holds these for something else.
is_certain(flaw) if {
	flaw.instead
	not regex.match(`: | #|[\n"]`, flaw.instead)
}
