# METADATA
# title: Role issues certificates
# description: >-
#   A certificate that a signer of Kubernetes issues is a login: that of kube-apiserver-client for any user and group,
#   the others for nodes. Whoever may approve requests for it, or sign them, is anybody. A rule about signers of a
#   project's own is milder: the cluster takes none of their certificates for a login.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#csrs-and-certificate-issuing
#     description: RBAC good practices, certificates
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#authorization
#     description: Authorization of signers
# custom:
#   severity: high
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Name in resourceNames the signers that are meant, and none of kubernetes.io/.
#   frameworks:
#     cis-1.10: ["5.1.11"]
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     nsa-cisa-1.2: ["Authentication and authorization"]
#     ssdf-1.1: ["PS.1.1", "PO.5.1"]
package rules.kubernetes["rbac-certificates"]

import data.lib.rbac

words := {
	"approve-certificates": {
		"all": "has certificates issued for any user and group",
		"named": "has certificates issued by %s",
		"unless": "approve-logins",
	},
	"approve-logins": {
		"named": "has certificates issued by %s, which are logins of whatever name it likes",
		"grave": true,
	},
	"sign-certificates": {
		"all": "issues certificates for any user and group",
		"named": "issues certificates as %s",
	},
}

deny contains finding if {
	some power in input.facts.kube.role.powers
	finding := rbac.finding(power, words[power.name])
}
