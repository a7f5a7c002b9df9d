# METADATA
# title: Container may make every system call
# description: >-
#   Without a seccomp profile a process may make every system call, those in which most escapes to the node were found
#   among them. Unconfined says so outright. Where nothing is said, it is the kubelet's seccompDefault that decides,
#   which is off by default; this has the lower severity, and is for those who ask for hygiene.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
#     description: Pod Security Standards, restricted
#   - ref: https://kubernetes.io/docs/tutorials/security/seccomp/
#     description: Seccomp in Kubernetes
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Set securityContext.seccompProfile.type of the pod to RuntimeDefault.
#   frameworks:
#     cis-1.10: ["5.7.2"]
#     pss-baseline: ["Seccomp"]
#     pss-restricted: ["Seccomp"]
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["seccomp-profile"]

import data.lib.podsecurity

deny contains podsecurity.finding(violation, "medium", msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "seccompProfile_baseline"
	msg := sprintf(
		"%s has the seccomp profile %s, so every system call of the kernel is open to it",
		[podsecurity.subject(violation), podsecurity.shown(violation)],
	)
}

deny contains podsecurity.finding(violation, "low", msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "seccompProfile_restricted"
	msg := sprintf(
		"%s %s no seccomp profile, so unless the kubelet has a default every system call of the kernel is open",
		[podsecurity.subject(violation), podsecurity.verb(violation, "names", "name")],
	)
}
