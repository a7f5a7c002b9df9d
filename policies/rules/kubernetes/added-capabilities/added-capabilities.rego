# METADATA
# title: Container adds capabilities
# description: >-
#   Capabilities are the parts of root's power. A container runtime gives a small set of them. Each one beyond it gives
#   a process something that is not of its container: the node's network, clock, kernel or other processes. The few that
#   lead to none of these have the lower severity. All of them at once is judged by kubernetes/privileged, and what a
#   privileged container adds is only told.
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
#   deployed: true
#   remediation: >-
#     Drop all capabilities and add only those that the program fails without. Where a node agent truly needs one,
#     ignore the finding with that reason.
#   frameworks:
#     cis-1.10: ["5.2.8", "5.2.9"]
#     pss-baseline: ["Capabilities"]
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["added-capabilities"]

import data.lib.podsecurity

# What a capability is good for, to whoever gets into the container.
effects := {
	"AUDIT_CONTROL": "it can switch off the audit of the node's kernel",
	"AUDIT_READ": "it can read what the audit of the node's kernel tells",
	"BPF": "it can watch and change what the node's kernel does",
	"DAC_READ_SEARCH": "it can open any file of the node's disk",
	"IPC_LOCK": "it can keep the node's memory to itself",
	"NET_ADMIN": "it can redirect the traffic of its network, that of the node with hostNetwork",
	"NET_BROADCAST": "Linux makes no use of it",
	"NET_RAW": "it can send packets under the addresses of others",
	"PERFMON": "it can watch what the node's kernel does",
	"SYSLOG": "it can read the log of the node's kernel",
	"SYS_ADMIN": "it can mount the node's disks and leave its container",
	"SYS_BOOT": "it can restart the node",
	"SYS_MODULE": "it can load code into the node's kernel",
	"SYS_NICE": "it can take processor time from others",
	"SYS_PTRACE": "it can read and change every process that it sees, those of the node with hostPID",
	"SYS_RAWIO": "it can read and write the node's memory and disks",
	"SYS_RESOURCE": "it can pass limits that the node sets",
	"SYS_TIME": "it can set the node's clock",
}

# The other ones that no runtime gives by itself.
others := {
	"BLOCK_SUSPEND", "CHECKPOINT_RESTORE", "IPC_OWNER", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE",
	"SYS_PACCT", "SYS_TTY_CONFIG", "WAKE_ALARM",
}

# What baseline allows, if it is written like this.
allowed := {
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
	"SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}

# None of these leads out of the container or into other people's data.
mild := {"AUDIT_READ", "IPC_LOCK", "NET_BROADCAST", "NET_RAW", "SYSLOG", "SYS_NICE", "SYS_RESOURCE"}

deny contains podsecurity.finding(violation, severity(violation), msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "capabilities_baseline"
	not podsecurity.adds_all(violation)
	not privileged(violation)
	msg := sprintf(
		"%s adds the capability %s%s",
		[podsecurity.subject(violation), violation.value, object.get(told, name(violation), nothing)],
	)
}

deny contains object.union(podsecurity.finding(violation, "info", msg), podsecurity.hygiene(violation)) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "capabilities_baseline"
	not podsecurity.adds_all(violation)
	privileged(violation)
	msg := sprintf(
		"%s adds the capability %s, which it has already since it is privileged",
		[podsecurity.subject(violation), violation.value],
	)
}

# What is told of each capability that Linux knows.
told := object.union_n([
	{power: sprintf(": %s", [effect]) | some power, effect in effects},
	{power: ": no runtime gives it by itself, and it may lead out of the container" | some power in others},
	{power: sprintf(", which Pod Security only takes as %s", [power]) | some power in allowed},
])

nothing := ", which Linux does not know: the container runs without it, or not at all"

# Runtimes take the name in any case, with and without the prefix.
name(violation) := trim_prefix(upper(violation.value), "CAP_")

default severity(_) := "medium"

severity(violation) := "low" if name(violation) in mild

severity(violation) := "low" if not name(violation) in (object.keys(effects) | others)

privileged(violation) if {
	some other in input.facts.podSecurity.violations
	other.control == "privileged"
	other.pod == violation.pod
	other.containers == violation.containers
}
