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
#   remediation: >-
#     Grant a role that lists what the subject does, in the namespaces where it does it. Bind cluster-admin to no
#     service account, and to nobody's everyday account.
#   frameworks:
#     cis-1.10: ["5.1.1", "5.1.7"]
package rules.kubernetes["cluster-admin-binding"]

binding := input.facts.kube.binding

# Groups that anybody who reaches the API server is in, or can easily be.
everybody := {"system:anonymous", "system:unauthenticated", "system:authenticated"}

deny contains {"msg": msg, "path": binding.role.path, "severity": severity} if {
	binding.role.kind == "ClusterRole"
	binding.role.name == "cluster-admin"
	count(binding.subjects) > 0
	subjects := concat(", ", [subject_name(subject) | some subject in binding.subjects])
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
	subject.name in everybody
} else := "medium" if {
	binding.cluster
}

default where := "in its namespace"

where := "in the whole cluster" if {
	binding.cluster
} else := "in the release's namespace" if {
	released(object.get(input.facts.kube, "namespace", "default"))
} else := sprintf("in namespace %s", [input.facts.kube.namespace]) if {
	input.facts.kube.namespace
}

# A chart is rendered for the namespace default, which stands for the one that it will be installed in.
released(namespace) if {
	input.origin.renderer == "helm"
	namespace == "default"
}

subject_name(subject) := account(subject.namespace, subject.name) if {
	subject.kind == "ServiceAccount"
	subject.namespace
} else := account(parts[2], parts[3]) if {
	subject.kind == "User"
	startswith(subject.name, "system:serviceaccount:")
	parts := split(subject.name, ":")
} else := sprintf("service account %s", [subject.name]) if {
	subject.kind == "ServiceAccount"
} else := sprintf("%s %s", [lower(subject.kind), subject.name])

account(namespace, name) := sprintf("service account %s in the release's namespace", [name]) if {
	released(namespace)
} else := sprintf("service account %s/%s", [namespace, name])
