# METADATA
# title: Remote base is not pinned to a commit
# description: >-
#   The kustomization takes resources, a component or a patch from another repository at a branch or tag, or at
#   whatever its default branch holds. Whoever can push there decides what is deployed here: a workload, a binding to
#   cluster-admin. Nothing in this repository changes when they do. A file of a release can be replaced by whoever can
#   edit the release, and has no commit that could be named.
# related_resources:
#   - ref: https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md
#     description: Remote targets of kustomize
# custom:
#   severity: high
#   confidence: high
#   kinds: [kustomization]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Name the full commit in ref, as in https://github.com/OWNER/REPO//PATH?ref=COMMIT, or copy the files into this
#     repository. Files of a release, or of any URL that is not a repository's, can only be copied.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3]
#     scorecard-5: [Pinned-Dependencies]
#     ssdf-1.1: [PW.4.1]
package rules.kustomize["unpinned-base"]

deny contains {"msg": msg, "path": ref.path, "severity": severity(ref)} if {
	some ref in input.refs
	ref.kind == "base"
	ref.pin in object.keys(verdicts)
	msg := sprintf("remote %s %s %s", [ref.context, ref.raw, reason(ref)])
}

verdicts := {
	"none": {"severity": "high", "reason": "names no ref, so whoever can push to its default branch decides EFFECT"},
	"branch": {"severity": "high", "reason": "is at a branch, so whoever can push there decides EFFECT"},
	"floating": {"severity": "high", "reason": "is at a ref that moves, so EFFECT can change unreviewed"},
	"exact": {"severity": "medium", "reason": "is at a tag, which whoever can push there can move"},
	"invalid": {"severity": "medium", "reason": "names no commit that can be fetched, so nothing pins EFFECT"},
}

# A file of these contexts decides how resources are put together, not what is in them.
effects := {
	"CRD": "how references are resolved",
	"OpenAPI schema": "how patches merge",
	"configuration": "how resources are transformed",
}

reason(ref) := sprintf("cannot be held to a commit, and %s: copy the file into this repository", [ref.note]) if {
	ref.served
} else := replace(verdicts[ref.pin].reason, "EFFECT", object.get(effects, ref.context, "what is deployed"))

severity(ref) := "medium" if {
	effects[ref.context]
} else := verdicts[ref.pin].severity
