# METADATA
# title: Role starts pods
# description: >-
#   A pod runs as any service account of its namespace, mounts any of its secrets and, unless admission forbids it,
#   takes the node. So whoever creates pods, or the objects that controllers make pods of, has all that the namespace
#   has; in every namespace that is the cluster. Controllers that need it are many, so it is told to those who look at
#   more than what must be gated on.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation
#     description: RBAC good practices, workload creation
# custom:
#   severity: high
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Grant it in the namespaces where something is deployed and nothing else lives, and hold them to Pod Security
#     Standards.
#   frameworks:
#     cis-1.10: ["5.1.4"]
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     nsa-cisa-1.2: ["Authentication and authorization"]
#     ssdf-1.1: ["PS.1.1", "PO.5.1"]
package rules.kubernetes["rbac-workloads"]

import data.lib.rbac

words := {"create-pods": {
	"all": "runs pods as any service account and with any secret",
	"named": "changes what %s runs",
	"milder": true,
}}

deny contains finding if {
	some power in input.facts.kube.role.powers
	finding := rbac.finding(power, words[power.name])
}
