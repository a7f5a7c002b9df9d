# METADATA
# title: An action uses a workflow command that GitHub has switched off
# description: >-
#   ::set-env and ::add-path let whatever a step prints change the environment of the steps after it, so GitHub no
#   longer takes them and fails the step. Workflows that need such an action are told to allow unsecure commands,
#   which opens that hole for all that they run.
# related_resources:
#   - ref: https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/
#     description: Why set-env and add-path were switched off
# custom:
#   severity: low
#   confidence: high
#   kinds: [action]
#   since: 0.1.0
#   remediation: Write to the files $GITHUB_ENV and $GITHUB_PATH.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-4]
#     ssdf-1.1: [PO.5.1]
package rules.workflow["disabled-command"]

deny contains {
	"msg": sprintf("GitHub has switched off the workflow command %s, so the step fails", [remark.word]),
	"path": remark.path,
	"text": remark.text,
} if {
	not allowed
	some remark in input.facts.workflow.remarks
	remark.kind == "disabled-command"
}

# The variable that makes the runner carry them out has its own rule.
allowed if {
	some switch in input.facts.workflow.switches
	switch.name == "ACTIONS_ALLOW_UNSECURE_COMMANDS"
}
