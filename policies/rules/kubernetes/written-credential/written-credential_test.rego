# regal ignore:directory-package-mismatch
package rules.kubernetes["written-credential_test"]

import data.rules.kubernetes["written-credential"] as rule

test_what_a_key_is_for[use] if {
	some use, standing in {
		"": {"severity": "medium", "persona": "regular"},
		"example": {"severity": "low", "persona": "regular"},
		"test": {"severity": "medium", "persona": "pedantic"},
	}
	found := rule.deny with input as secret("private key", use)
	standings(found) == {standing}
}

test_a_token_is_one_wherever_it_stands[use] if {
	some use in {"", "example", "test"}
	found := rule.deny with input as secret("GitHub token", use)
	standings(found) == {{"severity": "high", "persona": "regular"}}
}

standings(found) := {object.filter(finding, {"severity", "persona"}) | some finding in found}

secret(kind, use) := {
	"file": {"use": use},
	"facts": {
		"kube": {"kind": "Secret", "name": "s"},
		"credentials": [{"kind": kind, "path": ["data", "k"]}],
	},
}
