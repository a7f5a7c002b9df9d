# METADATA
# title: Deployment environment lets every branch in, unasked
# description: >-
#   An environment guards its secrets and what it deploys to by asking somebody, or by letting only certain
#   branches in. One that does neither gives its secrets to any workflow that names it, of any branch.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments
#     description: Deployments and environments
# custom:
#   severity: medium
#   confidence: medium
#   kinds: [settings]
#   since: 0.1.0
#   remediation: >-
#     Let only the branches and tags that are deployed into the environment, and ask for a reviewer where it is
#     production.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1, CICD-SEC-5]
#     ssdf-1.1: [PO.5.1]
package rules.settings["unguarded-environment"]

deny contains {
	"msg": sprintf(
		"environment %s asks nobody and lets every branch in, so whoever can push one gets its secrets",
		[environment.name],
	),
	"path": ["environments", i, "name"],
} if {
	some i, environment in input.doc.environments
	environment.reviewers == 0
	environment.branches == "all"
}

deny contains {
	"msg": sprintf(
		"who starts a deployment to environment %s may approve it, so nobody else has to look",
		[environment.name],
	),
	"path": ["environments", i, "self-review"],
	"severity": "low",
	"persona": "pedantic",
} if {
	some i, environment in input.doc.environments
	environment.reviewers > 0
	environment["self-review"]
}

deny contains {
	"msg": sprintf(
		"administrators may deploy to environment %s past its protection",
		[environment.name],
	),
	"path": ["environments", i, "admins-bypass"],
	"severity": "info",
	"persona": "auditor",
} if {
	some i, environment in input.doc.environments
	environment.reviewers > 0
	environment["admins-bypass"]
}
