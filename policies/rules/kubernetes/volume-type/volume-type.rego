# METADATA
# title: Pod mounts a volume of a kind that restricted refuses
# description: >-
#   A volume that names a server, a disk or a driver itself goes past the storage classes and claims with which the
#   cluster decides who may mount what. gitRepo runs git on the node as root; others carry their credentials in the pod.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
#     description: Pod Security Standards, restricted
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/
#     description: Volumes
# custom:
#   severity: medium
#   confidence: high
#   persona: pedantic
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Mount a claim on a PersistentVolume that the cluster's administrators made.
#   frameworks:
#     pss-restricted: ["Volume Types"]
package rules.kubernetes["volume-type"]

import data.lib.podsecurity

deny contains podsecurity.finding(violation, "low", msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "restrictedVolumes"
	msg := sprintf(
		"%s mounts %s itself, past the claims by which the cluster decides who may mount what",
		[podsecurity.subject(violation), what(violation)],
	)
}

# The path leads to the volume's source, or to the volume where it has none.
what(violation) := sprintf("a volume of kind %s", [last]) if {
	last := violation.path[count(violation.path) - 1]
	is_string(last)
} else := "a volume without a kind"
