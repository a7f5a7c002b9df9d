# regal ignore:directory-package-mismatch
package rules.kubernetes["rbac-wildcard_test"]

import data.rules.kubernetes["rbac-wildcard"] as rule

# What a fixture cannot say: how severe each grant is.
test_severity[name] if {
	some name, case in {
		"every secret of the cluster": {"want": "medium", "fields": ["resources"]},
		"every secret of a namespace": {"want": "low", "fields": ["resources"], "cluster": false},
		"every secret, but one name": {"want": "low", "fields": ["resources"], "names": ["tls"]},
		"every resource of another group": {"want": "low", "fields": ["resources"], "group": "apps"},
		"one resource of every group": {"want": "low", "fields": ["apiGroups"], "group": "*", "resource": "pods"},
		"every verb of an extension": {"want": "info", "fields": ["verbs"], "group": "example.com", "extension": true},
		"all of an extension": {"want": "low", "fields": ["resources", "verbs"], "group": "a.io", "extension": true},
		"escalate": {"want": "medium", "fields": ["verbs"], "group": "rbac.authorization.k8s.io", "resource": "roles"},
		"escalate in all groups": {"want": "medium", "fields": ["verbs"], "group": "*", "resource": "clusterroles"},
		"impersonate": {"want": "medium", "fields": ["verbs"], "resource": "serviceaccounts"},
		"sign": {"want": "medium", "fields": ["verbs"], "group": "certificates.k8s.io", "resource": "signers"},
	}
	found := rule.deny with input as role(case)
	{finding.severity | some finding in found} == {case.want}
}

test_aggregated_role_is_not_judged if {
	found := rule.deny with input as role({"fields": ["resources"], "aggregated": true})
	count(found) == 0
}

role(case) := {"facts": {"kube": {"kind": "ClusterRole", "name": "r", "role": {
	"cluster": object.get(case, "cluster", true),
	"aggregated": object.get(case, "aggregated", false),
	"rules": [{
		"apiGroups": [object.get(case, "group", "")],
		"resources": [object.get(case, "resource", "*")],
		"verbs": ["get"],
		"resourceNames": object.get(case, "names", []),
		"extension": object.get(case, "extension", false),
		"wildcards": [{"field": field, "path": ["rules", 0, field, 0]} | some field in case.fields],
	}],
}}}}
