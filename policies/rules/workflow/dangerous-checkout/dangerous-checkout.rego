# METADATA
# title: Code from a pull request runs with the repository's own token
# description: >-
#   The workflow is triggered by an event that anybody can cause and that runs with the repository's own token, secrets
#   and cache: pull_request_target, workflow_run or issue_comment. It checks out what the pull request brings and then
#   runs something of it: a script, a build file, a package's install hook. Whoever opens a pull request thereby runs
#   their own code with those credentials.
# related_resources:
#   - ref: https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
#     description: Preventing pwn requests
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request_target
#     description: pull_request_target and what to keep out of it
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Build pull requests in a workflow that is triggered by pull_request, which has no secrets, and hand what a
#     privileged job needs to it as an artifact that it only reads.
package rules.workflow["dangerous-checkout"]

deny contains {
	"msg": msg,
	"path": c.path,
	"text": c.text,
	"severity": severity(c),
	"confidence": confidence(c),
	"related": [{"msg": sprintf("runs it: %s", [run.what]), "path": run.path} | some run in c.executed],
} if {
	some c in input.facts.workflow.checkouts
	count(c.executed) > 0
	msg := sprintf(
		"job %s checks out the head of a pull request on %s and then runs it (%s), %s",
		[c.job, c.event, c.executed[0].what, gain(c)],
	)
}

deny contains {"msg": msg, "path": c.path, "text": c.text, "severity": "low", "confidence": "low"} if {
	some c in input.facts.workflow.checkouts
	count(c.executed) == 0
	msg := sprintf(
		"job %s checks out the head of a pull request on %s; no step is seen to run it, and none may start to",
		[c.job, c.event],
	)
}

gain(c) := "although only after somebody with rights here has acted" if {
	c.protection == "person"
} else := "so anybody runs code with the repository's token and secrets" if {
	c.privileged
} else := "so anybody runs code that can poison the cache of the default branch"

severity(c) := "low" if {
	c.protection == "person"
} else := "medium" if {
	c.protection == "output"
} else := "medium" if {
	not c.privileged
} else := "high"

confidence(c) := "low" if {
	c.protection != "none"
} else := "medium" if {
	c.named
} else := "medium" if {
	c.event == "workflow_run"
} else := "high"
