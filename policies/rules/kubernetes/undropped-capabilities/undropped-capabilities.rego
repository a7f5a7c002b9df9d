# METADATA
# title: Container keeps capabilities
# description: >-
#   A runtime gives every container capabilities that hardly any program needs: to change owners and modes of files past
#   their permissions, to send raw packets, to make device files. An intruder who is root in the container has them all.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
#     description: Pod Security Standards, restricted
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Security context of a pod and its containers
# custom:
#   severity: medium
#   confidence: high
#   persona: pedantic
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Set securityContext.capabilities.drop to [ALL] and add NET_BIND_SERVICE where a port below 1024 is opened.
#   frameworks:
#     cis-1.10: ["5.2.8", "5.2.10"]
#     pss-restricted: ["Capabilities"]
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["undropped-capabilities"]

import data.lib.podsecurity

deny contains podsecurity.finding(violation, "low", msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "capabilities_restricted"
	endswith(violation.field, ".drop")
	msg := sprintf(
		"%s does not drop all capabilities, so root in it has those that the runtime gives",
		[podsecurity.subject(violation)],
	)
}

deny contains podsecurity.finding(violation, "low", msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "capabilities_restricted"
	endswith(violation.field, ".add[]")
	msg := sprintf(
		"%s adds the capability %s, which a restricted pod may not have",
		[podsecurity.subject(violation), violation.value],
	)
}
