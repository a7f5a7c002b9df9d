# regal ignore:directory-package-mismatch
package rules.workflow["template-injection_test"]

import data.rules.workflow["template-injection"] as rule

# What a fixture cannot say: how severe an injection is by what stands before it.
test_severity[protection] if {
	some protection, want in {
		"none": "high",
		"output": "medium",
		"environment": "medium",
		"label": "medium",
		"person": "low",
	}
	found := rule.deny with input as {"facts": {"workflow": {"injections": [{
		"path": ["run"], "text": "t", "context": "c", "via": "", "event": "issues", "reach": "outsider", "sink": "run",
		"input": false, "privileged": true, "protection": protection,
		"unclear": false, "weak": false, "way": [],
	}]}}}
	{finding.severity | some finding in found} == {want}
}
