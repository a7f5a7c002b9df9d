# regal ignore:directory-package-mismatch
package rules.image["mutable-tag_test"]

import data.rules.image["mutable-tag"] as rule

# What a fixture cannot say: how sure a finding is by the form of the tag.
test_confidence[tag] if {
	some tag, want in {"17": "high", "latest": "high", "3.9": "medium", "v0.8-alpine": "medium", "1.2.x": "high"}
	found := rule.deny with input as {"refs": [image(tag)]}
	{[finding.severity, finding.confidence] | some finding in found} == {["medium", want]}
}

image(tag) := {
	"kind": "image", "pin": "floating", "name": "a", "version": tag,
	"context": "container", "note": "it moves", "path": [],
}
