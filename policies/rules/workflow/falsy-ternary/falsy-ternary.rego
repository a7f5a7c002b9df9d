# METADATA
# title: A choice always takes its second value
# description: >-
#   Expressions have no ternary operator; condition && a || b stands in for one, and does so only while a counts as
#   true. With '', 0, false or null in the middle the result is b, whatever the condition says, so what was to be
#   switched off stays on.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#operators
#     description: Operators, and what counts as false
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: >-
#     Turn the condition round, so that the empty value comes last: !condition && b || '', or use case(condition, '',
#     b).
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1]
#     ssdf-1.1: [PS.1.1]
package rules.workflow["falsy-ternary"]

deny contains {
	"msg": sprintf(
		"the choice by %s always takes its second value, because %s counts as false; turn the condition round or use case()",
		[flaw.subject, flaw.value],
	),
	"path": flaw.path,
	"text": flaw.text,
} if {
	some flaw in input.facts.workflow.flaws
	flaw.kind == "falsy-middle"
}
