# METADATA
# title: Artifact is deployed without its signature being verified
# description: >-
#   Flux deploys an OCI artifact whatever its digest, and asks for no signature. Whoever can push to the registry, or
#   has taken over an account that can, deploys to the cluster. A digest names the content itself, so that an artifact
#   that has one needs no signature.
# related_resources:
#   - ref: https://fluxcd.io/flux/components/source/ocirepositories/#verification
#     description: Verification of an OCIRepository
# custom:
#   severity: low
#   confidence: high
#   persona: pedantic
#   kinds: [manifest]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Sign the artifacts where they are built, and set spec.verify with the provider and the identity that signs; or
#     name a digest.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-9"]
#     ssdf-1.1: ["PS.2.1"]
#     s2c2f-1.1: ["AUD-1"]
package rules.gitops["unverified-artifact"]

deny contains {"msg": msg, "path": artifact.path} if {
	artifact := input.facts.gitops.artifact
	not artifact.verified
	not fixed
	msg := sprintf(
		"%s is deployed without a digest or verified signature, so whoever can push to its registry decides what that is",
		[artifact.value],
	)
}

fixed if {
	some ref in input.refs
	ref.kind == "source"
	ref.pinned
}
