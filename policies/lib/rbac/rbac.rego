# METADATA
# title: Who holds what a role allows
# description: >-
#   What the rules about roles have in common: a finding of one power that a role gives says who gets it by the
#   bindings that are deployed with the role, ServiceAccount web/ci → ClusterRole deployer → secrets:get, and each arrow
#   is a related place. How grave it is follows from who holds it and how far it reaches.
package lib.rbac

role := input.facts.kube.role

# finding is what a rule says of a power. Words are what the holder does: all, where it is about all objects; named,
# where it is about some, with %s for their names. With milder set it is what many controllers need; with grave set the
# names are no limit. Unless is a graver power that says it all where the role gives that too.
finding(power, words) := told(holding, power, words)

told(held, power, words) := object.union(held.verdicts[case_of(use, words)], {
	"msg": sprintf("%s → %s: %s %s%s", [held.title, use.what, held.whoever, deed(use, words), reached]),
	"path": use.path,
	"confidence": held.confidence,
	"related": array.concat(held.places, others),
}) if {
	not object.get(words, "unless", "") in held.powers
	[use, others] := effective(power)
	reached := held.where[object.get(use, "clusterScoped", false)]
}

# effective is the first use of a power and, as places, the others. Of objects in no namespace a RoleBinding gives
# nothing.
effective(power) := [uses[0], others] if {
	uses := [use | some use in power.uses; not void(use)]
	others := [{"msg": sprintf("%s is given here", [other.what]), "path": other.path} |
		some i, other in uses
		i > 0
	]
}

# How grave it is, and who wants to know, by how far it reaches and whether it is about all objects.
verdicts := {
	"everybody": {
		"all": {"severity": "high", "persona": "regular"},
		"milder": {"severity": "high", "persona": "regular"},
		"named": {"severity": "medium", "persona": "regular"},
	},
	"many": {
		"all": {"severity": "medium", "persona": "regular"},
		"milder": {"severity": "medium", "persona": "regular"},
		"named": {"severity": "medium", "persona": "regular"},
	},
	"cluster": {
		"all": {"severity": "medium", "persona": "regular"},
		"milder": {"severity": "low", "persona": "pedantic"},
		"named": {"severity": "low", "persona": "pedantic"},
	},
	"namespace": {
		"all": {"severity": "low", "persona": "pedantic"},
		"milder": {"severity": "low", "persona": "pedantic"},
		"named": {"severity": "info", "persona": "auditor"},
	},
}

case_of(use, words) := "named" if {
	count(use.names) > 0
	not words.grave
} else := "milder" if {
	words.milder
} else := "all"

void(use) if {
	use.clusterScoped
	bound
	not wide
}

# What there is to know about the holders of the role.
holding := {
	"title": sprintf("%s%s %s", [arrow, input.facts.kube.kind, input.facts.kube.name]),
	"whoever": whoever,
	"reach": reach,
	"verdicts": verdicts[reach],
	"where": {true: "", false: where},
	"places": places,
	"powers": {power.name | some power in role.powers},
	"confidence": confidence,
}

# A binding of another directory may be for another cluster.
default confidence := "high"

confidence := "medium" if {
	some grant in role.grants
	grant.elsewhere
}

bound if count(role.grants) > 0

wide if {
	some grant in role.grants
	grant.cluster
}

# Those of the holders that many people are behind.
crowds := [grant | some grant in role.grants; grant.subject.crowd]

default reach := "namespace"

reach := "everybody" if {
	some grant in crowds
	grant.cluster
} else := "many" if {
	count(crowds) > 0
} else := "cluster" if {
	wide
}

default arrow := ""

arrow := sprintf("%s → ", [concat(" → ", array.concat([holders], via))]) if bound

via := [sprintf("ClusterRole %s", [first.via]) | first := role.grants[0]; first.via]

holders := holder(role.grants[0].subject) if {
	more == 0
} else := sprintf("%s and %d more", [holder(role.grants[0].subject), more])

more := (count({holder(grant.subject) | some grant in role.grants}) - 1) + object.get(role, "moreGrants", 0)

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
unsaid("")

unsaid("default") if input.origin.renderer == "helm"

default whoever := "whoever gets hold of it"

whoever := multitude[crowds[0].subject.crowd] if {
	count(crowds) > 0
} else := sprintf("whoever is given %s", [concat(" or ", role.aggregatesTo)]) if {
	not bound
	count(role.aggregatesTo) > 0
} else := "whoever is bound to it, nobody in these files," if {
	not bound
} else := "whoever gets hold of one of them" if {
	more > 0
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

# A list is told by its first three.
listed(list) := sprintf("%s and %d more", [concat(", ", array.slice(list, 0, 3)), count(list) - 3]) if {
	count(list) > 3
} else := concat(", ", list)

default where := ""

where := " in every namespace" if {
	wide
} else := sprintf(" in namespace %s", [concat(", ", spaces)]) if {
	count(spaces) > 0
} else := " in its namespace" if {
	not role.cluster
} else := " in the namespace of its binding" if {
	bound
}

spaces contains grant.namespace if {
	some grant in role.grants
	not unsaid(grant.namespace)
}

spaces contains input.facts.kube.namespace if {
	not role.cluster
	not unsaid(input.facts.kube.namespace)
}

# The arrows, as places to look at: of the first holders, the bindings and the service accounts.
places := [place |
	some grant in array.slice(role.grants, 0, 5)
	some place in array.concat([binding_place(grant)], account_places(grant.subject))
]

binding_place(grant) := place(
	sprintf("%s %s%s gives it to %s", [grant.kind, grant.name, standing(grant), holder(grant.subject)]),
	grant.doc, grant.subject.path,
)

# A name's key stands where the object does, while the name may be made elsewhere, as in a chart's helper.
place(msg, doc, path) := {"msg": msg, "doc": doc, "path": path, "key": "last"}

standing(grant) := ", in another directory," if {
	grant.elsewhere
} else := ""

account_places(subject) := [place(holder(subject), subject.object.doc, subject.object.path) |
	subject.object
]
