# METADATA
# title: Role impersonates
# description: >-
#   Whoever may impersonate users or groups acts with all of their rights, and the group system:masters has every right
#   there is. Impersonated service accounts take in the controllers of the cluster; userextras and uids are what an
#   authorizer or an admission policy may decide by.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#impersonate-verb
#     description: RBAC good practices, impersonate
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
#     description: User impersonation
# custom:
#   severity: high
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Leave it out, or name in resourceNames whom the holder stands in for.
#   frameworks:
#     cis-1.10: ["5.1.8"]
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     nsa-cisa-1.2: ["Authentication and authorization"]
#     ssdf-1.1: ["PS.1.1", "PO.5.1"]
package rules.kubernetes["rbac-impersonation"]

import data.lib.rbac

words := {
	"impersonate": {
		"all": "acts as any user or group",
		"named": "acts as %s",
		"unless": "impersonate-masters",
	},
	"impersonate-masters": {
		"named": "acts as a member of %s, which has every right there is",
		"grave": true,
	},
	"impersonate-accounts": {
		"all": "acts as any service account",
		"named": "acts as service account %s",
	},
	"impersonate-for": {
		"all": "acts as others in what its impersonate-on verbs allow",
		"named": "acts as %s in what its impersonate-on verbs allow",
		"milder": true,
		"unless": "impersonate",
	},
	"impersonate-extras": {
		"all": "passes for what authorizers read of a login beside its name",
		"named": "passes for %s",
		"milder": true,
		"unless": "impersonate",
	},
}

deny contains finding if {
	some power in input.facts.kube.role.powers
	finding := rbac.finding(power, words[power.name])
}
