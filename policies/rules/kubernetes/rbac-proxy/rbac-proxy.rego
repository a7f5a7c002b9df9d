# METADATA
# title: Role speaks through the API server
# description: >-
#   nodes/proxy reaches the kubelet's own API, which runs commands in every pod of the node, past audit and admission,
#   and a WebSocket takes no more than the verb get. services/proxy and pods/proxy reach what listens inside the
#   cluster as if there were no network policy, from the API server's address.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes
#     description: RBAC good practices, nodes/proxy
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/
#     description: Authorization of the kubelet
# custom:
#   severity: high
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     For metrics grant nodes/metrics, nodes/stats and nodes/log, which the kubelet tells apart; for a service, name it
#     in resourceNames.
#   frameworks:
#     cis-1.10: ["5.1.10"]
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     nsa-cisa-1.2: ["Authentication and authorization"]
#     ssdf-1.1: ["PS.1.1", "PO.5.1"]
package rules.kubernetes["rbac-proxy"]

import data.lib.rbac

words := {
	"proxy-nodes": {
		"all": "runs commands in every pod by way of the kubelets",
		"named": "runs commands in every pod of node %s",
	},
	"proxy-services": {
		"all": "gets past network policies to every service and pod",
		"named": "gets past network policies to %s",
		"milder": true,
	},
}

deny contains finding if {
	some power in input.facts.kube.role.powers
	finding := rbac.finding(power, words[power.name])
}
