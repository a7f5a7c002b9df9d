# METADATA
# title: Container is privileged
# description: >-
#   A privileged container has all capabilities, all devices of the node and no seccomp or AppArmor profile: nothing
#   stands between it and the node. Whoever gets into it has the node, and with it every pod and secret there. On
#   Windows a HostProcess container is the same: it is a process of the node itself.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Security context of a pod and its containers
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/
#     description: HostProcess containers of Windows
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Remove privileged, drop all capabilities and add back only those that the program fails without. Where a node
#     agent truly needs it, ignore the finding with that reason.
#   frameworks:
#     cis-1.10: ["5.2.2"]
#     pss-baseline: ["Privileged Containers", "Capabilities", "HostProcess"]
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes.privileged

import data.lib.podsecurity

deny contains podsecurity.finding(violation, "medium", msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "privileged"
	msg := sprintf("%s is privileged, so whoever gets into it has the whole node", [podsecurity.subject(violation)])
}

deny contains podsecurity.finding(violation, "medium", msg) if {
	some violation in input.facts.podSecurity.violations
	podsecurity.adds_all(violation)
	not said_already(violation)
	msg := sprintf(
		"%s has all capabilities, which is as good as privileged: whoever gets into it has the whole node",
		[podsecurity.subject(violation)],
	)
}

# On Windows, for one container or for all of the pod.
deny contains podsecurity.finding(violation, "medium", msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "windowsHostProcess"
	msg := sprintf("%s on the Windows node itself: whoever gets into it is on the node", [runs(violation)])
}

# A container that is privileged has all capabilities anyway.
said_already(violation) if {
	some other in input.facts.podSecurity.violations
	other.control == "privileged"
	other.pod == violation.pod
	other.containers == violation.containers
}

runs(violation) := sprintf("%s is a HostProcess container, which runs", [podsecurity.subject(violation)]) if {
	count(violation.containers) > 0
} else := sprintf("%s has HostProcess containers, which run", [podsecurity.subject(violation)])
