# METADATA
# title: Secret goes into the image
# description: >-
#   A variable of the environment stays in the image and in every container of it, and an argument of the build in its
#   history. Whoever can pull the image reads them. Arguments of a stage that is left behind are only in a provenance
#   that tells everything, which is for the pedantic. What is written beside them in the Dockerfile can be read in
#   this repository as well.
# related_resources:
#   - ref: https://docs.docker.com/build/building/secrets/
#     description: Build secrets
#   - ref: https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/
#     description: Secrets in ARG or ENV
#   - ref: https://docs.docker.com/build/metadata/attestations/slsa-provenance/
#     description: What a provenance tells
# custom:
#   severity: medium
#   confidence: medium
#   kinds: [dockerfile]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Give the build its secrets with RUN --mount=type=secret, and the container its own when it starts; change a
#     secret that was built into an image.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-6"]
#     cwe: ["CWE-538"]
package rules.dockerfile["secret-in-image"]

deny contains {"msg": msg, "path": secret.path} if {
	some secret in input.facts.build.secrets
	secret.cmd == "env"
	secret.final
	msg := sprintf("%s is kept in the image, so whoever can pull it can read the secret", [secret.name])
}

deny contains {"msg": msg, "path": secret.path, "severity": "low"} if {
	some secret in input.facts.build.secrets
	secret.cmd == "arg"
	secret.final
	not secret.value
	msg := sprintf(
		"%s is given as a build argument, which the history of the image shows to whoever can pull it",
		[secret.name],
	)
}

deny contains {"msg": msg, "path": secret.path, "severity": "low", "persona": "pedantic"} if {
	some secret in input.facts.build.secrets
	secret.cmd == "arg"
	not secret.final
	not secret.value
	msg := sprintf(
		"%s is given as a build argument, which a provenance of mode max shows to whoever can pull the image",
		[secret.name],
	)
}

deny contains {"msg": msg, "path": secret.path, "severity": "low"} if {
	some secret in input.facts.build.secrets
	secret.value
	not kept(secret)
	msg := sprintf("%s has its value written here, so whoever can read this repository can read the secret", [secret.name])
}

kept(secret) if {
	secret.cmd == "env"
	secret.final
}
