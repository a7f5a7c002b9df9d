# METADATA
# title: Artifact is deployed without its signature being verified
# description: >-
#   Flux deploys an OCI artifact whatever its digest, and asks for no signature. Whoever can push to the registry, or
#   has taken over an account that can, deploys to the cluster. A digest names the content itself, so that an artifact
#   that has one needs no signature. Worse is a signature that is asked for while neither keys nor identities say
#   whose: with Sigstore everybody can sign, and so can whoever pushes.
# related_resources:
#   - ref: https://fluxcd.io/flux/components/source/ocirepositories/#verification
#     description: Verification of an OCIRepository
#   - ref: https://fluxcd.io/flux/components/source/helmcharts/#verification
#     description: Verification of a HelmChart
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Sign the artifacts where they are built, and set spec.verify with the provider and matchOIDCIdentity or the secret
#     of the keys; or name a digest.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-9"]
#     ssdf-1.1: ["PS.2.1"]
#     s2c2f-1.1: ["AUD-1"]
package rules.gitops["unverified-artifact"]

deny contains {"msg": msg, "path": artifact.path, "severity": "low", "persona": "pedantic"} if {
	artifact := input.facts.gitops.artifact
	not input.facts.gitops.signed
	not input.facts.gitops.anySigner
	not fixed
	msg := sprintf(
		"%s is deployed without a digest or verified signature, so whoever can push to its registry decides what that is",
		[artifact.value],
	)
}

deny contains {"msg": msg, "path": input.facts.gitops.anySigner} if {
	not fixed
	msg := sprintf(
		"%s may be signed by anybody: no keys and no identities are named, so whoever can push to its registry signs it too",
		[subject],
	)
}

default subject := "the chart"

subject := input.facts.gitops.artifact.value

fixed if {
	some ref in input.refs
	ref.kind in {"source", "chart"}
	ref.pinned
}
