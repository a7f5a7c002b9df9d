# METADATA
# title: A boolean is compared with text, which it never equals
# description: >-
#   GitHub compares values of different types as numbers: true is 1, and the text 'true' is no number, which equals
#   nothing. An input of type boolean never equals 'true', and an output or variable, which is always text, never
#   equals true. The condition never holds, or with != always.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#operators
#     description: How values of different types are compared
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#onworkflow_dispatchinputs
#     description: inputs keeps booleans; github.event.inputs has them as text
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: >-
#     Use a boolean as it is, inputs.publish, and compare text with text, steps.check.outputs.changed == 'true'.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1]
#     ssdf-1.1: [PS.1.1]
package rules.workflow["mistyped-comparison"]

deny contains {
	"msg": sprintf(
		"%s is %s, so comparing it with %s is always %s%s",
		[flaw.subject, type(flaw), flaw.value, flaw.outcome, instead(flaw)],
	),
	"path": flaw.path,
	"text": flaw.text,
	"severity": severity(flaw),
} if {
	some flaw in input.facts.workflow.flaws
	flaw.kind == "types"
}

type(flaw) := "a boolean" if {
	startswith(flaw.value, "'")
} else := "text"

instead(flaw) := sprintf("; write %s", [flaw.instead]) if {
	flaw.instead
} else := ""

severity(flaw) := "medium" if {
	flaw.outcome == "true"
} else := "low"
