# METADATA
# title: Key stands twice in a map
# description: >-
#   A map has one value for a key. Where a key stands twice, some readers take the last value, some the first, and some
#   refuse the file; whoever reviews the file sees both. A second securityContext or permissions further down replaces
#   the first, and what was set there protects nothing. A chart that renders a key twice is told at what writes the last
#   of the two, a template or a value. Workflows are left to workflow/syntax, which tells of it too.
# related_resources:
#   - ref: https://yaml.org/spec/1.2.2/#3213-node-comparison
#     description: Keys of a map are unique
#   - ref: https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
#     description: What the API server does with a field that stands twice
# custom:
#   severity: medium
#   confidence: high
#   kinds: [action, manifest, chart, kustomization, compose, dependabot, pre-commit]
#   since: 0.1.0
#   remediation: Keep one of them, with what both were to say.
package rules.yaml["duplicate-key"]

deny contains {"msg": msg, "path": path} if {
	some path in input.duplicates
	msg := sprintf(
		"%v stands twice in this map%s: some programs take the first value, others the last",
		[path[count(path) - 1], rendered],
	)
}

default rendered := ""

rendered := " once it is rendered" if input.origin
