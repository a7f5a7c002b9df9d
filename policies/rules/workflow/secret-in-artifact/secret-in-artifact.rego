# METADATA
# title: Secret is stored where others can read it
# description: >-
#   A step writes a secret into a file that a later step stores: as an artifact, which whoever can read the repository
#   downloads, or in a cache, which other runs restore. Or it hands the secret to the build of an image as an
#   argument, which the image keeps in its history, for whoever pulls it. Nothing masks a secret there.
# related_resources:
#   - ref: https://docs.docker.com/build/building/secrets/
#     description: Build secrets
#   - ref: https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/
#     description: Secrets in build arguments
# custom:
#   severity: high
#   confidence: medium
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Leave the file out of what is stored, or remove it before. Give a build its secrets with --secret, or the
#     secrets input of docker/build-push-action, and mount them in the one RUN that needs them.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-6]
#     ssdf-1.1: [PS.1.1]
package rules.workflow["secret-in-artifact"]

deny contains {
	"msg": msg,
	"path": s.path,
	"text": s.text,
	"related": [{"msg": sprintf("stores it: %s", [s.upload.what]), "path": s.upload.path}],
} if {
	some s in input.facts.workflow.spills
	s.kind == "file"
	msg := sprintf(
		"%s writes secret %s into %s, which a later step stores as %s",
		[s.how, s.name, s.file, noun[s.upload.what]],
	)
}

deny contains {"msg": msg, "path": s.path, "text": s.text, "severity": "medium"} if {
	some s in input.facts.workflow.spills
	s.kind == "image"
	msg := sprintf(
		"%s gets secret %s as a build argument, which stays in the history of the image",
		[s.how, s.name],
	)
}

noun := {"artifact": "an artifact", "cache": "a cache"}
