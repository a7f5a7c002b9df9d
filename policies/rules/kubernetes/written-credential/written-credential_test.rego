# regal ignore:directory-package-mismatch
package rules.kubernetes["written-credential_test"]

import data.rules.kubernetes["written-credential"] as rule

test_what_a_key_is_for[use] if {
	some use, standing in {
		"": {"severity": "medium", "persona": "regular"},
		"example": {"severity": "low", "persona": "regular"},
		"test": {"severity": "medium", "persona": "pedantic"},
	}
	standing == told("private key", use)
}

test_a_token_is_one_wherever_it_stands if {
	every use in {"", "example", "test"} {
		told("GitHub token", use) == {"severity": "high", "persona": "regular"}
	}
}

told(kind, use) := object.filter(found, {"severity", "persona"}) if {
	some found in rule.deny with input as {
		"file": {"use": use},
		"facts": {
			"kube": {"kind": "Secret", "name": "s"},
			"credentials": [{"kind": kind, "path": ["data", "k"]}],
		},
	}
}
