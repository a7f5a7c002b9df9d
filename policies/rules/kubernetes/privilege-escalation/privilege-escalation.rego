# METADATA
# title: Process may gain privileges
# description: >-
#   Unless allowPrivilegeEscalation is false, a process may gain more rights than its parent by running a program that
#   is setuid or has file capabilities: one such file in the image is the way from the application's user to root in the
#   container.
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
#     Set securityContext.allowPrivilegeEscalation of the container to false.
#   frameworks:
#     cis-1.10: ["5.2.6"]
#     pss-restricted: ["Privilege Escalation"]
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["privilege-escalation"]

import data.lib.podsecurity

deny contains podsecurity.finding(violation, "low", msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "allowPrivilegeEscalation"
	msg := sprintf(
		"%s %s, so a setuid program in its image makes an intruder root in it",
		[podsecurity.subject(violation), said(violation)],
	)
}

said(violation) := "does not set allowPrivilegeEscalation to false" if {
	violation.missing
} else := "allows privilege escalation"
