# METADATA
# title: Remote base is not pinned to a commit
# description: >-
#   The kustomization takes resources, a component or a patch from another repository at a branch or tag, or at
#   whatever its default branch holds. Whoever can push there decides what is deployed here: a workload, a binding to
#   cluster-admin. Nothing in this repository changes when they do.
# related_resources:
#   - ref: https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md
#     description: Remote targets of kustomize
# custom:
#   severity: high
#   confidence: high
#   kinds: [kustomization]
#   since: 0.1.0
#   remediation: >-
#     Name the full commit in ref, as in https://github.com/OWNER/REPO//PATH?ref=COMMIT, or copy the files into this
#     repository.
package rules.kustomize["unpinned-base"]

deny contains {"msg": msg, "path": ref.path, "severity": severity(ref, verdict)} if {
	some ref in input.refs
	ref.kind == "base"
	verdict := verdicts[ref.pin]
	msg := sprintf("remote %s %s %s", [ref.context, ref.raw, verdict.reason])
}

verdicts := {
	"none": {"severity": "high", "reason": "names no ref, so whatever its default branch holds is deployed"},
	"branch": {"severity": "high", "reason": "is at a branch, so whoever can push there decides what is deployed"},
	"floating": {"severity": "high", "reason": "is at a ref that moves, so what is deployed can change unreviewed"},
	"exact": {"severity": "medium", "reason": "is at a tag, which whoever can push there can move"},
	"invalid": {"severity": "medium", "reason": "names no commit that can be fetched, so nothing pins what is deployed"},
}

# A file of these contexts decides how resources are put together, not what is in them.
mild := {"CRD", "OpenAPI schema", "configuration"}

severity(ref, _) := "medium" if ref.context in mild

severity(ref, verdict) := verdict.severity if not ref.context in mild
