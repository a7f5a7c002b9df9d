# METADATA
# title: Role reads secrets
# description: >-
#   Whoever lists or watches secrets reads all that is in them, whatever the name of the verb suggests: the credentials
#   of every workload, and the tokens and keys of those that can do more. In every namespace that is the cluster. A
#   rule that names the secrets it is about, and a role for one namespace, are milder, and so is one that nothing
#   beside it binds. A rule about every resource is told of by rbac-wildcard.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#secrets
#     description: RBAC good practices, secrets
# custom:
#   severity: high
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Name the secrets in resourceNames and leave out list and watch; grant it in the one namespace where it is needed;
#     or mount the secret into the pod that uses it.
#   frameworks:
#     cis-1.10: ["5.1.2"]
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     nsa-cisa-1.2: ["Authentication and authorization"]
#     ssdf-1.1: ["PS.1.1", "PO.5.1"]
package rules.kubernetes["rbac-secrets"]

import data.lib.rbac

words := {"read-secrets": {
	"all": "reads every secret",
	"named": "reads secret %s",
}}

deny contains finding if {
	some power in input.facts.kube.role.powers
	finding := rbac.finding(power, words[power.name])
}
