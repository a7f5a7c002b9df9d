# METADATA
# title: Pod mounts a directory of the node
# description: >-
#   A hostPath volume gives the pod files of the node: those of the system, of the kubelet, of other pods. Where it can
#   write them, the node runs what it writes; where it can only read them, it reads the credentials that lie there. What
#   every node has and what tells nothing, as the time zone, has the lower severity. Sockets of the container runtime
#   are judged by kubernetes/host-socket.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: hostPath volumes
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   remediation: >-
#     Use a volume that the cluster gives: emptyDir, configMap, projected or a claim. Where a node agent needs files of
#     the node, mount the narrowest directory read-only and ignore the finding with that reason.
#   frameworks:
#     cis-1.10: ["5.2.12"]
#     pss-baseline: ["HostPath Volumes"]
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["host-path"]

import data.lib.podsecurity

# What every node has, and what tells or takes nothing: the time zone, trusted certificates, its name.
harmless := {
	"/etc/hostname", "/etc/localtime", "/etc/machine-id", "/etc/os-release", "/etc/pki/ca-trust", "/etc/pki/tls/certs",
	"/etc/ssl/certs", "/etc/timezone", "/usr/local/share/ca-certificates", "/usr/share/ca-certificates",
	"/usr/share/zoneinfo",
}

# Directories with which a writer has the node, and a reader its credentials.
grave := {
	"/", "/boot", "/dev", "/etc", "/etc/kubernetes", "/home", "/lib", "/lib64", "/opt", "/opt/cni/bin", "/proc", "/root",
	"/run", "/sys", "/usr", "/usr/bin", "/usr/local", "/usr/local/bin", "/var", "/var/lib", "/var/lib/containerd",
	"/var/lib/docker", "/var/lib/etcd", "/var/lib/kubelet", "/var/lib/kubelet/pki", "/var/lib/kubelet/pods", "/var/run",
}

deny contains podsecurity.finding(violation, severity(violation), msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "hostPathVolumes"
	not podsecurity.runtime_socket(violation)
	msg := sprintf(
		"%s mounts %s of the node, so whoever gets into it %s",
		[podsecurity.subject(violation), named(violation), consequence(violation)],
	)
}

default severity(_) := "medium"

severity(violation) := "low" if podsecurity.clean(violation.value) in harmless

default consequence(_) := "reads, and if it is root writes, what lies there"

consequence(violation) := "reads the node's own files and, as root, writes them" if {
	podsecurity.clean(violation.value) in grave
}

named(violation) := object.get(violation, "value", "a directory")
