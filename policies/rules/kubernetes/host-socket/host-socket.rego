# METADATA
# title: Pod mounts the container runtime's socket
# description: >-
#   Whoever can speak to the socket of the container runtime can start any container, a privileged one with the node's
#   root directory mounted too. That a volume with the socket is mounted read-only changes nothing: a connection is no
#   write.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: hostPath volumes
#   - ref: https://docs.docker.com/engine/security/#docker-daemon-attack-surface
#     description: What access to Docker's socket gives
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Build images with a builder that needs no daemon, and read events and metrics from the Kubernetes API. Where a
#     node agent truly needs the socket, ignore the finding with that reason.
#   frameworks:
#     cis-1.10: ["5.2.12"]
#     pss-baseline: ["HostPath Volumes"]
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["host-socket"]

import data.lib.podsecurity

deny contains podsecurity.finding(violation, "medium", msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "hostPathVolumes"
	podsecurity.runtime_socket(violation)
	msg := sprintf(
		"%s mounts %s, the container runtime's %s",
		[podsecurity.subject(violation), violation.value, consequence(violation)],
	)
}

consequence(violation) := "pipe: whoever gets into it starts containers with all rights on the node" if {
	podsecurity.pipe(violation.value)
} else := "socket: whoever gets into it starts containers as root on the node"
