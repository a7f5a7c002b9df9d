# METADATA
# title: Container adds capabilities
# description: >-
#   Capabilities are the parts of root's power. A container runtime gives a small set of them; each one beyond it gives
#   a process inside something that is not of its container: the node's network, clock, modules or other processes.
#   Those with which a process leaves its container have the higher severity. All of them at once is judged by
#   kubernetes/privileged.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline
#   - ref: https://man7.org/linux/man-pages/man7/capabilities.7.html
#     description: Capabilities of Linux
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   remediation: >-
#     Drop all capabilities and add only those that the program fails without. Where a node agent truly needs one,
#     ignore the finding with that reason.
#   frameworks:
#     cis-kubernetes-1.10: ["5.2.8", "5.2.9"]
#     pss-baseline: ["Capabilities"]
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["added-capabilities"]

import data.lib.podsecurity

# With these a process leaves its container, or reads what belongs to the node.
escapes := {
	"SYS_ADMIN": "it can mount the node's disks and leave its container",
	"SYS_MODULE": "it can load code into the node's kernel",
	"SYS_RAWIO": "it can read and write the node's memory and disks",
	"SYS_PTRACE": "it can read and change every process that it sees, those of the node with hostPID",
	"DAC_READ_SEARCH": "it can open any file of the node's disk",
	"BPF": "it can watch and change what the node's kernel does",
}

deny contains podsecurity.finding(violation, severity(violation), msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "capabilities_baseline"
	not podsecurity.adds_all(violation)
	msg := sprintf("%s adds the capability %s, with which %s", [
		podsecurity.subject(violation), violation.value, consequence(violation),
	])
}

# Runtimes take the name in any case, with and without the prefix.
name(violation) := trim_prefix(upper(violation.value), "CAP_")

default severity(_) := "low"

severity(violation) := "medium" if escapes[name(violation)]

default consequence(_) := "it reaches beyond its container"

consequence(violation) := escapes[name(violation)]
