# METADATA
# title: Container takes a port of the node
# description: >-
#   A hostPort opens the container on the address of every node that it runs on, past the Services and in most network
#   plugins past the network policies of the cluster. Only one such pod fits on a node.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline
#   - ref: https://kubernetes.io/docs/concepts/configuration/overview/
#     description: Configuration good practices
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Expose the container by a Service, of type NodePort or LoadBalancer where it must be reached from outside.
#   frameworks:
#     cis-1.10: ["5.2.13"]
#     pss-baseline: ["Host Ports"]
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["host-port"]

import data.lib.podsecurity

deny contains podsecurity.finding(violation, "low", msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "hostPorts"
	msg := sprintf(
		"%s takes port %s of the node, where it is reached past Services and most network policies",
		[podsecurity.subject(violation), violation.value],
	)
}
