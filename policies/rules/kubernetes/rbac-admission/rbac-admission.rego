# METADATA
# title: Role changes admission
# description: >-
#   A webhook sees whatever is written to the API server, secrets included, and a mutating one changes it. Whoever
#   writes webhook configurations, or admission policies and their bindings, reads and rewrites what everybody else
#   deploys, or switches off what forbids it. An APIService is served by whomever it names. A controller that keeps the
#   certificate in its own configuration up to date can name that one, which is milder.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#control-admission-webhooks
#     description: RBAC good practices, admission webhooks
# custom:
#   severity: high
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   remediation: >-
#     Name the configurations in resourceNames with update and patch, and have them created by whoever installs the
#     controller.
#   frameworks:
#     cis-1.10: ["5.1.12"]
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     nsa-cisa-1.2: ["Authentication and authorization"]
#     ssdf-1.1: ["PS.1.1", "PO.5.1"]
package rules.kubernetes["rbac-admission"]

import data.lib.rbac

words := {
	"change-admission": {
		"all": "sees, rewrites or lets in whatever is written to the API server",
		"named": "changes admission by %s",
	},
	"drop-admission": {
		"all": "switches off what admission forbids",
		"named": "switches off admission by %s",
		"unless": "change-admission",
	},
	"serve-apis": {
		"all": "answers in place of extensions of the API",
		"named": "answers in place of %s",
		"milder": true,
	},
}

deny contains finding if {
	some power in input.facts.kube.role.powers
	finding := rbac.finding(power, words[power.name])
}
