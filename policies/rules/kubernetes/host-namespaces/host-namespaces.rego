# METADATA
# title: Pod shares a namespace with the node
# description: >-
#   A pod with hostNetwork, hostPID or hostIPC stands in the node's own network, process table or shared memory. It
#   reaches what listens on the node's loopback and escapes network policies, sees and signals every process of the node
#   with its environment, or reads memory that other processes share.
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
#     Remove the field; give the pod a Service or hostPort where it must be reached. Where a node agent truly needs it,
#     ignore the finding with that reason.
#   frameworks:
#     cis-1.10: ["5.2.3", "5.2.4", "5.2.5"]
#     pss-baseline: ["Host Namespaces"]
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["host-namespaces"]

import data.lib.podsecurity

consequences := {
	"hostNetwork": "it reaches what listens on the node's loopback, and most network plugins hold it to no policy",
	"hostPID": "it sees every process of the node and, as root, signals them and reads their environment and files",
	"hostIPC": "it reads and writes the memory that processes of the node share",
}

deny contains podsecurity.finding(violation, "medium", msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control == "hostNamespaces"
	msg := sprintf("%s sets %s: %s", [podsecurity.subject(violation), violation.field, consequences[violation.field]])
}
