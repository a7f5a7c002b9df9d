# METADATA
# title: Credential is written in an object
# description: >-
#   Whoever can read the repository can use the credential, and its history keeps it after it is removed; in the
#   cluster a ConfigMap or a pod is read by many more than a Secret is. Found are tokens and private keys that can be
#   told by their form, in the base64 of a Secret too; for GitHub's and npm's tokens their checksum is verified. A
#   private key has the lower severity, for it may open nothing; one that only a test reads is for those who ask for
#   more. What it is is not repeated in the message.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/secrets-good-practices/
#     description: Good practices for Secrets
#   - ref: https://kubernetes.io/docs/concepts/configuration/configmap/
#     description: ConfigMaps provide no secrecy
# custom:
#   severity: high
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   remediation: >-
#     Revoke the credential, and have the new one brought into the cluster from a store of secrets, or encrypted by SOPS
#     or Sealed Secrets.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-6]
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
#     ssdf-1.1: [PS.1.1]
package rules.kubernetes["written-credential"]

deny contains {
	"msg": msg, "path": c.path, "text": object.get(c, "text", ""),
	"severity": severity(c), "persona": persona(c),
} if {
	some c in input.facts.credentials
	msg := sprintf(
		"a %s is written out in %s %s%s, so whoever can read the repository, now or in its history, can use it",
		[c.kind, input.facts.kube.kind, input.facts.kube.name, encoded(c)],
	)
}

default severity(_) := "high"

severity(c) := "low" if {
	c.kind == "private key"
	input.file.use == "example"
} else := "medium" if {
	c.kind == "private key"
}

default persona(_) := "regular"

# A key is made in a moment: that of a test opens nothing else.
persona(c) := "pedantic" if {
	c.kind == "private key"
	input.file.use == "test"
}

default encoded(_) := " in base64, which hides nothing"

encoded(c) := "" if c.text
