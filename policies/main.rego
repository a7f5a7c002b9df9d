# METADATA
# title: The composer
# description: >-
#   A rule exists because its package exists: data.rules.<category>.<name>.deny. When input.rules lists rule IDs, only
#   those are evaluated; without the list, as under a stock conftest or opa, all of them are.
package main

deny contains object.union(finding, {"rule": id}) if {
	some id in input.rules
	[category, name] := split(id, "/")
	some finding in data.rules[category][name].deny
}

deny contains object.union(finding, {"rule": concat("/", [category, name])}) if {
	not input.rules
	some category, name
	some finding in data.rules[category][name].deny
}
