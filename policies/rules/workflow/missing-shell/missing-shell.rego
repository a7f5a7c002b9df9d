# METADATA
# title: A step of an action names no shell
# description: >-
#   In a composite action each run needs a shell; GitHub refuses to run the action without. Whoever calls it sees the
#   job fail at its start.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#runsstepsshell
#     description: shell is required where run is set
# custom:
#   severity: medium
#   confidence: high
#   kinds: [action]
#   since: 0.1.0
#   remediation: "Add shell: bash, which also fails a pipe when one of its commands does."
package rules.workflow["missing-shell"]

deny contains {
	"msg": "GitHub refuses to run this action: a run of a composite action needs a shell",
	"path": array.concat(step.path, ["run"]),
	"text": split(step.run, "\n")[0],
	"fix": {
		"description": "name the shell",
		"edits": [{"path": array.concat(step.path, ["shell"]), "block": "shell: bash"}],
	},
} if {
	input.facts.workflow.isAction
	some job in input.facts.workflow.jobs
	some step in job.steps
	step.run
	not step.shell
}
