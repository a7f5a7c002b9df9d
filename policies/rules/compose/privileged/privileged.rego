# METADATA
# title: Service is as good as the machine
# description: >-
#   The service is privileged, or has capabilities that are as good: it may load modules of the kernel, open every
#   device, trace every process. Whoever gets into it has the machine that it runs on.
# related_resources:
#   - ref: https://docs.docker.com/reference/compose-file/services/#privileged
#     description: privileged of a service
#   - ref: https://man7.org/linux/man-pages/man7/capabilities.7.html
#     description: Capabilities
# custom:
#   severity: medium
#   confidence: high
#   kinds: [compose]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Remove privileged, and give single devices or capabilities that the program fails without.
#   frameworks:
#     cis-docker-1.6: ["5.4", "5.5", "5.22"]
#     cwe: ["CWE-250"]
package rules.compose.privileged

deny contains {"msg": msg, "path": service.privileged.path} if {
	some service in input.facts.compose.services
	msg := sprintf("service %s is privileged, so whoever gets into it has the machine", [service.name])
}

deny contains {"msg": msg, "path": capability.path} if {
	some service in input.facts.compose.services
	not service.privileged
	some capability in service.caps
	power := powers[capability.value]
	msg := sprintf("service %s has the capability %s, which %s", [service.name, capability.value, power])
}

deny contains {"msg": msg, "path": option.path, "severity": "low", "persona": "pedantic"} if {
	some service in input.facts.compose.services
	not service.privileged
	some option in service.unconfined
	msg := sprintf("service %s runs with %s, so nothing filters what it asks of the kernel", [service.name, option.value])
}

powers := {
	"ALL": "is as good as privileged: whoever gets into it has the machine",
	"SYS_ADMIN": "mounts and unmounts as it likes: whoever gets into it has the machine",
	"SYS_MODULE": "loads code into the kernel: whoever gets into it has the machine",
	"SYS_RAWIO": "reads and writes the memory of the machine: whoever gets into it has the machine",
	"DAC_READ_SEARCH": "opens any file of the machine: whoever gets into it reads its secrets",
	"BPF": "loads programs into the kernel: whoever gets into it sees what others do",
}
