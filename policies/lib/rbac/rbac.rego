# METADATA
# title: Who holds what a role allows
# description: >-
#   What the rules about roles have in common: a finding of one power that a role gives says who gets it by the
#   bindings that are deployed with the role, ServiceAccount web/ci → ClusterRole deployer → secrets:get, and each arrow
#   is a related place. How grave it is follows from who holds it and how far it reaches.
package lib.rbac

role := input.facts.kube.role

# finding is what a rule says of a power. Words are what the holder does: all, where it is about all objects; named, where it is
# about some, with %s for their names. With milder set it is what many controllers need, and low but for crowds; unless is a
# graver power that says it all where the role gives that too.
finding(power, words) := {
	"msg": sprintf("%s%s %s → %s: %s %s%s", [
		arrow, input.facts.kube.kind, input.facts.kube.name, use.what, whoever, deed(use, words), where(use),
	]),
	"path": use.path,
	"severity": verdict.severity,
	"persona": verdict.persona,
	"related": array.concat(places, others),
} if {
	every_other := {other.name | some other in role.powers}
	not object.get(words, "unless", "") in every_other
	effective := uses(power)
	use := effective[0]
	verdict := judge(use, object.get(words, "milder", false))
	others := [{"msg": sprintf("%s is given here", [other.what]), "path": other.path} |
		some i, other in effective
		i > 0
	]
}

# Of objects in no namespace a RoleBinding gives nothing.
uses(power) := [use | some use in power.uses; not void(use)]

void(use) if {
	use.clusterScoped
	count(role.grants) > 0
	not wide
}

default wide := false

wide if {
	some grant in role.grants
	grant.cluster
}

# Those of the holders that many people are behind.
crowds := [grant | some grant in role.grants; grant.subject.crowd]

judge(use, _) := {"severity": "high", "persona": "regular"} if {
	some grant in crowds
	grant.cluster
	count(use.names) == 0
} else := {"severity": "medium", "persona": "regular"} if {
	count(crowds) > 0
} else := {"severity": "info", "persona": "auditor"} if {
	count(use.names) > 0
	not wide
} else := {"severity": "low", "persona": "pedantic"} if {
	count(use.names) > 0
} else := {"severity": "low", "persona": "pedantic"} if {
	not wide
}

judge(use, milder) := {"severity": "low", "persona": "pedantic"} if {
	milder
	plain(use)
} else := {"severity": "medium", "persona": "regular"} if {
	plain(use)
}

# All of some kind of object, in every namespace, and not for everybody.
plain(use) if {
	wide
	count(crowds) == 0
	count(use.names) == 0
}

default arrow := ""

arrow := sprintf("%s → ", [concat(" → ", array.concat([holders], via))]) if count(role.grants) > 0

via := [sprintf("ClusterRole %s", [first.via]) | first := role.grants[0]; first.via]

holders := holder(role.grants[0].subject) if {
	others == 0
} else := sprintf("%s and %d more", [holder(role.grants[0].subject), others])

others := (count({holder(grant.subject) | some grant in role.grants}) - 1) + object.get(role, "moreGrants", 0)

# holder names a subject: ServiceAccount web/ci, Group ops.
holder(subject) := sprintf("ServiceAccount %s", [account(parts[2], parts[3])]) if {
	subject.kind == "User"
	startswith(subject.name, "system:serviceaccount:")
	parts := split(subject.name, ":")
} else := sprintf("ServiceAccount %s", [account(object.get(subject, "namespace", ""), subject.name)]) if {
	subject.kind == "ServiceAccount"
} else := sprintf("%s %s", [subject.kind, subject.name])

account(namespace, name) := name if {
	unsaid(namespace)
} else := sprintf("%s/%s", [namespace, name])

# A chart is rendered for the namespace default, which stands for the one that it will be installed in.
unsaid(namespace) if namespace == ""

unsaid(namespace) if {
	namespace == "default"
	input.origin.renderer == "helm"
}

default whoever := "whoever gets hold of it"

whoever := multitude[crowds[0].subject.crowd] if {
	count(crowds) > 0
} else := sprintf("whoever is given %s", [concat(", ", role.aggregatesTo)]) if {
	count(role.grants) == 0
	count(role.aggregatesTo) > 0
} else := "whoever is bound to it, nobody in these files," if {
	count(role.grants) == 0
} else := "whoever gets hold of one of them" if {
	others > 0
}

multitude := {
	"anybody": "anybody who reaches the API server",
	"authenticated": "everybody with any login",
	"pods": "every pod of the cluster",
	"namespace": "every pod of that namespace",
}

deed(use, words) := sprintf(words.named, [listed(use.names)]) if {
	count(use.names) > 0
} else := words.all

# How many names of a list are told.
most_names := 3

listed(list) := sprintf("%s and %d more", [concat(", ", array.slice(list, 0, most_names)), count(list) - most_names]) if {
	count(list) > most_names
} else := concat(", ", list)

where(use) := "" if {
	use.clusterScoped
} else := " in every namespace" if {
	wide
} else := " in its namespace" if {
	not role.cluster
	unsaid(object.get(input.facts.kube, "namespace", ""))
} else := sprintf(" in namespace %s", [input.facts.kube.namespace]) if {
	not role.cluster
} else := "" if {
	count(role.grants) == 0
} else := sprintf(" in namespace %s", [concat(", ", spaces)]) if {
	count(spaces) > 0
} else := " in the namespace of its binding"

spaces := {namespace |
	some grant in role.grants
	namespace := grant.namespace
	not unsaid(namespace)
}

# How many of the arrows are shown.
most := 5

places := [place |
	some grant in array.slice(role.grants, 0, most)
	some place in array.concat(
		[{
			"msg": sprintf("%s %s gives it to %s", [grant.kind, grant.name, holder(grant.subject)]),
			"doc": grant.doc,
			"path": grant.subject.path,
		}],
		[{"msg": sprintf("%s", [holder(grant.subject)]), "doc": made.doc, "path": made.path} |
			made := grant.subject.object
		],
	)
]
