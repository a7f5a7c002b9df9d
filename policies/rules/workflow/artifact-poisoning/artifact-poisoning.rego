# METADATA
# title: What a pull request's run left behind is run
# description: >-
#   A workflow_run has the repository's own token and secrets, and what it downloads from the run before it was written
#   by code of a pull request: every file of an artifact, and every name in it, is the outsider's. Run, it is their
#   program. Unpacked over a checkout, it replaces scripts that run later.
# related_resources:
#   - ref: https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
#     description: Preventing pwn requests, on artifacts handed to workflow_run
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflow_run
#     description: workflow_run and untrusted artifacts
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Download into a directory of its own below ${{ runner.temp }}, read from it only what the job needs, check that it
#     has the form it must have, [[ $number =~ ^[0-9]+$ ]], and pass it on as an output. Run nothing from it.
package rules.workflow["artifact-poisoning"]

deny contains object.union(persona(a), {
	"msg": msg,
	"path": a.path,
	"text": a.text,
	"severity": severity(a),
	"confidence": confidence(a),
	"related": [related(run) | some run in a.executed],
}) if {
	some a in input.facts.workflow.artifacts
	count(a.executed) > 0
	msg := sprintf(
		"job %s unpacks what a pull request's run left %s and then runs %s, %s",
		[a.job, place(a), a.executed[0].what, gain(a)],
	)
}

related(run) := {"msg": sprintf("runs it: %s", [run.what]), "path": run.path, "text": text(run)}

text(run) := object.get(run, "text", "")

place(a) := "over the workspace" if {
	a.directory == ""
} else := sprintf("in %s", [a.directory])

gain(a) := "so anybody runs code with the repository's token and secrets" if {
	a.privileged
} else := "so anybody runs code that can poison the caches of the default branch" if {
	a.savesCaches
} else := "so anybody runs code with a token that only reads"

# Nothing is to be had there that a run on pull_request would not give.
persona(a) := {"persona": "pedantic"} if {
	not a.privileged
	not a.savesCaches
} else := {}

severity(a) := "low" if {
	not a.privileged
	not a.savesCaches
} else := "low" if {
	a.protection == "person"
} else := "medium" if {
	a.protection != "none"
} else := "medium" if {
	not a.privileged
} else := "high"

confidence(a) := "low" if {
	a.protection != "none"
} else := "medium" if {
	a.directory == "" # what is overwritten there is the artifact's to say
} else := "high"
