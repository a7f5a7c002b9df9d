# METADATA
# title: Probe or hook asks another host
# description: >-
#   The kubelet itself sends probes and lifecycle hooks, from the node's network. One that names a host makes the
#   kubelet speak to whatever is there: services on the node's loopback, the cloud's metadata service, the internal
#   network. Whoever may write the pod learns from its state what answered.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
#     description: Probes
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Leave host out, so that the pod's own address is asked. In a pod of the host network name the pod's address or use
#     an exec probe.
#   frameworks:
#     pss-baseline: ["Host Probes / Lifecycle Hooks"]
package rules.kubernetes["host-probe"]

import data.lib.podsecurity

deny contains object.union(finding, milder) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "hostProbesAndHostLifecycle"
	keys := split(violation.field, ".")
	msg := sprintf(
		"%s of %s names the host %s, so the node's kubelet sends requests there",
		[keys[count(keys) - 3], podsecurity.subject(violation), violation.value],
	)
	finding := podsecurity.finding(violation, "low", msg)
	milder := mildness(violation)
}

# In the node's network its loopback is the pod's own.
mildness(violation) := {"severity": "info", "persona": "pedantic"} if {
	not violation.refused
	violation.value in {"127.0.0.1", "localhost", "::1"}
	some pod in input.facts.kube.pods
	pod.path == violation.pod
	pod.hostNetwork.value
} else := {}
