# METADATA
# title: Write that a pull request from a fork does not get
# description: >-
#   On pull_request and what belongs to it, the token of a run for a fork reads and no more, whatever permissions say,
#   and there is no OIDC token. A step that writes fails there, so that contributors see a red check that is none of
#   their making. Moving the step to pull_request_target mends that, and gives a fork's change a token that writes:
#   hand the result to a workflow_run instead. A run for Dependabot gets what is declared.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request
#     description: What a run for a fork's pull request may do
# custom:
#   severity: low
#   confidence: medium
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Skip the step for forks (github.event.pull_request.head.repo.full_name == github.repository), or do what it does
#     in a workflow_run that reads what this one has found.
package rules.workflow["fork-permission"]

deny contains {"msg": msg, "path": need.path, "text": object.get(need, "text", "")} if {
	some job in input.facts.token.jobs
	some need in job.needs
	need.sure
	not need.quiet
	need.notForks == "always"
	msg := sprintf(
		"%s needs %s: %s, and runs only for pull requests from forks, whose token does not have it, so it fails each time",
		[need.by, need.scope, need.level],
	)
}

deny contains {
	"msg": msg,
	"path": need.path,
	"text": object.get(need, "text", ""),
	"severity": "info",
	"persona": "pedantic",
} if {
	some job in input.facts.token.jobs
	some need in job.needs
	need.sure
	not need.quiet
	need.notForks == "sometimes"
	job.granted[need.scope] == need.level
	msg := sprintf(
		"%s needs %s: %s, which the token of a pull request from a fork does not have, so it fails there",
		[need.by, need.scope, need.level],
	)
}
