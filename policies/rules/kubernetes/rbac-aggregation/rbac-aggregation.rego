# METADATA
# title: Role widens admin, edit or view
# description: >-
#   A ClusterRole with the label aggregate-to-admin, aggregate-to-edit or aggregate-to-view becomes a part of that role,
#   in every cluster where it is installed, and with it of every binding that somebody made for other reasons. view is
#   made to let people look without reading secrets or changing anything, and edit and admin to keep them in their
#   namespace: what goes beyond that makes them something else, and no binding in the repository shows it.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
#     description: Aggregated ClusterRoles
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
#     description: User-facing roles
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Take the label off and bind the role to those who need it; keep in an aggregated role only what is as harmless as
#     the role that it becomes a part of.
#   frameworks:
#     cis-1.10: ["5.1.3"]
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     nsa-cisa-1.2: ["Authentication and authorization"]
#     ssdf-1.1: ["PS.1.1", "PO.5.1"]
package rules.kubernetes["rbac-aggregation"]

role := input.facts.kube.role

# What edit and admin allow in a namespace as Kubernetes makes them, and what operators add for their own objects by
# design.
edited := {
	"read-secrets", "create-tokens", "impersonate-accounts", "create-pods", "enter-pods", "enter-pods-by-get",
	"forward-ports", "proxy-services", "map-identities", "deploy", "change-policies", "fetch-secrets",
}

within := {"view": set(), "edit": edited, "admin": (edited | {"bind-roles"})}

deny contains {"msg": msg, "path": label(least), "severity": severity(power.name), "related": related} if {
	least := role.aggregatesTo[0]
	some power in role.powers
	not power.name in within[least]
	use := power.uses[0]
	msg := sprintf("%s has %s as well", [opening(least), use.what])
	related := [{"msg": "it is given here", "path": use.path}]
}

deny contains {"msg": msg, "path": label(least), "severity": "medium", "related": related} if {
	least := role.aggregatesTo[0]
	some rule in role.rules
	not rule.extension
	some wildcard in rule.wildcards
	wildcard.field == "resources"
	some group in rule.apiGroups
	group in {"", "*"}
	msg := sprintf("%s has every resource as well", [opening(least)])
	related := [{"msg": "it is given here", "path": wildcard.path}]
}

# To view is to change nothing, in extensions too.
deny contains {"msg": msg, "path": label("view"), "severity": "low", "related": related} if {
	role.aggregatesTo[0] == "view"
	some rule in role.rules
	count(rule.powers) == 0
	count(rule.resources) > 0
	count({group | some group in rule.apiGroups} - asking) > 0
	changing := [verb | some verb in rule.verbs; verb in {"create", "update", "patch", "delete", "deletecollection", "*"}]
	count(changing) > 0
	msg := sprintf("%s has %s:%s as well", [opening("view"), few(rule.resources), few(changing)])
	related := [{"msg": "it is given here", "path": array.concat(rule.path, ["verbs"])}]
}

few(words) := concat(",", words) if {
	count(words) < 4
} else := sprintf("%s,…", [concat(",", array.slice(words, 0, 3))])

# What is created in these groups is a question to the API server.
asking := {"authentication.k8s.io", "authorization.k8s.io"}

opening(name) := sprintf(
	"ClusterRole %s becomes a part of %s by this label, so whoever is given %s",
	[input.facts.kube.name, name, name],
)

label(name) := ["metadata", "labels", sprintf("rbac.authorization.k8s.io/aggregate-to-%s", [name])]

severity(name) := "low" if {
	name in {"deploy", "change-policies", "fetch-secrets", "forward-ports"}
} else := "medium"
