# METADATA
# title: Workflow's token may do more than it needs
# description: >-
#   Every job gets a token for the repository. Where permissions are not declared, the repository's or organisation's
#   setting decides, and in many it lets the token write to code, packages, releases and issues. One compromised action
#   or build script then has all of that. Permissions that are granted to the whole workflow reach each of its jobs,
#   whether it needs them or not.
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
#     Set permissions to contents: read, or {} where nothing is needed, at the top of the workflow, and grant each write
#     in the one job that uses it.
package rules.workflow["excessive-permissions"]

workflow := input.facts.workflow

# No permissions anywhere, and steps run on whatever the default is. A workflow that is only called gets its caller's.
deny contains {"msg": msg, "path": path, "severity": "medium"} if {
	not workflow.onlyCalled
	jobs := [job | some job in workflow.jobs; job.defaultToken]
	count(jobs) > 0
	path := jobs[0].path
	msg := sprintf(
		"neither the workflow nor %s declares permissions, so its token may do whatever the repository's default allows",
		[named(jobs)],
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
	some [grant, holders] in grants
	grant.kind == "read-all"
	msg := sprintf(
		"read-all lets the token of %s read more things than a job needs, security alerts among them",
		[named(holders)],
	)
}

deny contains {"msg": msg, "path": path, "severity": severity(scope), "confidence": "medium"} if {
	count(inheriting) > 1
	some scope, "write" in workflow.permissions.scopes
	path := array.concat(workflow.permissions.path, [scope])
	msg := sprintf(
		"%s: write is granted to all of %s; grant it in those that need it",
		[scope, named(inheriting)],
	)
}

# What jobs run on: their own grants, and the workflow's where one has none of its own.
grants contains [job.permissions, [job]] if some job in workflow.jobs

grants contains [workflow.permissions, inheriting] if count(inheriting) > 0

inheriting := [job | some job in workflow.jobs; job.inherits]

# What changes code, what is released from it, or who the run is to a cloud; the rest changes words and marks.
severity(scope) := "medium" if {
	scope in {"actions", "attestations", "contents", "deployments", "id-token", "packages", "pages", "pull-requests"}
} else := "low"

named(jobs) := sprintf("job %s", [jobs[0].id]) if count(jobs) == 1

named(jobs) := sprintf("jobs %s", [concat(", ", [job.id | some job in jobs])]) if count(jobs) in {2, 3}

named(jobs) := sprintf("jobs %s, %s and %d more", [jobs[0].id, jobs[1].id, count(jobs) - 2]) if count(jobs) > 3
