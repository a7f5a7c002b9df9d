# METADATA
# title: Nodes may keep an old image under a tag that moves
# description: >-
#   The image has a tag that moves, and what stands beside it says not to ask the registry when a copy is there. Each
#   node, runner or machine goes on with what it pulled first, so two of them run different content under one name and a
#   release that mends a vulnerability does not arrive. An image with a digest, or with one full version, may be kept.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy
#     description: Image pull policy and its defaults
# custom:
#   severity: low
#   confidence: high
#   persona: pedantic
#   kinds: [manifest, compose, gitlab-ci]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Name one full version and its digest, as in nginx:1.27.4@sha256:…; then the policy does not matter. Failing that,
#     pull always.
#   frameworks:
#     cis-1.10: ["5.5.1"]
package rules.image["pull-policy"]

deny contains {
	"msg": msg,
	"path": ref.pull.path,
	"subject": ref.name,
	"related": [{"msg": "the image", "path": ref.path}],
} if {
	some ref in input.refs
	ref.kind == "image"
	ref.pin in {"none", "floating", "branch"}
	ref.pull.policy in kept
	msg := sprintf(
		"image %s (%s) has a tag that moves, and with the pull policy %s what runs is whatever the node came by first",
		[ref.raw, ref.context, ref.pull.policy],
	)
}

# As Kubernetes, GitLab and Compose write them.
kept := {"IfNotPresent", "Never", "if-not-present", "never", "if_not_present", "missing"}
