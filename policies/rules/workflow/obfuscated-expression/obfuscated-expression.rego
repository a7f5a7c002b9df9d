# METADATA
# title: An expression hides what it comes to
# description: >-
#   Expressions can put a word together from pieces, cu${{ 'rl' }}, or compute the name of a secret from constants,
#   secrets[format('{0}_TOKEN', 'NPM')]. The result is always the same, and a search, a linter or a reviewer who looks
#   for it passes over it; that is how malicious workflows hide what they run and which secrets they take. Calls of
#   constants alone, which could be written out as well, are told to the pedantic.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#functions
#     description: The functions of expressions
# custom:
#   severity: low
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: Write out what the expression comes to.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1, CICD-SEC-4]
#     ssdf-1.1: [PW.7.1]
package rules.workflow["obfuscated-expression"]

deny contains {"msg": msg, "path": veil.path, "text": veil.text} if {
	some veil in input.facts.workflow.veils
	veil.kind == "split"
	msg := sprintf(
		"the expression only writes '%s' into a word, which a search for the word passes over",
		[veil.means],
	)
}

deny contains {"msg": msg, "path": veil.path, "text": veil.text} if {
	some veil in input.facts.workflow.veils
	veil.kind == "index"
	msg := sprintf(
		"the name in brackets is always '%s', put together so that a search for it passes over this",
		[veil.means],
	)
}

deny contains {"msg": msg, "path": veil.path, "text": veil.text, "persona": "pedantic"} if {
	some veil in input.facts.workflow.veils
	veil.kind == "constant"
	msg := sprintf(
		"a part of the expression is always '%s', which could be written out for everybody to see",
		[veil.means],
	)
}
