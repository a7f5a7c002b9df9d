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

variable := "ACTIONS_ALLOW_UNSECURE_COMMANDS"

deny contains violation("any step", []) if allowed(input.facts.workflow.env)

deny contains violation(sprintf("a step of job %s", [job.id]), job.path) if {
	some job in input.facts.workflow.jobs
	allowed(job.env)
}

deny contains violation("this step", step.path) if {
	some job in input.facts.workflow.jobs
	some step in job.steps
	allowed(step.env)
}

allowed(env) if lower(env[variable]) == "true"

violation(who, path) := {
	"msg": sprintf("%s lets whatever %s prints set variables and the path of all later steps", [variable, who]),
	"path": array.concat(path, ["env", variable]),
}
