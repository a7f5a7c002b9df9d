# METADATA
# title: Role gets into running pods
# description: >-
#   Whoever may exec into pods, attach to them or put an ephemeral container beside theirs runs commands there, with the
#   pod's service account, secrets and place in the network. Before Kubernetes 1.35 the verb get was enough, by way of a
#   WebSocket. A forwarded port reaches what a pod listens on as if there were no network policy. In every namespace
#   that takes in the pods of the control plane.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     description: RBAC good practices
#   - ref: https://github.com/kubernetes/kubernetes/pull/134577
#     description: Why get was enough
# custom:
#   severity: high
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Grant it in one namespace, to people and not to a program, and for as long as it is needed.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     nsa-cisa-1.2: ["Authentication and authorization"]
#     ssdf-1.1: ["PS.1.1", "PO.5.1"]
package rules.kubernetes["rbac-exec"]

import data.lib.rbac

words := {
	"enter-pods": {
		"all": "runs commands in every pod",
		"named": "runs commands in pod %s",
	},
	"enter-pods-by-get": {
		"all": "runs commands, where Kubernetes is older than 1.35, in every pod",
		"named": "runs commands, where Kubernetes is older than 1.35, in pod %s",
		"milder": true,
		"unless": "enter-pods",
	},
	"forward-ports": {
		"all": "gets past network policies to every port of every pod",
		"named": "gets past network policies to every port of pod %s",
		"milder": true,
	},
}

deny contains finding if {
	some power in input.facts.kube.role.powers
	finding := rbac.finding(power, words[power.name])
}
