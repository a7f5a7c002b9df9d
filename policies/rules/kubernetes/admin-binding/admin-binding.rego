# METADATA
# title: admin or edit is granted in every namespace
# description: >-
#   The roles admin and edit are made for a namespace. Granted by a ClusterRoleBinding they hold in all of them,
#   kube-system too, and read every secret of the cluster, run pods as any service account, and with admin bind roles in
#   each namespace. What reads like less than cluster-admin is a step away from it.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
#     description: User-facing roles
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Bind the role by a RoleBinding in the namespaces that the subject works in, or grant a role that lists what it
#     does.
#   frameworks:
#     cis-1.10: ["5.1.2", "5.1.4"]
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     nsa-cisa-1.2: ["Authentication and authorization"]
#     ssdf-1.1: ["PS.1.1", "PO.5.1"]
package rules.kubernetes["admin-binding"]

import data.lib.rbac

binding := input.facts.kube.binding

# What the role lets its holders do beside writing what belongs to a namespace.
reach := {
	"admin": "read every secret, run pods as any service account and hand out roles",
	"edit": "read every secret and run pods as any service account",
}

deny contains {"msg": msg, "path": binding.role.path} if {
	binding.cluster
	binding.role.kind == "ClusterRole"
	not binding.role.object # a role of that name that is deployed with it may be another
	count(holders) > 0
	msg := sprintf(
		"%s → ClusterRole %s in every namespace: they %s, in kube-system too",
		[concat(", ", holders), binding.role.name, reach[binding.role.name]],
	)
}

# Groups that everybody is in are for kubernetes/rbac-everybody.
holders := [rbac.holder(subject) | some subject in binding.subjects; not subject.crowd]
