# METADATA
# title: Role grants by wildcard
# description: >-
#   A "*" in a rule grants what nobody wrote down: every resource of an API group, of all groups, or every verb, those
#   of extensions installed later included. On core resources that takes in every secret; on roles it takes in the
#   verbs escalate and bind, with which the holder makes itself cluster-admin. A role for one namespace, and a
#   wildcard over custom resources of one group, are milder and get a lower severity. Rules about nonResourceURLs are
#   not judged.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     description: RBAC good practices
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
#     description: Resources, verbs and wildcards in RBAC rules
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   remediation: List the API groups, resources and verbs that the holder uses, and nothing else.
#   frameworks:
#     cis-kubernetes-1.10: ["5.1.3"]
package rules.kubernetes["rbac-wildcard"]

role := input.facts.kube.role

# Verbs of these resources that only a "*" brings in unnoticed, and with which the holder becomes somebody else.
ladders := {
	"": {"verbs": "impersonate", "resources": {"serviceaccounts", "users", "groups", "*"}},
	"rbac.authorization.k8s.io": {
		"verbs": "escalate and bind",
		"resources": {"roles", "clusterroles", "rolebindings", "clusterrolebindings", "*"},
	},
	"certificates.k8s.io": {"verbs": "approve and sign", "resources": {"certificatesigningrequests", "signers", "*"}},
	"security.openshift.io": {"verbs": "use", "resources": {"securitycontextconstraints", "*"}},
}

deny contains {"msg": msg, "path": rule.wildcards[0].path, "severity": severity(rule)} if {
	not role.aggregated
	some rule in role.rules
	count(rule.wildcards) > 0
	msg := sprintf("%s %s may %s %s of %s%s", [
		input.facts.kube.kind, input.facts.kube.name,
		verbs(rule), resources(rule), groups(rule), consequence(rule),
	])
}

severity(rule) := "medium" if {
	role.cluster
	count(rule.resourceNames) == 0
	dangerous(rule)
} else := "info" if {
	rule.extension
	count(rule.wildcards) == 1
} else := "low"

dangerous(rule) if takes_secrets(rule)

dangerous(rule) if climbs(rule)

takes_secrets(rule) if {
	wild(rule, "resources")
	some group in rule.apiGroups
	group in {"", "*"}
}

climbs(rule) if count(ladder_verbs(rule)) > 0

ladder_verbs(rule) := {ladder.verbs |
	wild(rule, "verbs")
	some group, ladder in ladders
	some named in rule.apiGroups
	named in {group, "*"}
	some resource in rule.resources
	resource in ladder.resources
}

wild(rule, field) if {
	some wildcard in rule.wildcards
	wildcard.field == field
}

consequence(rule) := ", every secret included" if {
	takes_secrets(rule)
} else := sprintf(", which takes in %s", [concat(", ", ladder_verbs(rule))]) if {
	climbs(rule)
} else := ""

verbs(rule) := "do everything with" if {
	wild(rule, "verbs")
} else := listed(rule.verbs)

resources(rule) := "every resource" if {
	wild(rule, "resources")
} else := listed(rule.resources)

groups(rule) := "every API group" if {
	wild(rule, "apiGroups")
} else := "the core API group" if {
	rule.apiGroups == [""]
} else := sprintf("API group %s", [listed([group_name(group) | some group in rule.apiGroups])])

group_name("") := "core"

group_name(group) := group if group != ""

listed(names) := concat(", ", names) if {
	count(names) < 5
} else := sprintf("%s and %d more", [concat(", ", array.slice(names, 0, 3)), count(names) - 3])
