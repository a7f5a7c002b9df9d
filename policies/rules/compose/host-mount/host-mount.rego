# METADATA
# title: Service has the machine within reach
# description: >-
#   The service has the socket of the container engine, with which it can start a privileged container, or folders of
#   the machine that decide what runs there. Whoever gets into it has the machine. That a socket is mounted read-only
#   changes nothing: requests are still answered.
# related_resources:
#   - ref: https://docs.docker.com/engine/security/#docker-daemon-attack-surface
#     description: Attack surface of the Docker daemon
#   - ref: https://docs.docker.com/reference/compose-file/services/#volumes
#     description: volumes of a service
# custom:
#   severity: medium
#   confidence: high
#   kinds: [compose]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Put a proxy in between that answers only the requests that are needed, and mount the folders that are needed,
#     read-only.
#   frameworks:
#     cis-docker-1.6: ["5.6", "5.32"]
#     cwe: ["CWE-250"]
package rules.compose["host-mount"]

deny contains {"msg": msg, "path": mount.path} if {
	some service in input.facts.compose.services
	some mount in service.mounts
	mount.engine
	msg := sprintf("service %s has the container engine's socket from %s, %s", [service.name, mount.source, socket])
}

deny contains {"msg": msg, "path": service.socket.path} if {
	some service in input.facts.compose.services
	msg := sprintf("service %s has the container engine's socket, %s", [service.name, socket])
}

deny contains {"msg": msg, "path": mount.path} if {
	some service in input.facts.compose.services
	some mount in service.mounts
	not mount.readOnly
	mount.source in folders
	msg := sprintf(
		"service %s may write to %s of the machine, so whoever gets into it decides what runs there",
		[service.name, mount.source],
	)
}

deny contains {"msg": msg, "path": mount.path, "severity": "low", "persona": "pedantic"} if {
	some service in input.facts.compose.services
	some mount in service.mounts
	mount.readOnly
	mount.source in {"/", "/etc", "/root", "/home"}
	msg := sprintf("service %s may read %s of the machine, the keys and passwords there too", [service.name, mount.source])
}

socket := "so whoever gets into it can start a privileged container and has the machine"

folders := {
	"/", "/boot", "/dev", "/etc", "/home", "/lib", "/proc", "/root", "/sys", "/usr",
	"/var/lib/containerd", "/var/lib/docker", "/var/lib/kubelet",
}
