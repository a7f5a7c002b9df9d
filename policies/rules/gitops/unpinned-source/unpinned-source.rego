# METADATA
# title: Cluster deploys what moves elsewhere
# description: >-
#   Argo CD, Flux or Tekton is told to deploy or run what stands in another repository or registry at a branch, at a
#   range, or at whatever is there. Whoever can push there decides what happens in the cluster, and nothing in this
#   repository changes when they do. A source whose deployed folder is one of this repository is this repository,
#   whose branches its own reviews guard. Releases by tag can be moved as well, which is only of interest to the
#   pedantic.
# related_resources:
#   - ref: https://argo-cd.readthedocs.io/en/stable/user-guide/tracking_strategies/
#     description: Tracking strategies of Argo CD
#   - ref: https://fluxcd.io/flux/components/source/gitrepositories/#reference
#     description: Reference of a GitRepository
#   - ref: https://fluxcd.io/flux/components/source/ocirepositories/#reference
#     description: Reference of an OCIRepository
#   - ref: https://tekton.dev/docs/pipelines/git-resolver/
#     description: Git resolver of Tekton
#   - ref: https://tekton.dev/docs/pipelines/hub-resolver/
#     description: Hub resolver of Tekton
# custom:
#   severity: medium
#   confidence: medium
#   kinds: [manifest]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Name the full commit of a Git repository, or the digest of an OCI artifact, and let an update bot move it; or
#     have Flux verify the signatures of the commits, or of the artifact by keys or identities. What Tekton takes from
#     a hub can be taken by commit from the Git repository of the catalogue, or by digest from a bundle.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-3"]
#     ssdf-1.1: ["PW.4.1"]
#     s2c2f-1.1: ["ENF-1"]
package rules.gitops["unpinned-source"]

deny contains {"msg": msg, "path": ref.path, "severity": severity[ref.pin], "persona": persona(ref)} if {
	not input.facts.gitops.signed
	some ref in input.refs
	ref.kind in {"source", "base"}
	ref.pin in object.keys(severity)
	msg := sprintf("%s (%s) %s", [ref.name, ref.context, reason(ref)])
}

severity := {"none": "medium", "branch": "medium", "floating": "medium", "exact": "low", "invalid": "low"}

reason(ref) := sprintf("is at no revision, so whoever can push to its default branch decides %s", [effect(ref)]) if {
	ref.pin == "none"
	not contains(ref.context, "OCI")
} else := sprintf("has no tag or digest, so whatever was pushed last as latest decides %s", [effect(ref)]) if {
	ref.pin == "none"
} else := sprintf("is at the branch %s, so whoever can push there decides %s", [ref.version, effect(ref)]) if {
	ref.pin == "branch"
} else := sprintf("is at %s, which moves, so %s can change unreviewed", [ref.version, effect(ref)]) if {
	ref.pin == "floating"
} else := sprintf("is at version %s, which whoever publishes there can publish again", [ref.version]) if {
	ref.pin == "exact"
	startswith(ref.context, "Tekton hub")
} else := sprintf("is at the tag %s, which whoever can push there can move", [ref.version]) if {
	ref.pin == "exact"
} else := sprintf("is at %q, which names no commit that can be fetched: %s", [ref.version, ref.note])

effect(ref) := "what runs" if {
	startswith(ref.context, "Tekton")
} else := "what is deployed"

persona(ref) := "pedantic" if {
	ref.pin == "exact"
} else := "regular"
