# METADATA
# title: Image comes from a registry that is not allowed
# description: >-
#   The configuration lists where images may come from, or where they may not, and this one comes from a place that is
#   ruled out. Content from a registry that nobody vouches for runs with all that its container, job or build may
#   reach. The rule is silent until one of the parameters allow and deny is set; deny wins.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/#image-names
#     description: How an image name tells its registry
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow, action, dockerfile, compose, manifest, kustomization, gitlab-ci, devcontainer, values, terraform]
#   since: 0.1.0
#   remediation: >-
#     Copy the image to an allowed registry, or add a pattern for it to the rule's parameter allow. Patterns match the
#     whole canonical name, docker.io/library/nginx, without tag and digest; * stays within one segment, ** spans
#     segments.
#   frameworks:
#     cis-1.10: ["5.5.1"]
#     owasp-cicd-2022: [CICD-SEC-8]
#     s2c2f-1.1: [ING-1, ENF-2]
#     ssdf-1.1: [PW.4.1]
package rules.image["registry-not-allowed"]

import data.lib.params as parameters
import data.lib.pattern as names

params := input.params["image/registry-not-allowed"]

deny contains {
	"msg": msg,
	"path": ref.path,
	"text": text(ref),
	"subject": ref.name,
	"confidence": confidence(ref),
} if {
	some ref in forbidden
	ref.pin != "unknown"
	msg := sprintf("image %s (%s) comes from a place that the configuration %s", [ref.name, ref.context, verdict(ref)])
}

deny contains {
	"msg": msg,
	"path": ref.path,
	"text": text(ref),
	"subject": ref.name,
	"severity": "low",
	"confidence": "low",
} if {
	some ref in forbidden
	ref.pin == "unknown"
	msg := sprintf(
		"image %s (%s) may come from a place that the configuration %s: %s",
		[ref.raw, ref.context, verdict(ref), ref.note],
	)
}

forbidden contains ref if {
	params
	some ref in input.refs
	ref.kind == "image"
	ref.pin != "local"
	verdict(ref)
}

# A pattern is held against the whole name, so that nothing passes that merely begins or ends like an allowed one.
verdict(ref) := "denies" if {
	matches(params.deny, ref.name)
} else := "does not allow" if {
	params.allow
	not matches(params.allow, ref.name)
}

matches(patterns, name) if {
	some pattern in patterns
	glob.match(pattern, ["/"], name)
}

# What only looks like an image may be none that runs.
default confidence(_) := "high"

confidence(ref) := "low" if ref.guessed

# An image in a script is a part of it.
text(ref) := object.get(ref, "text", "")

misconfigured contains msg if some msg in parameters.unknown(params, {"allow", "deny"})

misconfigured contains msg if some msg in parameters.unlisted(params, {"allow", "deny"})

misconfigured contains msg if {
	some name in ["allow", "deny"]
	some msg in names.unnamed(params[name])
}
