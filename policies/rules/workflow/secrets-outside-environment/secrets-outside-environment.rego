# METADATA
# title: Job reads secrets without an environment
# description: >-
#   A secret of the repository is there for every workflow on every branch: whoever can push a branch can write a
#   workflow that reads it. A secret of an environment is there only for jobs that name the environment, which can ask
#   for approval and admit only certain branches. Where the job is of a kind that needs no such gate, this finding is
#   only a list.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments
#     description: Environments, their secrets and protection rules
# custom:
#   severity: low
#   confidence: medium
#   kinds: [workflow]
#   since: 0.1.0
#   persona: auditor
#   remediation: >-
#     Move the secrets to an environment that admits the branches and tags which may use them, and name it in
#     environment: of the job.
package rules.workflow["secrets-outside-environment"]

deny contains {"msg": msg, "path": job.path} if {
	some id in readers
	some job in input.facts.workflow.jobs
	job.id == id
	count(job.steps) > 0
	not job.environment
	msg := sprintf(
		"job %s reads %s and names no environment, so any branch's workflow can read the same",
		[id, listed(sort({use.name | some use in stored; reads(id, use)}))],
	)
}

readers contains id if {
	some use in stored
	some id in [job.id | some job in input.facts.workflow.jobs; reads(job.id, use)]
}

stored contains use if {
	some use in input.facts.workflow.secrets
	use.form == "named"
	not use.name in {"ACTIONS_RUNNER_DEBUG", "ACTIONS_STEP_DEBUG", "GITHUB_TOKEN"}
}

reads(id, use) if use.job == id

reads(_, use) if use.place == "workflow-env"

listed(names) := sprintf("secret %s", [names[0]]) if {
	count(names) == 1
} else := sprintf("secrets %s", [concat(", ", names)]) if {
	count(names) < 4
} else := sprintf("secrets %s, %s and %d more", [names[0], names[1], count(names) - 2])
