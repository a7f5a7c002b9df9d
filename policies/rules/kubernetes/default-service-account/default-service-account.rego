# METADATA
# title: Default service account is granted rights
# description: >-
#   Every pod that names no service account runs as the default one of its namespace. What is granted to that account is
#   granted to each of them, those that somebody adds later too, and its token lies in their file systems.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     description: RBAC good practices
# custom:
#   severity: low
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Make a service account for the pods that need the rights, name it in their spec and grant the role to it.
#   frameworks:
#     cis-1.10: ["5.1.5"]
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["default-service-account"]

deny contains {"msg": msg, "path": subject.path} if {
	binding := input.facts.kube.binding
	some subject in binding.subjects
	subject.kind == "ServiceAccount"
	subject.name == "default"
	msg := sprintf(
		"%s %s grants %s to the default service account, so every pod of its namespace that names no account has it",
		[input.facts.kube.kind, input.facts.kube.name, binding.role.name],
	)
}
