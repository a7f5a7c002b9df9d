# METADATA
# title: Service joins the namespaces of the machine
# description: >-
#   With the process namespace of the machine a service sees and signals every process, with that of communication it
#   reads their shared memory, with the network it listens and connects as the machine does, behind its firewall.
# related_resources:
#   - ref: https://docs.docker.com/reference/compose-file/services/#pid
#     description: pid, ipc and network_mode of a service
# custom:
#   severity: medium
#   confidence: high
#   kinds: [compose]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Publish the ports that are needed, and share namespaces between services only.
#   frameworks:
#     cis-docker-1.6: ["5.10", "5.16", "5.17", "5.31"]
#     cwe: ["CWE-653"]
package rules.compose["host-namespaces"]

deny contains {"msg": msg, "path": namespace.path, "severity": severity, "persona": persona[namespace.key]} if {
	some service in input.facts.compose.services
	some namespace in service.namespaces
	severity := severities[namespace.key]
	msg := sprintf(
		"service %s has %s: host, so whoever gets into it %s",
		[service.name, namespace.key, effects[namespace.key]],
	)
}

effects := {
	"pid": "sees and signals every process of the machine",
	"ipc": "reads and writes the shared memory of every process of the machine",
	"network_mode": "reaches what listens on the machine alone, and listens where it likes",
	"userns_mode": "has the user IDs of the machine, root's too",
}

severities := {"pid": "medium", "ipc": "medium", "network_mode": "low", "userns_mode": "low"}

# Discovery and VPN servers need the network of the machine, and user namespaces are off by default anyway.
persona := {"pid": "regular", "ipc": "regular", "network_mode": "pedantic", "userns_mode": "pedantic"}
