# regal ignore:directory-package-mismatch
package rules.kubernetes["rbac-wildcard_test"]

import data.rules.kubernetes["rbac-wildcard"] as rule

rbac := "rbac.authorization.k8s.io"

# What a fixture cannot say: how severe each grant is.
test_severity[name] if {
	some name, case in {
		"every secret of the cluster": {"want": ["medium"], "fields": ["resources"]},
		"every secret of a namespace": {"want": ["low"], "fields": ["resources"], "cluster": false},
		"every secret, but one name": {"want": ["low"], "fields": ["resources"], "names": ["tls"]},
		"every resource of another group": {"want": ["low"], "fields": ["resources"], "group": "apps"},
		"one resource of every group": {"want": ["low"], "fields": ["apiGroups"], "group": "*", "resource": "pods"},
		"every verb of an extension": {"want": ["info"], "fields": ["verbs"], "group": "example.com", "extension": true},
		"all of an extension": {"want": ["low"], "fields": ["resources", "verbs"], "group": "a.io", "extension": true},
		"secrets by verb are told elsewhere": {
			"want": [], "fields": ["verbs"], "resource": "secrets",
			"powers": ["read-secrets"],
		},
		"writing every resource": {"want": ["low"], "fields": ["resources"], "verbs": ["create"]},
		"what nobody holds": {"want": ["low"], "fields": ["resources"], "grants": []},
		"for everybody": {"want": ["high"], "fields": ["resources"], "grants": [everybody]},
		"escalate in a group": {"want": ["medium"], "fields": ["resources", "verbs"], "group": rbac},
		"use": {
			"want": ["medium"], "fields": ["verbs"],
			"group": "security.openshift.io", "resource": "securitycontextconstraints",
		},
	}
	found := rule.deny with input as role(case)
	{finding.severity | some finding in found} == {severity | some severity in case.want}
}

test_message_names_few if {
	found := rule.deny with input as granting(true, ["*"], ["*"], ["get", "list", "watch"])
	may(found) == "get, list and watch every resource of every API group, every secret included"
}

test_message_counts_many_verbs if {
	found := rule.deny with input as granting(true, ["apps", "batch"], ["*"], ["a", "b", "c", "d", "e"])
	may(found) == "use a, b, c and 2 more verbs on every resource of API groups apps and batch"
}

test_message_names_the_gravest_of_many if {
	found := rule.deny with input as granting(true, [""], ["a", "b", "serviceaccounts", "c", "secrets"], ["*"])
	may(found) == "do everything with secrets, serviceaccounts, a and 2 more of the core API group"
}

test_message_says_where_verbs_lead if {
	found := rule.deny with input as granting(true, [rbac], ["*"], ["*"])
	start := "do everything with every resource of API group rbac.authorization.k8s.io"
	may(found) == concat(", ", [start, "which takes in escalate and bind"])
}

test_message_keeps_to_the_named if {
	found := rule.deny with input as role({"fields": ["resources"], "names": ["tls"], "grants": []})
	may(found) == "get every resource of the core API group named tls"
}

test_message_keeps_a_role_to_its_namespace if {
	found := rule.deny with input as granting(false, [""], ["*"], ["get"])
	may(found) == "get every resource of the core API group, every secret of its namespace included"
}

test_aggregated_role_is_not_judged if {
	found := rule.deny with input as role({"fields": ["resources"], "aggregated": true})
	count(found) == 0
}

everybody := object.union(held(true), {"subject": {"kind": "Group", "name": "g", "path": [], "crowd": "anybody"}})

held(cluster) := {
	"cluster": cluster, "kind": "ClusterRoleBinding", "name": "b", "doc": 0,
	"subject": {"kind": "User", "name": "u", "path": []},
}

verbs(case) := ["*"] if "verbs" in case.fields

verbs(case) := object.get(case, "verbs", ["get"]) if not "verbs" in case.fields

role(case) := {"facts": {"kube": {"kind": "ClusterRole", "name": "r", "role": {
	"powers": [],
	"cluster": object.get(case, "cluster", true),
	"aggregated": object.get(case, "aggregated", false),
	"aggregatesTo": [],
	"grants": object.get(case, "grants", [held(object.get(case, "cluster", true))]),
	"rules": [{
		"apiGroups": [object.get(case, "group", "")],
		"resources": [object.get(case, "resource", "*")],
		"verbs": verbs(case),
		"powers": object.get(case, "powers", []),
		"resourceNames": object.get(case, "names", []),
		"extension": object.get(case, "extension", false),
		"wildcards": [{"field": field, "path": ["rules", 0, field, 0]} | some field in case.fields],
	}],
}}}}

granting(cluster, groups, resources, verbs) := {"facts": {"kube": {"kind": "ClusterRole", "name": "r", "role": {
	"cluster": cluster,
	"aggregated": false,
	"aggregatesTo": [],
	"grants": [],
	"rules": [{
		"powers": [],
		"apiGroups": groups,
		"resources": resources,
		"verbs": verbs,
		"resourceNames": [],
		"extension": false,
		"wildcards": [{"field": field, "path": []} |
			some field, list in {"apiGroups": groups, "resources": resources, "verbs": verbs}
			"*" in list
		],
	}],
}}}}

may(found) := trim_prefix(finding.msg, "ClusterRole r may ") if some finding in found
