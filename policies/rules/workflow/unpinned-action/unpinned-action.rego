# METADATA
# title: Action is pinned to a mutable ref
# description: >-
#   The action or reusable workflow is named by a tag or branch, which whoever controls its repository can move. A
#   moved tag runs other code in this workflow's next run, with this workflow's token and secrets, and nothing in this
#   repository changes; that is how tj-actions/changed-files and many after it were turned against their users. Only a
#   full commit SHA names one content, or an entry of .github/workflows/actions.lock for this very workflow. An action
#   of this repository is judged where its own steps stand, with those who use it beside it. Actions of actions/* and
#   github/*, and those of the account that this repository was cloned from, are reported as medium: who moves their
#   tags has got into GitHub, or into what already owns this repository. The parameter policies says otherwise by
#   pattern: hash (the default) asks for a commit, ref is content with any ref, any with everything. A pattern is
#   owner/repo or owner/repo/folder as it stands, owner/* or owner/repo/* with all that lies below, or has * for any
#   part of a name; of several that fit the one without a star decides, and else the longest.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions
#     description: Pin actions to a full-length commit SHA
#   - ref: https://docs.github.com/en/actions/concepts/security/workflow-dependency-lockfiles
#     description: Lock files for the dependencies of workflows
#   - ref: https://github.com/advisories/GHSA-mrrh-fwg8-r2c3
#     description: The tags of tj-actions/changed-files, moved to code that printed secrets
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: >-
#     Replace the ref with the full commit SHA that it names now and keep the tag as a comment,
#     `owner/name@<40 hex digits> # v1.2.3`, so that Dependabot and Renovate keep both up to date; or lock the workflow
#     with `gh actions-lock`.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3, CICD-SEC-8]
#     scorecard-5: [Pinned-Dependencies]
#     ssdf-1.1: [PW.4.1, PO.3.2]
package rules.workflow["unpinned-action"]

import data.lib.params as parameters
import data.lib.pattern as patterns

deny contains {"msg": msg, "path": ref.path, "severity": severity(ref), "related": callers} if {
	some ref in moving
	msg := sprintf("%s %s is pinned to %s, %s", [noun[ref.kind], ref.name, ref.version, why[ref.pin]])
}

deny contains object.union({"msg": msg, "path": ref.path, "severity": "medium", "related": callers}, mended(ref)) if {
	some ref in uses
	ref.pin in {"none", "invalid", "unknown"}
	policy(lower(ref.name)) != "any"
	msg := sprintf("GitHub will not run %s %s: %s", [noun[ref.kind], ref.raw, ref.note])
}

deny contains {"msg": msg, "path": ref.path, "severity": "low", "related": callers} if {
	some ref in uses
	ref.pin == "digest"
	verifies_its_tag(ref)
	msg := sprintf(
		"reusable workflow %s is pinned to a commit, but it proves what it is by its tag and fails without one",
		[ref.name],
	)
}

# A ref behind $/ can only go: what it names is the commit that runs, whatever the ref says.
mended(ref) := {"fix": {"description": "leave out the ref", "edits": [{"path": ref.path, "with": ref.name}]}} if {
	startswith(ref.raw, "$/")
	not contains(ref.raw, "${{")
} else := {}

uses := [ref | some ref in input.refs; ref.kind in {"action", "reusable"}]

moving contains ref if {
	some ref in uses
	why[ref.pin]
	policy(lower(ref.name)) == "hash"
	not needs_tag(ref)
}

noun := {"action": "action", "reusable": "reusable workflow"}

why := {
	"exact": "a tag: whoever controls that repository can move it to other code",
	"floating": "a tag that is meant to move: other code runs with every release, and whenever an intruder moves it",
	"branch": "which names no version: whatever is pushed there runs here at once",
}

severity(ref) := "medium" if {
	split(lower(ref.name), "/")[0] in near
} else := "high"

# Accounts whose breach would be the end in any case.
near contains account if some account in {"actions", "github"}

near contains input.facts.actions.owner

callers := [{"msg": "used here", "file": caller.file, "path": caller.path} |
	some caller in input.facts.actions.callers
]

needs_tag(ref) if {
	ref.pin == "exact"
	verifies_its_tag(ref)
}

# The builders and generators of SLSA provenance find themselves by the full version in their tag.
verifies_its_tag(ref) if startswith(lower(ref.name), "slsa-framework/slsa-github-generator/.github/workflows/")

# What is asked of an action: the policy of the exact pattern, else of that with most of the name in it.
policy(name) := asked if {
	fitting := {pattern | some pattern, _ in policies; patterns.fits(pattern, name)}
	best := max({[weight(pattern), pattern] | some pattern in fitting})[1]
	policies[best] in {"ref", "any"}
	asked := policies[best]
} else := "hash"

params := input.params["workflow/unpinned-action"]

policies := params.policies

weight(pattern) := count(replace(pattern, "*", "")) if {
	contains(pattern, "*")
} else := 1000

misconfigured contains msg if some msg in parameters.unknown(params, {"policies"})

misconfigured contains "policies is no map of patterns to hash, ref or any" if {
	policies
	not is_object(policies)
}

misconfigured contains msg if some msg in patterns.misspelt(object.keys(policies))

misconfigured contains msg if {
	some pattern, asked in policies
	not asked in {"hash", "ref", "any"}
	msg := sprintf("the policy %v of %s is none: use hash, ref or any", [asked, pattern])
}
