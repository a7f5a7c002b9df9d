# METADATA
# title: Cloud trusts workflows of others on GitHub
# description: >-
#   The cloud accepts the tokens that GitHub gives to workflows, and asks too little of them. Every repository on
#   GitHub gets tokens of the same issuer: without a condition on the subject anybody's workflow may take the role. A
#   condition on the owner alone lets in each of its repositories, and one on the repository alone every branch and,
#   for workflows that take the role there, pull requests.
# related_resources:
#   - ref: https://docs.github.com/en/actions/concepts/security/openid-connect
#     description: OpenID Connect in GitHub Actions
#   - ref: https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
#     description: Trust of AWS
#   - ref: https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines
#     description: Trust of Google Cloud
# custom:
#   severity: high
#   confidence: high
#   kinds: [terraform]
#   since: 0.1.0
#   remediation: >-
#     Ask for one exact subject, such as repo:OWNER/NAME:environment:production, and protect that environment or
#     branch.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-6"]
#     cwe: ["CWE-284"]
package rules.terraform["oidc-trust"]

deny contains {
	"msg": msg,
	"path": trust.path,
	"text": object.get(trust, "text", ""),
	"severity": verdict.severity,
	"persona": verdict.persona,
} if {
	some trust in input.facts.terraform.trusts
	verdict := verdicts[trust.scope]
	msg := sprintf("%s trusts %s%s", [trust.cloud, verdict.reason, written(trust)])
}

verdicts := {
	"anyone": {
		"severity": "high", "persona": "regular",
		"reason": "the workflows of everybody on GitHub, so whoever has a repository there gets in",
	},
	"owner": {
		"severity": "medium", "persona": "regular",
		"reason": "every repository of the owner, so whoever can push to the least of them gets in",
	},
	"repository": {
		"severity": "low", "persona": "pedantic",
		"reason": "whatever runs in the repository, so whoever can push a branch gets in without a review",
	},
	"pull-request": {
		"severity": "low", "persona": "pedantic",
		"reason": "pull requests, so whoever can push a branch gets in without a review",
	},
}

written(trust) := sprintf(": %s", [trust.subject]) if {
	trust.subject
} else := ""
