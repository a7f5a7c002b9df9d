# METADATA
# title: Container keeps capabilities
# description: >-
#   A runtime gives every container capabilities that hardly any program needs: to change owners and modes of files past
#   their permissions, to send raw packets, to make device files. An intruder who is root in the container has them all.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
#     description: Pod Security Standards, restricted
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Security context of a pod and its containers
# custom:
#   severity: medium
#   confidence: high
#   persona: pedantic
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Set securityContext.capabilities.drop to [ALL] and add NET_BIND_SERVICE where a port below 1024 is opened.
#   frameworks:
#     cis-1.10: ["5.2.8", "5.2.10"]
#     pss-restricted: ["Capabilities"]
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["undropped-capabilities"]

import data.lib.podsecurity

deny contains podsecurity.finding(violation, "low", msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "capabilities_restricted"
	endswith(violation.field, ".drop")
	count(all_of(violation)) == 0
	msg := sprintf(
		"%s does not drop all capabilities, so root in it has those that the runtime gives",
		[podsecurity.subject(violation)],
	)
}

# Runtimes take the word in any case, the admission controller does not.
deny contains podsecurity.finding(violation, "info", msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "capabilities_restricted"
	endswith(violation.field, ".drop")
	some word in all_of(violation)
	msg := sprintf(
		"%s drops the capabilities %s, which Pod Security only takes as ALL",
		[podsecurity.subject(violation), word],
	)
}

deny contains podsecurity.finding(violation, "low", msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "capabilities_restricted"
	endswith(violation.field, ".add[]")
	msg := sprintf(
		"%s adds the capability %s, which a restricted pod may not have",
		[podsecurity.subject(violation), violation.value],
	)
}

# The word for all capabilities among those that a violation's container drops, as it is written there.
all_of(violation) := {dropped.value |
	some pod in input.facts.kube.pods
	some container in pod.containers
	some dropped in container.capabilities.drop
	array.slice(dropped.path, 0, count(violation.path)) == violation.path
	upper(dropped.value) == "ALL"
}
