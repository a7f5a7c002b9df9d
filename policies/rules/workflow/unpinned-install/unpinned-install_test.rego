# regal ignore:directory-package-mismatch
package rules.workflow["unpinned-install_test"]

import data.rules.workflow["unpinned-install"] as rule

# What a fixture cannot say: who sees an installer that is brought up to date, and who a package.
test_persona[name] if {
	some name, want in {"pip": {["low", "pedantic"]}, "requests": {["medium", "regular"]}}
	found := rule.deny with input as {"facts": {"fetch": {"installs": [installed(name)]}}}
	{[finding.severity, object.get(finding, "persona", "regular")] | some finding in found} == want
}

installed(name) := {
	"manager": "pip", "package": name, "pin": "none", "runs": false,
	"reason": "it moves", "path": [], "text": name,
}
