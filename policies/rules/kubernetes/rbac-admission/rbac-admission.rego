# METADATA
# title: Role changes admission
# description: >-
#   A webhook sees whatever is written to the API server, secrets included, and a mutating one changes it. Whoever
#   writes webhook configurations, or admission policies and their bindings, reads and rewrites what everybody else
#   deploys, or switches off what forbids it. Pod Security goes by the labels of a namespace, which whoever patches the
#   namespace takes off. An APIService is served by whomever it names, and flow schemas say whose requests wait. A
#   controller that keeps the certificate in its own configuration up to date can name that one, which is milder.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#control-admission-webhooks
#     description: RBAC good practices, admission webhooks
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#namespace-modification
#     description: RBAC good practices, namespace modification
# custom:
#   severity: high
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
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
	"change-requests": {
		"all": "rewrites whatever is written to the API server",
		"named": "changes admission by %s",
	},
	"see-requests": {
		"all": "sees whatever is written to the API server, and decides what is refused",
		"named": "changes admission by %s",
		"unless": "change-requests",
	},
	"drop-admission": {
		"all": "switches off what admission forbids",
		"named": "switches off admission by %s",
		"unless": "change-requests",
	},
	"label-namespaces": {
		"all": "takes the labels off namespaces by which Pod Security and admission policies go",
		"named": "takes the labels off namespace %s by which Pod Security and admission policies go",
		"milder": true,
	},
	"change-priorities": {
		"all": "decides whose requests the API server leaves waiting",
		"named": "decides by %s whose requests the API server leaves waiting",
		"milder": true,
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
