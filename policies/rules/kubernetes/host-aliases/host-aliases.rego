# METADATA
# title: Pod names addresses past the cluster's DNS
# description: >-
#   hostAliases are written into the pod's /etc/hosts. Who reviews or watches DNS does not see where such a name leads,
#   and a name that was right when it was written may lead to somebody else's address later.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/
#     description: Entries of a pod's /etc/hosts
# custom:
#   severity: info
#   confidence: high
#   persona: auditor
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Give the name in DNS, or make a Service without a selector for the address.
package rules.kubernetes["host-aliases"]

deny contains {"msg": msg, "path": alias.path} if {
	some pod in input.facts.kube.pods
	some alias in pod.hostAliases
	not loopback(alias.value)
	msg := sprintf(
		"%s %s has names of its own for %s, which the cluster's DNS knows nothing of",
		[input.facts.kube.kind, input.facts.kube.name, alias.value],
	)
}

# The pod's own loopback is nobody else's address.
loopback(address) if startswith(address, "127.")

loopback("::1")
