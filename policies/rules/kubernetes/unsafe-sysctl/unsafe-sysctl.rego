# METADATA
# title: Pod sets an unsafe kernel parameter
# description: >-
#   Kubernetes calls a kernel parameter safe when it is of the pod's own namespace and cannot harm others on the node.
#   Any other one can change how the node's kernel treats its other pods, and a pod that sets it runs only where the
#   kubelet was told to allow it.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline
#   - ref: https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
#     description: Sysctls in Kubernetes
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Remove the parameter, or set it on the node.
#   frameworks:
#     pss-baseline: ["Sysctls"]
package rules.kubernetes["unsafe-sysctl"]

import data.lib.podsecurity

deny contains podsecurity.finding(violation, "low", msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "sysctls"
	msg := sprintf(
		"%s sets the kernel parameter %s, which is not safe for other pods of the node",
		[podsecurity.subject(violation), violation.value],
	)
}
