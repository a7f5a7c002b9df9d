# METADATA
# title: A role is granted to everybody
# description: >-
#   Some groups are no group of people: system:unauthenticated and the user system:anonymous are whoever reaches the API
#   server, system:authenticated is whoever has a login of any kind, on some clouds any account of that cloud, and
#   system:serviceaccounts is every pod, one that was broken into included. What is granted to them cannot be taken
#   from anybody in particular. The roles that Kubernetes itself grants to them, such as system:discovery, are left
#   out, and cluster-admin has a rule of its own.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
#     description: Default roles and bindings
#   - ref: https://kubernetes.io/docs/concepts/security/hardening-guide/authentication-mechanisms/
#     description: Authentication mechanisms
# custom:
#   severity: high
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: Grant the role to the people, or the service accounts, that need it.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     nsa-cisa-1.2: ["Authentication and authorization"]
#     ssdf-1.1: ["PS.1.1", "PO.5.1"]
package rules.kubernetes["rbac-everybody"]

import data.lib.rbac

binding := input.facts.kube.binding

# What Kubernetes itself grants to them, and kubeadm for joining.
expected := {
	"anybody": {"system:public-info-viewer", "kubeadm:bootstrap-signer-clusterinfo"},
	"authenticated": {
		"system:public-info-viewer", "system:discovery", "system:basic-user", "system:scope-impersonation",
		"system:service-account-issuer-discovery",
	},
	"pods": {"system:service-account-issuer-discovery"},
	"namespace": {"system:service-account-issuer-discovery", "system:image-puller"},
}

deny contains {
	"msg": msg, "path": subject.path, "persona": persona(subject.crowd),
	"severity": severity(subject.crowd), "confidence": confidence, "related": related,
} if {
	binding.role.name != "cluster-admin"
	some subject in binding.subjects
	not binding.role.name in expected[subject.crowd]
	msg := sprintf(
		"%s → %s %s: %s has what this role allows %s",
		[rbac.holder(subject), binding.role.kind, binding.role.name, multitude(subject), where],
	)
}

multitude(subject) := rbac.multitude[subject.crowd] if {
	subject.crowd != "namespace"
} else := sprintf("every pod of namespace %s", [split(subject.name, ":")[2]])

# By how far it reaches and what it reaches, and who does.
severity(crowd) := object.get(severities[crowd], weight, "low")

severities := {
	"anybody": {"heavy": "high", "unknown": "medium", "light": "medium", "public": "low"},
	"authenticated": {"heavy": "high", "unknown": "medium"},
	"pods": {"heavy": "high", "unknown": "medium"},
	"namespace": {},
}

default weight := "light"

# The keys that tokens are verified with are public, and whoever is to believe tokens from outside reads them.
weight := "public" if {
	binding.role.name == "system:service-account-issuer-discovery"
} else := "heavy" if {
	binding.cluster
	binding.role.name in {"admin", "edit"}
} else := "unknown" if {
	binding.cluster
	not binding.role.tame
}

default persona(_) := "regular"

persona("anybody") := "pedantic" if weight == "public"

persona("namespace") := "pedantic"

# The role is here and can be read: it gives no power and nothing by wildcard.
persona(crowd) := "pedantic" if {
	crowd in {"authenticated", "pods"}
	binding.role.tame
}

default where := "in the binding's namespace"

where := "in every namespace" if binding.cluster

# A role of another directory may be for another cluster.
default confidence := "high"

confidence := "medium" if binding.role.elsewhere

related := [rbac.place(msg, made.doc, made.path) |
	made := binding.role.object
	msg := sprintf("the role is made here%s", [standing])
]

default standing := ""

standing := ", in another directory" if binding.role.elsewhere
