# METADATA
# title: Image is named in a way that cannot be pulled
# description: >-
#   The reference is none that a registry or container runtime accepts: a digest of the wrong length or algorithm, upper
#   case in the name, a scheme, a tag and a digest where only one may stand. What should run does not, or a tool that
#   looks only for an @ takes the image for pinned.
# related_resources:
#   - ref: https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
#     description: Digests in the OCI image specification
#   - ref: https://kubernetes.io/docs/concepts/containers/images/#image-names
#     description: Image names, tags and digests in Kubernetes
# custom:
#   severity: low
#   confidence: high
#   kinds: [workflow, action, dockerfile, compose, manifest, kustomization, gitlab-ci, devcontainer, values]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Write the image as registry/name:tag@sha256:… with all 64 digits of its digest. The command `docker buildx
#     imagetools inspect IMAGE` prints it.
#   frameworks:
#     s2c2f-1.1: [AUD-3]
package rules.image.malformed

deny contains {
	"msg": msg,
	"path": ref.path,
	"text": object.get(ref, "text", ""),
	"subject": ref.name,
	"confidence": confidence(ref),
} if {
	some ref in input.refs
	ref.kind == "image"
	ref.pin == "invalid"
	msg := sprintf("image %s (%s) cannot be pulled by this name: %s", [ref.raw, ref.context, ref.note])
}

# The value that a variable has by default may be there to be told apart, not to be pulled.
confidence(ref) := "low" if {
	contains(ref.raw, "$")
} else := "high"
