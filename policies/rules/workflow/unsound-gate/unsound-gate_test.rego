# regal ignore:directory-package-mismatch
package rules.workflow["unsound-gate_test"]

import data.rules.workflow["unsound-gate"] as rule

# What a fixture cannot say: who sees it, by what starts the workflow.
test_persona[event] if {
	some event, want in {
		"merge_group": set(),
		"pull_request": set(),
		"push": set(),
		"schedule": {"pedantic"},
		"workflow_dispatch": {"pedantic"},
	}
	found := rule.deny with input as {"facts": {"workflow": {
		"events": [{"name": event}],
		"gates": [{"path": ["jobs", "a"], "text": "", "job": "a", "needs": ["b"], "fault": "skipped", "named": true}],
	}}}
	count(found) == 1
	{finding.persona | some finding in found} == want
}
