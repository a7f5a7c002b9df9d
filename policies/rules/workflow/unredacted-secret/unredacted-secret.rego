# METADATA
# title: Part of a secret is not masked in logs
# description: >-
#   GitHub replaces a secret in logs where its whole value appears. fromJSON(secrets.X).member takes a part of it,
#   which GitHub has never seen as a secret: whatever prints it, on purpose or in an error, prints it in clear.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information
#     description: Never use structured data as a secret
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Store each value as a secret of its own. Where the whole must stay one, mask each part first: echo
#     "::add-mask::$PART".
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-6]
#     ssdf-1.1: [PS.1.1]
package rules.workflow["unredacted-secret"]

deny contains {"msg": msg, "path": use.path, "text": use.text} if {
	some use in input.facts.workflow.secrets
	use.member
	use.form == "named"
	msg := sprintf("%s takes a part of secret %s, and that part is not masked in logs", [use.text, use.name])
}
