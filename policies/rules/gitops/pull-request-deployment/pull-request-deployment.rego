# METADATA
# title: Cluster deploys what a pull request asks for
# description: >-
#   An ApplicationSet makes an application for every open pull request, with the manifests of the pull request. Where
#   outsiders can open pull requests, what they propose runs in the cluster before anybody has looked at it. Asking
#   for a label leaves it to the maintainers which pull requests are deployed; a label stays when more is pushed.
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
	msg := sprintf(
		"every open pull request (%s) is deployed, so whoever can open one runs what they like in the cluster",
		[generator.host],
	)
}
