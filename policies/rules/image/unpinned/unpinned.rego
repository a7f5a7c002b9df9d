# METADATA
# title: Image is not pinned by digest
# description: >-
#   The image is named by a version tag alone. Whoever can push to its repository, or has taken over an account that
#   can, is able to put other content under the same tag, and the next pull runs it. A digest names the content
#   itself. An image whose version is decided elsewhere, by an expression or variable, is reported with low
#   confidence.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/#image-names
#     description: Image names, tags and digests in Kubernetes
#   - ref: https://docs.docker.com/build/building/best-practices/#pin-base-image-versions
#     description: Pin base image versions
# custom:
#   severity: low
#   confidence: high
#   kinds: [workflow, action, dockerfile, compose, manifest, kustomization, gitlab-ci, devcontainer, values, terraform]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Add the digest after the tag, as in nginx:1.27.4@sha256:…, and let an update bot move both. The command `docker
#     buildx imagetools inspect IMAGE` prints the digest of a tag.
#   frameworks:
#     cis-1.10: ["5.5.1"]
#     owasp-cicd-2022: [CICD-SEC-9]
#     s2c2f-1.1: [ENF-1, AUD-3]
#     ssdf-1.1: [PW.4.1]
package rules.image.unpinned

deny contains {
	"msg": msg,
	"path": ref.path,
	"text": text(ref),
	"subject": ref.name,
	"confidence": confidence(ref),
} if {
	some ref in input.refs
	ref.kind == "image"
	ref.pin == "exact"
	not never(ref)
	msg := sprintf(
		"image %s:%s (%s) has a tag but no digest, so whoever can push to its repository can change what %s",
		[ref.name, ref.version, ref.context, happens(ref)],
	)
}

deny contains {
	"msg": msg,
	"path": ref.path,
	"text": text(ref),
	"subject": ref.name,
	"severity": "info",
	"confidence": "low",
} if {
	input.file.kind != "kustomization" # an override without a tag keeps that of the resource, which is judged there
	some ref in input.refs
	ref.kind == "image"
	ref.pin == "unknown"
	msg := sprintf("image %s (%s) is not pinned as far as this file tells: %s", [ref.raw, ref.context, ref.note])
}

# What only looks like an image may be none that runs.
default confidence(_) := "high"

confidence(ref) := "low" if ref.guessed

# An image in a script is a part of it.
text(ref) := object.get(ref, "text", "")

# What is never pulled was put on the node by somebody, and is what they put there.
never(ref) if lower(ref.pull.policy) == "never"

# A command that only fetches or copies an image runs nothing of it.
happens(ref) := "arrives" if {
	regex.match(` (pull|copy|cp|export)$`, ref.context)
} else := "runs"
