# METADATA
# title: Cluster deploys what a pull request asks for
# description: >-
#   An ApplicationSet makes an application for every open pull request. Where its source is read at the pull request's
#   commit, outsiders who can open one choose the manifests, and what they propose runs in the cluster before anybody
#   has looked at it. A branch is only found when it was pushed to the repository itself, and with another source the
#   pull request can only be the image; that is for the pedantic. Asking for a label leaves it to the maintainers which
#   pull requests are deployed; a label stays when more is pushed.
# related_resources:
#   - ref: https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Pull-Request/
#     description: Pull Request generator
#   - ref: https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Security/
#     description: Security of ApplicationSets
# custom:
#   severity: high
#   confidence: medium
#   kinds: [manifest]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Ask for a label that only maintainers give, and hold the applications to a project that allows them one
#     namespace and no cluster-wide resources.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-4"]
#     ssdf-1.1: ["PO.5.1"]
package rules.gitops["pull-request-deployment"]

deny contains {"msg": msg, "path": generator.path} if {
	some generator in input.facts.gitops.pullRequests
	not generator.labels
	generator.commit
	msg := sprintf(
		"every open pull request (%s) is deployed, so whoever can open one runs what they like in the cluster",
		[generator.host],
	)
}

deny contains {"msg": msg, "path": generator.path, "severity": "medium", "persona": "pedantic"} if {
	some generator in input.facts.gitops.pullRequests
	not generator.labels
	not generator.commit
	msg := sprintf(
		"every open pull request (%s) gets an application, so what is built of it runs before anybody has looked at it",
		[generator.host],
	)
}
