# regal ignore:directory-package-mismatch
package rules.workflow["persisted-credentials_test"]

import data.rules.workflow["persisted-credentials"] as rule

# What a fixture cannot say: who sees what may be needed.
test_persona[name] if {
	some name, [writes, in_tree, want] in {
		"may write": [true, false, "pedantic"],
		"in the tree": [false, true, "pedantic"],
		"neither": [false, false, "auditor"],
	}
	found := rule.deny with input as {"facts": {"workflow": {"persisted": [kept(writes, in_tree)]}}}
	{finding.persona | some finding in found} == {want}
}

kept(writes, in_tree) := {
	"path": ["jobs", "a", "steps", 0], "use": "unknown", "user": "make",
	"uploads": [], "writes": writes, "inTree": in_tree,
}
