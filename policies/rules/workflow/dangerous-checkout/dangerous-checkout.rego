# METADATA
# title: Code from a pull request runs with the repository's own token
# description: >-
#   The workflow is triggered by an event that anybody can cause and that runs with the repository's own token and
#   secrets: pull_request_target, workflow_run or issue_comment. It checks out what the pull request brings and then
#   runs something of it: a script, a build file, a package's install hook. Whoever opens a pull request thereby runs
#   their own code with those credentials. Such runs only read caches unless cache-mode says otherwise. A label that
#   has to be set is asked for once and stays for what is pushed later; an environment asks for approval only where its
#   settings say so. Both lower the severity, as does a condition that somebody with rights fulfils each time.
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
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-4]
#     scorecard-5: [Dangerous-Workflow]
#     ssdf-1.1: [PO.5.1]
package rules.workflow["dangerous-checkout"]

deny contains object.union(persona(c), {
	"msg": msg,
	"path": c.path,
	"text": c.text,
	"severity": severity(c),
	"confidence": confidence(c),
	"related": [related(run) | some run in c.executed],
}) if {
	some c in input.facts.workflow.checkouts
	not c.refused
	count(c.executed) > 0
	msg := sprintf(
		"job %s checks out the head of a pull request on %s and then runs it (%s), %s",
		[c.job, c.event, c.executed[0].what, gain(c)],
	)
}

# What an action of others does with the directory is not seen here.
deny contains {
	"msg": msg,
	"path": c.path,
	"text": c.text,
	"severity": "medium",
	"confidence": "medium",
	"related": [handed(given) | some given in c.handed],
} if {
	some c in input.facts.workflow.checkouts
	trusting(c)
	msg := sprintf(
		"job %s checks out the head of a pull request on %s and hands %s and a secret to %s, which may run what lies there",
		[c.job, c.event, c.handed[0].text, c.handed[0].what],
	)
}

deny contains {"msg": msg, "path": c.path, "text": c.text, "severity": "low", "confidence": "low"} if {
	some c in input.facts.workflow.checkouts
	not c.refused
	count(c.executed) == 0
	not trusting(c)
	msg := sprintf(
		"job %s checks out the head of a pull request on %s; no step is seen to run it, and none may start to",
		[c.job, c.event],
	)
}

deny contains {"msg": msg, "path": c.path, "text": c.text, "severity": "info", "persona": "pedantic"} if {
	some c in input.facts.workflow.checkouts
	c.refused
	msg := sprintf(
		"job %s fails on %s for pull requests from forks, whose code this actions/checkout refuses; better not allow it",
		[c.job, c.event],
	)
}

trusting(c) if {
	not c.refused
	count(c.executed) == 0
	count(c.handed) > 0
	c.protection == "none"
}

related(run) := object.union(
	{"msg": sprintf("runs it: %s", [run.what]), "path": run.path, "text": object.get(run, "text", "")},
	object.filter(run, ["file"]),
)

handed(given) := object.union(
	{"msg": sprintf("handed to %s", [given.what]), "path": given.path},
	object.filter(given, ["file"]),
)

gain(c) := "once somebody with rights here has acted, so what is pushed between that and the checkout runs too" if {
	c.protection == "person"
	c.mutable
} else := "although only after somebody with rights here has acted" if {
	c.protection == "person"
} else := sprintf("so the label, while it stays, lets code run that was pushed after it was set, %s", [reach(c)]) if {
	c.protection == "label"
} else := sprintf("so anybody runs code %s, unless the environment asks for approval", [reach(c)]) if {
	c.protection == "environment"
} else := sprintf("so anybody runs code %s", [reach(c)])

reach(c) := "with the repository's token and secrets" if {
	c.privileged
} else := "that can poison the cache of the default branch" if {
	c.savesCaches
} else := "with a token that only reads"

# Nothing is to be had there that a run on pull_request would not give.
persona(c) := {"persona": "pedantic"} if {
	not c.privileged
	not c.savesCaches
} else := {}

severity(c) := "low" if {
	not c.privileged
	not c.savesCaches
} else := "medium" if {
	c.protection == "person"
	c.mutable
	c.privileged
} else := "low" if {
	c.protection == "person"
} else := "medium" if {
	c.protection != "none"
} else := "medium" if {
	not c.privileged
} else := "high"

confidence(c) := "medium" if {
	c.protection == "person"
	c.mutable
	not c.named
} else := "low" if {
	c.protection != "none"
} else := "medium" if {
	c.named
} else := "medium" if {
	c.event == "workflow_run"
} else := "high"
