# METADATA
# title: Workflow's token may do more than it needs
# description: >-
#   Every job gets a token for the repository. Where permissions are not declared, the repository's or organisation's
#   setting decides, and in many it lets the token write to code, packages, releases and issues. One compromised
#   action or build script then has all of that. Permissions that are granted to the whole workflow reach each of its
#   jobs, whether it needs them or not.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
#     description: permissions, for a workflow and for a job
#   - ref: https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information
#     description: Give the token the least it needs
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Set permissions to contents: read, or {} where nothing is needed, at the top of the workflow, and grant each
#     write in the one job that uses it.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-5, CICD-SEC-2]
#     scorecard-5: [Token-Permissions]
#     ssdf-1.1: [PO.5.1, PS.1.1]
package rules.workflow["excessive-permissions"]

workflow := input.facts.workflow

token := input.facts.token

# No permissions anywhere, and steps run on whatever the default is. A workflow that is only called gets its caller's.
deny contains object.union({"msg": msg, "path": path, "severity": "medium"}, fix) if {
	not workflow.onlyCalled
	jobs := [job | some job in workflow.jobs; job.defaultToken]
	count(jobs) > 0
	path := jobs[0].path
	msg := sprintf(
		"neither the workflow nor %s permissions, so the token may do whatever the repository's default allows",
		[declaring(jobs)],
	)
}

deny contains {"msg": msg, "path": workflow.permissions.path} if {
	workflow.permissions.kind == "write-all"
	count(inheriting) > 0
	msg := sprintf("write-all lets every step of %s change code, packages, releases and issues", [named(inheriting)])
}

deny contains {"msg": msg, "path": job.permissions.path} if {
	some job in workflow.jobs
	job.permissions.kind == "write-all"
	msg := sprintf("write-all lets every step of job %s change code, packages, releases and issues", [job.id])
}

deny contains {"msg": msg, "path": grant.path, "severity": "low"} if {
	some [grant, holders] in reading
	msg := sprintf(
		"read-all lets the token of %s read more things than a job needs, security alerts among them",
		[named(holders)],
	)
}

# Some of the jobs that have it are seen to do without.
deny contains object.union(
	{"msg": msg, "path": grant.path, "severity": severity(grant.scope)},
	fix,
) if {
	some grant in shared
	without := [id | some id in grant.jobs; not id in grant.users; not id in grant.maybe]
	count(without) > 0
	using := array.concat(grant.users, grant.maybe)
	count(using) > 0
	msg := sprintf(
		"%s: write is granted to all of %s; grant it in those that need it, which %s",
		[grant.scope, list(grant.jobs), needing(grant)],
	)
}

# None is, and in some of them something may use it: there may be nothing to mend.
deny contains {
	"msg": msg,
	"path": grant.path,
	"severity": "low",
	"confidence": "low",
	"persona": "pedantic",
} if {
	some grant in shared
	count(grant.maybe) > 0
	count(grant.users) + count(grant.maybe) == count(grant.jobs)
	msg := sprintf(
		"%s: write is granted to all of %s; grant it in those that need it",
		[grant.scope, list(grant.jobs)],
	)
}

shared contains grant if {
	count(inheriting) > 1
	some grant in token.grants
	grant.level == "write"
	token.blocks[grant.block].path == ["permissions"]
}

needing(grant) := sprintf("as far as is seen is %s", [list(grant.users)]) if {
	count(grant.users) > 0
	count(grant.maybe) == 0
} else := sprintf("may be %s", [list(array.concat(grant.users, grant.maybe))])

default fix := {}

fix := {"fix": {"description": "give each job the permissions that its steps need", "edits": token.perJob}} if {
	count(token.perJob) > 0
}

# What jobs run on: their own grants, and the workflow's where one has none of its own.
reading contains [job.permissions, [job]] if {
	some job in workflow.jobs
	job.permissions.kind == "read-all"
}

reading contains [workflow.permissions, inheriting] if {
	workflow.permissions.kind == "read-all"
	count(inheriting) > 0
}

inheriting := [job | some job in workflow.jobs; job.inherits]

# What changes code, what is released from it, or who the run is to a cloud; the rest changes words and marks.
severity(scope) := "medium" if {
	scope in {"actions", "attestations", "contents", "deployments", "id-token", "packages", "pages", "pull-requests"}
} else := "low"

declaring(jobs) := sprintf("%s declares", [named(jobs)]) if count(jobs) == 1

declaring(jobs) := sprintf("%s declare", [named(jobs)]) if count(jobs) > 1

named(jobs) := list([job.id | some job in jobs])

list(ids) := sprintf("job %s", [ids[0]]) if count(ids) == 1

list(ids) := sprintf("jobs %s and %s", [concat(", ", array.slice(ids, 0, count(ids) - 1)), ids[count(ids) - 1]]) if {
	count(ids) in {2, 3}
}

list(ids) := sprintf("jobs %s, %s and %d more", [ids[0], ids[1], count(ids) - 2]) if count(ids) > 3
