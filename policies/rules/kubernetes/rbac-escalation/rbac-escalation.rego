# METADATA
# title: Role raises itself
# description: >-
#   Kubernetes lets nobody grant more than they have, but for two verbs: escalate on roles lets its holder write any
#   right into one, and bind lets it bind any role, cluster-admin for one, to itself. On EKS the ConfigMap aws-auth
#   does the same: it says which identity of AWS is in which group. A bind that names roles in resourceNames is what
#   many operators need, and milder.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb
#     description: RBAC good practices, escalate
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#bind-verb
#     description: RBAC good practices, bind
#   - ref: https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html
#     description: The ConfigMap aws-auth of EKS
# custom:
#   severity: high
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Leave out escalate; give bind only with the roles that may be bound in resourceNames, and none of those that are
#     stronger than the holder.
#   frameworks:
#     cis-1.10: ["5.1.8"]
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     nsa-cisa-1.2: ["Authentication and authorization"]
#     ssdf-1.1: ["PS.1.1", "PO.5.1"]
package rules.kubernetes["rbac-escalation"]

import data.lib.rbac

words := {
	"escalate": {
		"all": "gives any role, its own too, any right",
		"named": "gives role %s any right",
	},
	"bind": {
		"all": "binds any role, cluster-admin too, to itself",
		"named": "binds role %s to whomever it likes",
		"unless": "escalate",
	},
	"bind-roles": {
		"all": "binds any Role to itself",
		"named": "binds Role %s to whomever it likes",
		"unless": "escalate",
	},
	"map-identities": {"named": "decides by ConfigMap %s which identities of AWS are administrators of an EKS cluster"},
}

deny contains finding if {
	some power in input.facts.kube.role.powers
	finding := rbac.finding(power, words[power.name])
}
