# METADATA
# title: Role makes tokens of service accounts
# description: >-
#   Whoever may create serviceaccounts/token is every service account that the rule is about: it asks the API server
#   for a token of one and has all that this account may do. In every namespace that takes in the controllers of the
#   cluster.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request
#     description: RBAC good practices, token request
# custom:
#   severity: high
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Name the service accounts in resourceNames, in a Role of their namespace.
#   frameworks:
#     cis-1.10: ["5.1.13"]
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     nsa-cisa-1.2: ["Authentication and authorization"]
#     ssdf-1.1: ["PS.1.1", "PO.5.1"]
package rules.kubernetes["rbac-tokens"]

import data.lib.rbac

words := {"create-tokens": {
	"all": "makes itself a token of every service account",
	"named": "makes itself a token of service account %s",
}}

deny contains finding if {
	some power in input.facts.kube.role.powers
	finding := rbac.finding(power, words[power.name])
}
