# METADATA
# title: What a step prints may set variables and the path
# description: >-
#   ACTIONS_ALLOW_UNSECURE_COMMANDS brings back ::set-env and ::add-path, with which whatever is printed to the log
#   changes the environment of all later steps. Text from outside is often printed: a title, a file name, the output
#   of a test. One line of it then sets LD_PRELOAD, NODE_OPTIONS or PATH, and the next step runs what the text's
#   author likes.
# related_resources:
#   - ref: https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/
#     description: Why set-env and add-path were taken away
#   - ref: https://github.com/actions/toolkit/security/advisories/GHSA-mfwh-5m23-j46w
#     description: The advisory
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: >-
#     Remove the variable, and write to the files that $GITHUB_ENV and $GITHUB_PATH name instead of printing commands.
package rules.workflow["insecure-commands"]

deny contains {"msg": msg, "path": s.path} if {
	some s in input.facts.workflow.switches
	s.name == "ACTIONS_ALLOW_UNSECURE_COMMANDS"
	lower(s.value) == "true"
	msg := sprintf("%s lets whatever %s prints set variables and the path of all later steps", [s.name, who(s)])
}

who(s) := "any step" if {
	s.of == "workflow"
} else := sprintf("a step of job %s", [s.job]) if {
	s.of == "job"
} else := "this step"
