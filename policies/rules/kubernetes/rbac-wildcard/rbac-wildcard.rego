# METADATA
# title: Role grants by wildcard
# description: >-
#   A "*" in a rule grants what nobody wrote down: every resource of an API group, of all groups, or every verb, those
#   of extensions installed later included. On core resources that takes in every secret; on roles and cluster roles
#   it takes in the verbs escalate and bind, with which the holder makes itself cluster-admin. A role for one
#   namespace, one that nothing beside it binds, and a wildcard over custom resources of one group, are milder and get a
#   lower severity. Rules about nonResourceURLs are not judged, nor is every verb on a resource for which there is a
#   rule of its own, such as rbac-secrets.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     description: RBAC good practices
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
#     description: Resources, verbs and wildcards in RBAC rules
# custom:
#   severity: high
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: List the API groups, resources and verbs that the holder uses, and nothing else.
#   frameworks:
#     cis-1.10: ["5.1.3"]
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     nsa-cisa-1.2: ["Authentication and authorization"]
#     ssdf-1.1: ["PS.1.1", "PO.5.1"]
package rules.kubernetes["rbac-wildcard"]

import data.lib.rbac

role := input.facts.kube.role

# Verbs of these resources that only a "*" brings in unnoticed, and with which the holder becomes somebody else. Those
# of resources that a rule names are powers, which other rules tell of.
ladders := {
	"": {"verbs": "impersonate", "resources": {"*"}},
	"rbac.authorization.k8s.io": {"verbs": "escalate and bind", "resources": {"*"}},
	"certificates.k8s.io": {"verbs": "approve and sign", "resources": {"*"}},
	"security.openshift.io": {"verbs": "use", "resources": {"securitycontextconstraints", "*"}},
}

# What a reader has to see first where a list is cut, the gravest first.
grave := [
	"secrets", "serviceaccounts/token", "pods/exec", "pods/attach", "pods/ephemeralcontainers", "nodes/proxy",
	"clusterroles", "roles", "clusterrolebindings", "rolebindings", "serviceaccounts", "users", "groups", "signers",
	"mutatingwebhookconfigurations", "validatingwebhookconfigurations", "nodes", "pods",
	"escalate", "bind", "impersonate", "approve", "sign", "use",
	"", "rbac.authorization.k8s.io", "certificates.k8s.io", "admissionregistration.k8s.io",
]

deny contains {
	"msg": msg, "path": rule.wildcards[0].path,
	"severity": severity(rule), "persona": persona(rule),
	"confidence": rbac.holding.confidence, "related": rbac.holding.places,
} if {
	not role.aggregated
	some rule in role.rules
	count(rule.wildcards) > 0
	not told(rule)
	msg := sprintf("%s may %s %s of %s%s%s", [
		rbac.holding.title,
		verbs(rule), resources(rule), groups(rule), names(rule), consequence(rule),
	])
}

# What is grave about a resource that it names is told by another rule.
told(rule) if {
	count(rule.powers) > 0
	not wild(rule, "resources")
}

severity(rule) := "high" if {
	rbac.holding.reach == "everybody"
	dangerous(rule)
} else := "medium" if {
	rbac.wide
	dangerous(rule)
} else := "info" if {
	rule.extension
	count(rule.wildcards) == 1
} else := "low"

default persona(_) := "regular"

persona(_) := "pedantic" if count(role.grants) == 0

persona(rule) := "pedantic" if {
	count(role.grants) > 0
	rule.extension
}

# It names resources that no power is in: the verbs are hygiene.
persona(rule) := "pedantic" if {
	count(role.grants) > 0
	not wild(rule, "resources")
	not dangerous(rule)
}

dangerous(rule) if takes_secrets(rule)

dangerous(rule) if climbs(rule)

takes_secrets(rule) if {
	wild(rule, "resources")
	count(rule.resourceNames) == 0
	some group in rule.apiGroups
	group in {"", "*"}
	some verb in rule.verbs
	verb in {"get", "list", "watch", "*"}
}

climbs(rule) if {
	count(rule.resourceNames) == 0
	count(ladder_verbs(rule)) > 0
}

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

consequence(rule) := sprintf(", every secret%s included", [reach]) if {
	takes_secrets(rule)
} else := sprintf(", which takes in %s", [concat(", ", ladder_verbs(rule))]) if {
	climbs(rule)
} else := ""

default reach := " of its namespace"

reach := "" if {
	role.cluster
	count(role.grants) == 0
}

reach := "" if rbac.wide

verbs(rule) := "do everything with" if {
	wild(rule, "verbs")
} else := sprintf("use %s verbs on", [listed(rule.verbs)]) if {
	count(rule.verbs) > most
} else := listed(rule.verbs)

resources(rule) := "every resource" if {
	wild(rule, "resources")
} else := listed(rule.resources)

groups(rule) := "every API group" if {
	wild(rule, "apiGroups")
} else := "the core API group" if {
	rule.apiGroups == [""]
} else := sprintf("API group %s", rule.apiGroups) if {
	count(rule.apiGroups) == 1
} else := sprintf("API groups %s", [listed(rule.apiGroups)])

names(rule) := sprintf(" named %s", [listed(rule.resourceNames)]) if {
	count(rule.resourceNames) > 0
} else := ""

# How many of a list are named; of one that is longer, the first three.
most := 4

listed(list) := sprintf("%s and %d more", [joined(array.slice(gravest_first(list), 0, 3)), count(list) - 3]) if {
	count(list) > most
} else := sprintf("%s and %s", [joined(array.slice(list, 0, count(list) - 1)), shown(list[count(list) - 1])]) if {
	count(list) > 1
} else := joined(list)

joined(list) := concat(", ", [shown(name) | some name in list])

# The core API group has no name.
shown(name) := "core" if {
	name == ""
} else := name

gravest_first(list) := array.concat(
	[name | some name in grave; name in list],
	[name | some name in list; not name in grave],
)
