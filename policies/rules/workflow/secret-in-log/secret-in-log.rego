# METADATA
# title: Secret is printed
# description: >-
#   GitHub masks a secret in the log where it appears as it is. Encoded, reversed or as hexadecimal digits it does not
#   appear so, and whoever reads the log, which for a public repository is anybody, decodes it. What is printed as it
#   is relies on the mask alone: a value of several lines, or one that a tool quotes, gets past it.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information
#     description: Audit how secrets are used
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Do not print it. To see whether it is set, print its length: echo "${#TOKEN}".
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-6]
#     ssdf-1.1: [PS.1.1]
package rules.workflow["secret-in-log"]

deny contains {"msg": msg, "path": s.path, "text": s.text} if {
	some s in input.facts.workflow.spills
	s.kind == "encoded"
	msg := sprintf(
		"%s prints secret %s in a form that is not masked, so whoever reads the log can have it",
		[s.how, s.name],
	)
}

deny contains {"msg": msg, "path": s.path, "text": s.text, "severity": "low", "persona": "pedantic"} if {
	some s in input.facts.workflow.spills
	s.kind == "log"
	msg := sprintf("%s prints secret %s to the log, where only the mask hides it", [s.how, s.name])
}
