# METADATA
# title: Image comes from a registry that is not allowed
# description: >-
#   The configuration lists where images may come from, and this one comes from elsewhere. Content from a registry
#   that nobody vouches for runs with all that its container, job or build may reach. The rule is silent until a list
#   is configured.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/#image-names
#     description: How an image name tells its registry
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow, action, dockerfile, compose, manifest, kustomization]
#   since: 0.1.0
#   remediation: >-
#     Copy the image to an allowed registry, or add a pattern for it to the rule's parameter allow. Patterns match the
#     whole canonical name, docker.io/library/nginx; * stays within one segment, ** spans segments.
package rules.image["registry-not-allowed"]

allow := input.params["image/registry-not-allowed"].allow

deny contains {"msg": msg, "path": ref.path, "text": text(ref)} if {
	some ref in forbidden
	ref.pin != "unknown"
	msg := sprintf("image %s (%s) comes from a place that the configuration does not allow", [ref.name, ref.context])
}

deny contains {"msg": msg, "path": ref.path, "text": text(ref), "severity": "low", "confidence": "low"} if {
	some ref in forbidden
	ref.pin == "unknown"
	msg := sprintf(
		"image %s (%s) may come from a place that the configuration does not allow: %s",
		[ref.raw, ref.context, ref.note],
	)
}

forbidden contains ref if {
	allow
	some ref in input.refs
	ref.kind == "image"
	ref.pin != "local"
	not allowed(ref.name)
}

allowed(name) if {
	some pattern in allow
	glob.match(pattern, ["/"], name)
}

# An image in a script is a part of it.
text(ref) := object.get(ref, "text", "")
