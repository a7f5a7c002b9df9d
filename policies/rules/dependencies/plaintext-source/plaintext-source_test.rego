# regal ignore:directory-package-mismatch
package rules.dependencies["plaintext-source_test"]

import data.rules.dependencies["plaintext-source"] as rule

# What a fixture cannot say: who sees an address of one's own network, and who one of everybody's.
test_persona[host] if {
	some host, want in {
		"charts.example.com": {["medium", "regular"]},
		"172.15.0.4": {["medium", "regular"]},
		"172.22.0.4:8080": {["low", "pedantic"]},
		"10.42.0.1": {["low", "pedantic"]},
		"192.168.1.10": {["low", "pedantic"]},
		"chartmuseum:8080": {["low", "pedantic"]},
		"localhost": set(),
		"host.docker.internal:8081": set(),
	}
	repository := {"value": sprintf("http://%s/charts", [host])}
	found := rule.deny with input as {"refs": [], "file": {"kind": "manifest"}, "facts": {"gitops": {
		"charts": true,
		"repository": object.union(repository, {"path": ["spec", "url"]}),
	}}}
	{[object.get(f, "severity", "medium"), object.get(f, "persona", "regular")] | some f in found} == want
}
