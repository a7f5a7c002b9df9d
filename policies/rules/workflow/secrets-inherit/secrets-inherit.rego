# METADATA
# title: Reusable workflow gets every secret
# description: >-
#   With secrets: inherit a called workflow gets all secrets that its caller can read: the repository's, and those
#   that the organisation shares with it. A workflow in another repository is changed by other people, and any secret
#   that it reads tomorrow is there for it. In the same repository the line hides which secrets the call needs, so
#   that nobody notices one more. Secrets of an environment reach a called workflow only in this way.
# related_resources:
#   - ref: https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows#passing-inputs-and-secrets-to-a-reusable-workflow
#     description: Passing secrets to a reusable workflow
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     List the secrets that the called workflow declares, each by its name, under secrets: of the job.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-6]
#     ssdf-1.1: [PS.1.1]
package rules.workflow["secrets-inherit"]

# Elsewhere: whoever writes the called workflow chooses. A commit fixes the choice until somebody moves it on.
deny contains {"msg": msg, "path": path(job), "severity": severity(ref)} if {
	some job in calls
	some ref in input.refs
	ref.path == array.concat(job.path, ["uses"])
	ref.pin != "local"
	msg := sprintf(
		"job %s hands every secret of this repository and its organisation to %s, which may read whichever it likes",
		[job.id, ref.name],
	)
}

# Here, and it is known which secrets the call needs.
deny contains object.union(
	{"msg": msg, "path": path(job), "severity": "low", "persona": "pedantic"},
	fix(job),
) if {
	some job in calls
	not job.callee.opaque
	not job.callee.environment
	msg := sprintf(
		"job %s hands every secret to %s, which reads %s",
		[job.id, job.callee.file, listed(job.callee.secrets)],
	)
}

# Here, but what it reads is not known, or it reads those of an environment too.
deny contains {"msg": msg, "path": path(job), "severity": "low", "persona": "auditor"} if {
	some job in calls
	hidden(job.callee)
	msg := sprintf(
		"job %s hands every secret to %s, and nothing here says which of them it needs",
		[job.id, job.callee.file],
	)
}

calls contains job if {
	some job in input.facts.workflow.jobs
	job.secrets == "inherit"
}

path(job) := array.concat(job.path, ["secrets"])

hidden(callee) if callee.opaque

hidden(callee) if callee.environment

severity(ref) := "low" if {
	ref.pin == "digest"
} else := "medium"

listed(secrets) := "none" if {
	count(secrets) == 0
} else := sprintf("%s alone", [secrets[0]]) if {
	count(secrets) == 1
} else := sprintf("only %s", [concat(", ", secrets)]) if {
	count(secrets) < 5
} else := sprintf("only %s and %d more", [concat(", ", array.slice(secrets, 0, 3)), count(secrets) - 3])

# The list replaces the word where the called workflow takes all of it.
fix(job) := {"fix": {"description": "name the secrets that are read", "edits": [edit]}} if {
	count(job.callee.secrets) > 0
	every name in job.callee.secrets {
		name in job.callee.declared
	}
	lines := [sprintf("  %s: ${{ secrets.%s }}", [name, name]) | some name in job.callee.secrets]
	edit := {"path": path(job), "block": concat("\n", array.concat(["secrets:"], lines))}
} else := {}
