# METADATA
# title: Image has a tag that moves
# description: >-
#   The image has no tag, or one that its publisher moves with every release, such as latest, stable or 1. What runs
#   then depends on when it is pulled: a bad release, or one by an intruder, arrives without a change in this repository
#   and without review, two nodes can run different content, and a rollback brings nothing back. A tag of two numbers
#   moves in most projects (postgres:17.4, python:3.12) and is a full release in some (pause:3.9), so the finding is
#   less sure.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/#image-names
#     description: Why to avoid the latest tag
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow, action, dockerfile, compose, manifest, kustomization, gitlab-ci, devcontainer, values, terraform]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Name one full version and its digest, as in nginx:1.27.4@sha256:…, and let an update bot move both.
#   frameworks:
#     cis-1.10: ["5.5.1"]
#     owasp-cicd-2022: [CICD-SEC-9]
#     s2c2f-1.1: [ENF-1, AUD-3]
#     ssdf-1.1: [PW.4.1]
package rules.image["mutable-tag"]

deny contains {
	"msg": msg,
	"path": ref.path,
	"text": text(ref),
	"subject": ref.name,
	"severity": severity(ref),
	"confidence": confidence(ref),
} if {
	some ref in input.refs
	ref.kind == "image"
	ref.pin == "none"
	not never(ref)
	msg := sprintf(
		"image %s (%s) has no tag, so what %s is whatever was pushed last as latest",
		[ref.name, ref.context, happens(ref)],
	)
}

deny contains {
	"msg": msg,
	"path": ref.path,
	"text": text(ref),
	"subject": ref.name,
	"severity": severity(ref),
	"confidence": confidence(ref),
} if {
	some ref in input.refs
	ref.kind == "image"
	ref.pin in {"floating", "branch"}
	not never(ref)
	msg := sprintf(
		"image %s:%s (%s) %s become another without a change here: %s",
		[ref.name, ref.version, ref.context, modality(ref), ref.note],
	)
}

# Docker itself asks for docker/dockerfile:1 in a syntax directive, so that fixes of the frontend arrive.
severity(ref) := "low" if {
	ref.context == "syntax directive"
	regex.match(`^\d`, ref.version)
} else := "low" if {
	ref.context in {"development container", "feature"} # a developer's machine, not what is deployed
} else := "medium"

confidence(ref) := "low" if {
	ref.guessed # what only looks like an image may be none that runs
} else := "medium" if {
	two_numbers(ref)
} else := "high"

modality(ref) := "may" if {
	two_numbers(ref)
} else := "can"

two_numbers(ref) if regex.match(`^v?\d+\.\d+(-|$)`, ref.version)

# An image in a script is a part of it.
text(ref) := object.get(ref, "text", "")

# What is never pulled was put on the node by somebody, and is what they put there.
never(ref) if lower(ref.pull.policy) == "never"

# A command that only fetches or copies an image runs nothing of it.
happens(ref) := "arrives" if {
	regex.match(` (pull|copy|cp|export)$`, ref.context)
} else := "runs"
