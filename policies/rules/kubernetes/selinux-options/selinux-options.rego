# METADATA
# title: Container has an SELinux label of its own
# description: >-
#   SELinux keeps containers from the node and from each other by the type of their label. Another type than those for
#   containers, as spc_t, lifts that; another user or role changes what the label means.
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
#     Remove seLinuxOptions, or set only its level. container_t, container_init_t, container_kvm_t and
#     container_engine_t are types for containers.
#   frameworks:
#     cis-1.10: ["5.7.3"]
#     pss-baseline: ["SELinux"]
package rules.kubernetes["selinux-options"]

import data.lib.podsecurity

deny contains podsecurity.finding(violation, severity(violation), msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "seLinuxOptions"
	parts := split(violation.field, ".")
	part := parts[count(parts) - 1]
	msg := sprintf(
		"%s sets the SELinux %s %s, which is none for containers, so SELinux may not keep it from the node",
		[podsecurity.subject(violation), part, violation.value],
	)
}

default severity(_) := "low"

severity(violation) := "medium" if endswith(violation.field, ".type")
