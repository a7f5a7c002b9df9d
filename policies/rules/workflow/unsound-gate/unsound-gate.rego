# METADATA
# title: A gate is green although what it stands for is not
# description: >-
#   A job that needs all others and does nothing is made to be the one required check. When a job that it needs fails,
#   GitHub skips it, unless its condition says always(), and a skipped check counts as passed: the pull request can be
#   merged. One that always runs and asks for no result is green as well; one that asks for failures alone lets
#   cancelled jobs pass.
# related_resources:
#   - ref: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks
#     description: A skipped job reports success
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#needs-context
#     description: needs.*.result
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Give the gate if: always() and a step that fails unless all is well, such as run: exit 1 with if:
#     contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled'); add 'skipped' where no job may be
#     left out.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1]
#     ssdf-1.1: [PS.1.1]
package rules.workflow["unsound-gate"]

deny contains object.union(finding(gate), {
	"msg": sprintf(
		"job %s only says that %s went well, and is skipped when that is not so; a skipped check counts as passed",
		[gate.job, needed(gate)],
	),
	"confidence": confidence(gate),
}) if {
	some gate in input.facts.workflow.gates
	gate.fault == "skipped"
}

deny contains object.union(finding(gate), {
	"msg": sprintf(
		"job %s always runs and asks for no result of %s, so it is green whatever they say",
		[gate.job, needed(gate)],
	),
	"confidence": confidence(gate),
}) if {
	some gate in input.facts.workflow.gates
	gate.fault == "unchecked"
}

deny contains object.union(finding(gate), {
	"msg": sprintf("job %s asks whether %s failed, and is green when they were cancelled", [gate.job, needed(gate)]),
	"severity": "low",
	"confidence": confidence(gate),
}) if {
	some gate in input.facts.workflow.gates
	gate.fault == "cancelled"
}

finding(gate) := object.union({"path": gate.path, "text": gate.text}, persona)

# Where no change waits for the run, it is a page that somebody looks at.
default persona := {"persona": "pedantic"}

persona := {} if {
	some event in input.facts.workflow.events
	event.name in {"merge_group", "pull_request", "pull_request_target", "push", "workflow_call"}
}

needed(gate) := gate.needs[0] if count(gate.needs) == 1

needed(gate) := concat(" and ", gate.needs) if count(gate.needs) == 2

needed(gate) := sprintf("%s and %d more", [gate.needs[0], count(gate.needs) - 1]) if count(gate.needs) > 2

# By its shape alone it may be a note in the log.
confidence(gate) := "high" if {
	gate.named
} else := "low"
