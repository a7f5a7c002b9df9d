# METADATA
# title: Pod is deployed without a network policy
# description: >-
#   Without a NetworkPolicy in its namespace a pod takes connections from every pod of the cluster and opens them to
#   anywhere. What is deployed together is looked at, as the policies of other places are not known: a namespace that
#   gets its policies elsewhere is told in vain.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/
#     description: Network policies
# custom:
#   severity: info
#   confidence: medium
#   persona: auditor
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Deploy a NetworkPolicy that denies by default, and others that allow what the pods need.
#   frameworks:
#     cis-1.10: ["5.3.2"]
#     nsa-cisa-1.2: ["Network separation and hardening"]
package rules.kubernetes["no-network-policy"]

deny contains {"msg": msg, "path": pod.path} if {
	input.facts.kube.surroundings.networkPolicies == 0
	some pod in input.facts.kube.pods
	pod.complete
	not pod.hostNetwork.value # most network plugins hold it to no policy
	msg := sprintf(
		"no network policy is deployed with %s %s, so unless there is one already every pod of the cluster reaches it",
		[input.facts.kube.kind, input.facts.kube.name],
	)
}
