# METADATA
# title: An expression reads what no trigger of the workflow brings
# description: >-
#   Each event brings its own payload. github.event.pull_request is empty on push, and an empty value compares equal
#   to false, 0 and '', so a check for drafts, forks or authors that is copied into a workflow with other triggers
#   says yes or no whatever the facts are.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
#     description: Events, and the payload of each
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#github-context
#     description: The github context
# custom:
#   severity: low
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Remove the check, or add the trigger that brings what it reads. Where it is a leftover beside ||, the other side
#     alone says the same.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1]
#     ssdf-1.1: [PS.1.1]
package rules.workflow["absent-context"]

deny contains object.union(finding(stranger), {"msg": msg(stranger)}) if {
	some stranger in input.facts.workflow.strangers
	not stranger.spare
}

# A leftover that does no harm.
deny contains object.union(finding(stranger), {"msg": msg(stranger), "severity": "info", "persona": "pedantic"}) if {
	some stranger in input.facts.workflow.strangers
	stranger.spare
}

finding(stranger) := {"path": stranger.path, "text": stranger.text}

msg(stranger) := sprintf(
	"%s is always empty here: it comes with %s, and none of them is a trigger of this workflow",
	[stranger.context, concat(", ", stranger.events)],
) if {
	count(stranger.events) > 1
} else := sprintf(
	"%s is always empty here: it comes with %s, which is no trigger of this workflow",
	[stranger.context, stranger.events[0]],
)
