# METADATA
# title: Argo CD runs a program to make what is deployed
# description: >-
#   A plugin of Argo CD runs a program on what a repository holds, beside the server that has the credentials of all
#   repositories. What it deploys cannot be seen here, and what a repository holds may become a command there. It is
#   only told to those who review.
# related_resources:
#   - ref: https://argo-cd.readthedocs.io/en/stable/operator-manual/config-management-plugins/
#     description: Config management plugins
# custom:
#   severity: info
#   confidence: high
#   persona: auditor
#   kinds: [manifest]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Where Helm or kustomize will do, use them. Run a plugin as a sidecar of its own without a token, and quote what
#     it reads.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-4", "CICD-SEC-7"]
package rules.gitops["config-management-plugin"]

deny contains {"msg": msg, "path": plugin.path} if {
	some plugin in input.facts.gitops.plugins
	plugin.command
	msg := sprintf(
		"Argo CD runs %q on what a repository holds, so what is deployed is whatever that prints",
		[short(plugin.command)],
	)
}

deny contains {"msg": msg, "path": plugin.path} if {
	some plugin in input.facts.gitops.plugins
	not plugin.command
	msg := sprintf("%s makes what is deployed, which is not seen or judged here", [name(plugin)])
}

name(plugin) := sprintf("the Argo CD plugin %s", [plugin.name]) if {
	plugin.name
} else := "a plugin of Argo CD"

short(command) := command if {
	count(command) <= 60
} else := concat("", [substring(command, 0, 60), "…"])
