# METADATA
# title: Role changes nodes
# description: >-
#   Labels and taints decide where pods run: whoever changes nodes draws those with the secrets that it is after to a
#   node that it holds, or drives all of them from where they are safe. The status of a node says how much there is of
#   it, and where the API server finds its kubelet. Controllers that need it are many, so it is told to those who look
#   at more than what must be gated on.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/node/
#     description: Authorization of nodes
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     description: RBAC good practices
# custom:
#   severity: high
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Let the kubelet's own login set what it must; name the nodes where they are known.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     nsa-cisa-1.2: ["Authentication and authorization"]
#     ssdf-1.1: ["PS.1.1", "PO.5.1"]
package rules.kubernetes["rbac-nodes"]

import data.lib.rbac

words := {"change-nodes": {
	"all": "moves pods, and their secrets, to the nodes that it likes",
	"named": "changes node %s",
	"milder": true,
}}

deny contains finding if {
	some power in input.facts.kube.role.powers
	finding := rbac.finding(power, words[power.name])
}
