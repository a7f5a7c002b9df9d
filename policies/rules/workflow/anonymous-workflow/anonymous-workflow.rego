# METADATA
# title: A workflow or action has no name
# description: >-
#   Without a name GitHub shows the file's path, in lists of runs, in required checks and in the names of
#   workflow_run. A name says what the workflow is for, and stays when the file moves.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#name
#     description: name
# custom:
#   severity: info
#   confidence: high
#   persona: pedantic
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: Add a name at the top.
package rules.workflow["anonymous-workflow"]

deny contains {"msg": sprintf("%s has no name", [thing]), "path": []} if {
	input.facts.workflow.name == ""
	not input.facts.workflow.onlyCalled # whose name is shown nowhere
	thing := {true: "the action", false: "the workflow"}[input.facts.workflow.isAction]
}
