# METADATA
# title: A required check does not run for every pull request
# description: >-
#   A workflow that a path filter keeps from starting reports nothing, and a required check that reports nothing stays
#   pending for ever; the pull request can only be merged by somebody who may pass over the rule, which teaches people
#   to do so. The same holds in a merge queue for a workflow without merge_group. Which checks are required is read
#   from rulesets and settings that the repository holds, and from the parameter required, a list of job names.
# related_resources:
#   - ref: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks
#     description: Required checks and path filters
#   - ref: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue#triggering-merge-group-checks-with-github-actions
#     description: merge_group
# custom:
#   severity: low
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Let the workflow start for every pull request and decide in a first job what there is to do; jobs that are
#     skipped count as passed. Add merge_group to its triggers where there is a merge queue.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1]
#     ssdf-1.1: [PS.1.1]
package rules.workflow["blocked-required-check"]

import data.lib.params as parameters

deny contains object.union(strength(check), {
	"msg": sprintf(
		"job %s %s, and a pull request that %s keeps the workflow from waits for it for ever",
		[check.job, required(check), filter.key],
	),
	"path": filter.path,
}) if {
	some check in checks
	some filter in input.facts.workflow.filters
}

deny contains object.union(strength(check), {
	"msg": sprintf(
		"job %s %s, and does not run in the merge queue that %s is for: merge_group is no trigger of this workflow",
		[check.job, required(check), input.facts.workflow.mergeQueue],
	),
	"path": ["on"],
}) if {
	input.facts.workflow.mergeQueue != ""
	events := {event.name | some event in input.facts.workflow.events}
	"pull_request" in events
	not "merge_group" in events
	some check in checks
}

checks contains check if some check in input.facts.workflow.required

checks contains {"job": job.id, "path": job.path, "file": "the configuration"} if {
	some job in input.facts.workflow.jobs
	some name in params.required
	name in {job.id, object.get(job, "name", job.id)}
}

required(check) := sprintf("is a required check by %s", [check.file]) if {
	check.file != ""
} else := "looks like a required check"

# What only looks like one.
strength(check) := {} if {
	check.file != ""
} else := {"confidence": "low"}

params := input.params["workflow/blocked-required-check"]

misconfigured contains msg if some msg in parameters.unknown(params, {"required"})

misconfigured contains msg if some msg in parameters.unlisted(params, {"required"})
