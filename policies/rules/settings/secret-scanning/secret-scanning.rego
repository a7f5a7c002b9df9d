# METADATA
# title: Nobody looks for secrets in what is pushed
# description: >-
#   A secret that was pushed is used within minutes. Secret scanning tells of it, and push protection refuses
#   the push before anybody can see it.
# related_resources:
#   - ref: https://docs.github.com/en/code-security/concepts/secret-security/about-push-protection
#     description: Push protection
# custom:
#   severity: medium
#   confidence: high
#   kinds: [settings]
#   since: 0.1.0
#   remediation: >-
#     Switch on secret scanning and push protection in the security settings of the repository or its
#     organisation.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-6]
#     ssdf-1.1: [PS.1.1]
#     cwe: ["CWE-798"]
package rules.settings["secret-scanning"]

deny contains {
	"msg": "secret scanning is off, so nobody is told of a secret that was pushed",
	"path": ["security", "secret-scanning"],
} if {
	input.doc.security["secret-scanning"] == false
}

deny contains {
	"msg": "push protection is off, so a secret is found only after everybody can read it",
	"path": ["security", "push-protection"],
	"severity": "low",
} if {
	input.doc.security["secret-scanning"]
	input.doc.security["push-protection"] == false
}
