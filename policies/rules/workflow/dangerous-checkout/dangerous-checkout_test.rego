# regal ignore:directory-package-mismatch
package rules.workflow["dangerous-checkout_test"]

import data.rules.workflow["dangerous-checkout"] as rule

# What a fixture cannot say: how severe a checkout is by what stands before it, and how sure that is.
test_severity[protection] if {
	some protection, want in {
		"none": {"severity": "high", "confidence": "high"},
		"output": {"severity": "medium", "confidence": "low"},
		"environment": {"severity": "medium", "confidence": "low"},
		"label": {"severity": "medium", "confidence": "low"},
		"person": {"severity": "low", "confidence": "low"},
	}
	found := rule.deny with input as {"facts": {"workflow": {"checkouts": [checkout(protection)]}}}
	{object.filter(finding, ["severity", "confidence"]) | some finding in found} == {want}
}

test_related_is_the_command if {
	found := rule.deny with input as {"facts": {"workflow": {"checkouts": [checkout("none")]}}}
	{finding.related | some finding in found} == {[{"msg": "runs it: make", "path": ["run"], "text": "make all"}]}
}

# What is fetched by number is whatever has been pushed by then, so that the check was for something else.
test_time_of_check if {
	found := rule.deny with input as {"facts": {"workflow": {"checkouts": [object.union(
		checkout("person"),
		{"mutable": true},
	)]}}}
	{object.filter(finding, ["severity", "confidence"]) | some finding in found} == {{
		"severity": "medium",
		"confidence": "medium",
	}}
}

checkout(protection) := {
	"path": ["ref"], "text": "head", "job": "a", "event": "pull_request_target", "privileged": true, "named": false,
	"mutable": false, "refused": false,
	"protection": protection, "executed": [{"path": ["run"], "text": "make all", "what": "make"}],
}
