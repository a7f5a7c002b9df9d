# METADATA
# title: cluster-admin is granted
# description: >-
#   The role cluster-admin allows everything, in every namespace when a ClusterRoleBinding grants it and in one
#   namespace when a RoleBinding does. Whoever steals the credentials of one of its subjects, a token in a pod for
#   one, has all of that. Members of the group system:masters bypass authorization altogether and cannot be stopped by
#   removing a binding.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     description: RBAC good practices
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
#     description: User-facing roles
# custom:
#   severity: high
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Grant a role that lists what the subject does, in the namespaces where it does it. Bind cluster-admin to no
#     service account, and to nobody's everyday account.
#   frameworks:
#     cis-1.10: ["5.1.1", "5.1.7"]
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     nsa-cisa-1.2: ["Authentication and authorization"]
#     ssdf-1.1: ["PS.1.1", "PO.5.1"]
package rules.kubernetes["cluster-admin-binding"]

import data.lib.rbac

binding := input.facts.kube.binding

deny contains {"msg": msg, "path": binding.role.path, "severity": severity, "related": accounts} if {
	binding.role.kind == "ClusterRole"
	binding.role.name == "cluster-admin"
	count(binding.subjects) > 0
	subjects := concat(", ", [rbac.holder(subject) | some subject in binding.subjects])
	msg := sprintf("cluster-admin, which allows everything %s, is granted to %s", [where, subjects])
}

deny contains {"msg": msg, "path": subject.path, "severity": "low"} if {
	binding.role.name != "cluster-admin"
	some subject in binding.subjects
	subject.kind == "Group"
	subject.name == "system:masters"
	msg := "group system:masters bypasses authorization whatever it is bound to, so bind a group that can be revoked"
}

default severity := "low"

severity := "high" if {
	some subject in binding.subjects
	subject.crowd in {"anybody", "authenticated", "pods"}
} else := "medium" if {
	binding.cluster
}

default where := "in its namespace"

where := "in the whole cluster" if {
	binding.cluster
} else := sprintf("in namespace %s", [input.facts.kube.namespace]) if {
	not rbac.unsaid(object.get(input.facts.kube, "namespace", ""))
}

accounts := [rbac.place(rbac.holder(subject), subject.object.doc, subject.object.path) |
	some subject in binding.subjects
	subject.object
]
