# METADATA
# title: A job may run for six hours
# description: >-
#   Without timeout-minutes a job that hangs, or that somebody uses to mine, is stopped after 360 minutes. What it
#   holds until then, a runner, a lock, a deployment, is kept from others.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idtimeout-minutes
#     description: timeout-minutes
# custom:
#   severity: info
#   confidence: high
#   persona: pedantic
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: Set timeout-minutes to some two or three times of what the job usually takes.
package rules.workflow["missing-timeout"]

deny contains {
	"msg": sprintf("job %s has no timeout-minutes, so it may run for six hours", [job.id]),
	"path": job.path,
} if {
	not input.facts.workflow.isAction
	some job in input.facts.workflow.jobs
	count(job.steps) > 0
	not job.timeout
}
