# METADATA
# title: App's token may do more than the job needs
# description: >-
#   A token of a GitHub App has all permissions of the App's installation unless the step asks for fewer, and all its
#   repositories when owner is given without repositories. Every later step that gets the token, or that can read the
#   runner's memory, has all of that; and the token of an App is often allowed what the run's own is not.
# related_resources:
#   - ref: https://github.com/actions/create-github-app-token#inputs
#     description: The inputs of actions/create-github-app-token
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: >-
#     Add a permission-<name> input for each permission that the job uses, such as permission-contents: read, and name
#     the repositories beside owner.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-5, CICD-SEC-2]
#     scorecard-5: [Token-Permissions]
#     ssdf-1.1: [PO.5.1]
package rules.workflow["app-token-scope"]

deny contains {"msg": msg, "path": array.concat(step.path, ["uses"])} if {
	some step in tokens
	not limited(step)
	msg := sprintf(
		"the token has every permission of the App's installation%s, because the step asks for none in particular",
		[reach(step)],
	)
}

deny contains {"msg": msg, "path": array.concat(step.path, ["with", "owner"])} if {
	some step in tokens
	limited(step)
	all_repositories(step)
	reaches_repositories(step)
	msg := "the token is good for every repository of the App's installation, because owner is given without repositories"
}

deny contains {"msg": msg, "path": array.concat(step.path, ["with", "skip-token-revoke"]), "severity": "low"} if {
	some step in tokens
	lower(step["with"]["skip-token-revoke"]) == "true"
	msg := "the token stays good for an hour after the job, because it is not revoked when the job ends"
}

deny contains {"msg": msg, "path": array.concat(step.path, ["uses"]), "severity": "low"} if {
	some job in input.facts.workflow.jobs
	some step in job.steps
	step.action == "tibdex/github-app-token"
	msg := sprintf(
		"%s is no longer maintained, and its token %s; actions/create-github-app-token took its place",
		[step.action, old_reach(step)],
	)
}

tokens contains step if {
	some job in input.facts.workflow.jobs
	some step in job.steps
	step.action == "actions/create-github-app-token"
}

limited(step) if {
	some name, value in step["with"]
	startswith(name, "permission-")
	value != ""
}

all_repositories(step) if {
	step["with"].owner != ""
	object.get(step["with"], "repositories", "") == ""
}

# Permissions on an organisation, its people or an account reach no repository, whichever are named.
reaches_repositories(step) if {
	some name, value in step["with"]
	startswith(name, "permission-")
	value != ""
	not regex.match(`^permission-(organization-|members$|team-discussions$|email-addresses$|followers$|git-ssh-keys$|gpg-keys$|profile$|starring$)`, name)
}

reach(step) := ", on every repository of it" if {
	all_repositories(step)
} else := ""

old_reach(step) := "is limited to the permissions that it names" if {
	step["with"].permissions != ""
} else := "has every permission of the App's installation"
