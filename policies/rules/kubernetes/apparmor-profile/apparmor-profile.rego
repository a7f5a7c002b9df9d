# METADATA
# title: AppArmor is switched off
# description: >-
#   The runtime's AppArmor profile keeps a container from mounting, from most of /proc and /sys and from the raw devices
#   of the node. Unconfined takes that away on every node that has AppArmor, so a flaw in the program or the kernel
#   meets one defence fewer.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline
#   - ref: https://kubernetes.io/docs/tutorials/security/apparmor/
#     description: AppArmor in Kubernetes
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Remove the profile, which leaves the runtime's, or name one of your own as Localhost.
#   frameworks:
#     pss-baseline: ["AppArmor"]
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["apparmor-profile"]

import data.lib.podsecurity

deny contains podsecurity.finding(violation, "medium", msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "appArmorProfile"
	msg := sprintf(
		"%s has the AppArmor profile %s, so the runtime's own does not hold it",
		[subject(violation), podsecurity.shown(violation)],
	)
}

# An annotation is for the container that it names.
subject(violation) := sprintf("container %s", [name]) if {
	key := violation.path[count(violation.path) - 1]
	name := trim_prefix(key, "container.apparmor.security.beta.kubernetes.io/")
	name != key
} else := podsecurity.subject(violation)
