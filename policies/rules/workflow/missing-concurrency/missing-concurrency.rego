# METADATA
# title: Runs of one workflow may overtake each other
# description: >-
#   Two pushes start two runs, and nothing says which deploys last: an older commit may end up in production over a
#   newer one. For pull requests the runs for commits that are gone go on, and hold runners.
# related_resources:
#   - ref: https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency
#     description: concurrency
# custom:
#   severity: low
#   confidence: high
#   persona: pedantic
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Set concurrency with a group by environment for deployments, without cancel-in-progress; for pull requests by
#     ${{ github.workflow }}-${{ github.ref }} with cancel-in-progress true.
package rules.workflow["missing-concurrency"]

deny contains {
	"msg": sprintf(
		"job %s deploys to %s without concurrency, so an older run may deploy over a newer one",
		[job.id, job.environment],
	),
	"path": job.path,
} if {
	not input.facts.workflow.concurrency
	"push" in {event.name | some event in input.facts.workflow.events} # tags, releases and calls say themselves when
	some job in input.facts.workflow.jobs
	regex.match(`(?i)deploy|publish|release|prod|staging|pages`, concat(" ", [job.id, job.environment]))
	not contains(job.environment, "${{")
	not job.concurrency
}

deny contains {
	"msg": "runs for commits of a pull request that are gone go on beside the newest: no concurrency is set",
	"path": pulls[0].path,
	"severity": "info",
} if {
	not input.facts.workflow.concurrency
	pulls := [event | some event in input.facts.workflow.events; event.name == "pull_request"; by_commit(event)]
	count(pulls) > 0
	some own in input.facts.workflow.jobs
	count(own.steps) > 0 # a called workflow may set it itself
	every job in input.facts.workflow.jobs {
		not job.concurrency
		not job.environment
	}
}

# Labels and the like start a run without a new commit.
by_commit(event) if not event.types

by_commit(event) if "synchronize" in event.types
