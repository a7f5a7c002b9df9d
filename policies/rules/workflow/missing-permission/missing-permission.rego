# METADATA
# title: Permission that a step needs and the job does not have
# description: >-
#   Where permissions are declared, what is not listed is none. A step asks GitHub for something that the job's token
#   may not do, so it fails when it gets there: at a release, or when somebody outside opens an issue. The way out
#   that people find in a hurry is write-all.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
#     description: permissions, for a workflow and for a job
# custom:
#   severity: low
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: Grant the permission in the job that needs it. The edit that comes with the finding does.
package rules.workflow["missing-permission"]

deny contains {"msg": msg, "path": need.path, "text": object.get(need, "text", ""), "fix": fix(job)} if {
	some job in input.facts.token.jobs
	some need in job.missing
	not need.private
	msg := sprintf("%s, and job %s has %s, so it %s", [asks(need), job.id, has(job, need), outcome(need)])
}

deny contains {
	"msg": msg,
	"path": need.path,
	"text": object.get(need, "text", ""),
	"severity": "info",
	"confidence": "low",
} if {
	some job in input.facts.token.jobs
	some need in job.missing
	need.private
	msg := sprintf(
		"%s, and job %s has %s, so it fails in a repository that is not public",
		[asks(need), job.id, has(job, need)],
	)
}

outcome(need) := "passes without doing it, and only its log says so" if need.quiet

else := "fails"

asks(need) := sprintf("%s needs %s: %s", [need.by, need.scope, need.level])

has(job, need) := sprintf("%s: %s", [need.scope, object.get(job.granted, need.scope, "none")])

# The job's own permissions, with all that it is seen to need.
fix(job) := {"description": "grant what the steps need", "edits": [{"path": block.path, "block": block.yaml}]} if {
	some block in input.facts.token.blocks
	object.get(block, "job", "") == job.id
}
