# METADATA
# title: Pod mounts a directory of the node
# description: >-
#   A hostPath volume gives the pod files of the node: those of the system, of the kubelet, of other pods. Where it can
#   write them, the node runs what it writes; where it can only read them, it reads the credentials that lie there.
#   What every node has and what tells nothing, as the time zone, has the lower severity, as has what is mounted read-
#   only and holds no credentials by itself. Sockets of the container runtime are judged by kubernetes/host-socket.
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
#   deployed: true
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
	not unmounted(violation)
	msg := sprintf(
		"%s mounts %s of the node, so whoever gets into it %s",
		[podsecurity.subject(violation), named(violation), consequence(violation)],
	)
}

deny contains object.union(podsecurity.finding(violation, "info", msg), podsecurity.hygiene(violation)) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "hostPathVolumes"
	not podsecurity.runtime_socket(violation)
	unmounted(violation)
	msg := sprintf(
		"%s has a volume of %s of the node that no container mounts",
		[podsecurity.subject(violation), named(violation)],
	)
}

default severity(_) := "medium"

severity(violation) := "low" if podsecurity.clean(violation.value) in harmless

severity(violation) := "low" if {
	only_read(violation)
	not podsecurity.clean(violation.value) in telling
}

consequence(violation) := "speaks to the program of the node that listens there" if {
	podsecurity.pipe(violation.value)
} else := sprintf("reads %s", [what(violation)]) if {
	only_read(violation)
} else := "reads, and as an administrator writes, what lies there" if {
	podsecurity.on_disk_of_windows(violation.value)
} else := "reads the node's own files and, as root, writes them" if {
	podsecurity.clean(violation.value) in grave
} else := "reads, and if it is root writes, what lies there"

what(violation) := "the node's own files" if {
	podsecurity.clean(violation.value) in grave
} else := "what lies there"

# A socket is spoken to through a mount that is read-only, too.
only_read(violation) if {
	volume(violation).readOnly
	not podsecurity.pipe(violation.value)
	not contains(lower(violation.value), "sock")
}

# The volume with the path of a violation. One that an operator keeps elsewhere is not known.
volume(violation) := known if {
	some pod in input.facts.kube.pods
	some known in pod.volumes
	known.hostPath.path == violation.path
}

unmounted(violation) if {
	some pod in input.facts.kube.pods
	pod.complete
	some known in pod.volumes
	known.hostPath.path == violation.path
	known.mounts == 0
}

# Directories in which a reader finds credentials.
telling := grave - programs

# Of these a writer has the node, but a reader has no credentials.
programs := {
	"/boot", "/lib", "/lib64", "/opt", "/opt/cni/bin", "/sys",
	"/usr", "/usr/bin", "/usr/local", "/usr/local/bin",
}

named(violation) := object.get(violation, "value", "a directory")
