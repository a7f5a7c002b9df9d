# METADATA
# title: Pod shares a namespace with the node
# description: >-
#   A pod with hostNetwork, hostPID or hostIPC stands in the node's own network, process table or shared memory. It
#   reaches what listens on the node's loopback and escapes network policies, sees and signals every process of the
#   node with its environment, or reads memory that other processes share. Windows has no such namespaces: pods for its
#   nodes are not judged here.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   remediation: >-
#     Remove the field; give the pod a Service or hostPort where it must be reached. Where a node agent truly needs
#     it, ignore the finding with that reason.
#   frameworks:
#     cis-1.10: ["5.2.3", "5.2.4", "5.2.5"]
package rules.kubernetes["host-namespaces"]

consequences := {
	"hostNetwork": "it reaches what listens on the node's loopback, and most network plugins hold it to no policy",
	"hostPID": "it sees every process of the node and, as root, signals them and reads their environment and files",
	"hostIPC": "it reads and writes the memory that processes of the node share",
}

deny contains {"msg": msg, "path": setting.path} if {
	some pod in input.facts.kube.pods
	not pod.windows
	some field, consequence in consequences
	setting := pod[field]
	setting.value
	msg := sprintf("%s %s sets %s: %s", [input.facts.kube.kind, input.facts.kube.name, field, consequence])
}
