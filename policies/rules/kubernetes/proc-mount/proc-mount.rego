# METADATA
# title: Container sees all of /proc
# description: >-
#   With procMount: Unmasked nothing of /proc is hidden or read-only: the container sees kernel memory and interfaces
#   that the runtime masks, and can write the kernel's settings. Only in a user namespace of its own, with hostUsers:
#   false, does the kernel keep it in.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Remove procMount; or set hostUsers to false where containers are built or run inside of the container.
#   frameworks:
#     pss-baseline: ["/proc Mount Type"]
package rules.kubernetes["proc-mount"]

import data.lib.podsecurity

deny contains podsecurity.finding(violation, told.severity, msg) if {
	some violation in input.facts.podSecurity.violations
	told := words[violation.control]
	msg := sprintf("%s sets procMount to %s, %s", [podsecurity.subject(violation), violation.value, told.msg])
}

words := {
	"procMount": {
		"msg": "so it sees what the runtime hides of the kernel in /proc, and can write there",
		"severity": "medium",
	},
	"procMount_restricted": {
		"msg": "so only its user namespace keeps what it finds in /proc from it, which a restricted pod may not rely on",
		"severity": "low",
	},
}
