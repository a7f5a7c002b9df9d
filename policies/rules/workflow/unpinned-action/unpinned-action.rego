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
#   pattern: hash (the default) asks for a commit, ref is content with any ref, any with everything; of
#   owner/repo/folder, owner/repo, owner/repo/*, owner/* and * the most specific one that fits decides.
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

# What is asked of an action: the policy of the exact pattern, else of the longest that fits.
policy(name) := asked if {
	fitting := {pattern | some pattern, _ in policies; fits(lower(pattern), name)}
	best := max({[weight(pattern), pattern] | some pattern in fitting})[1]
	policies[best] in {"ref", "any"}
	asked := policies[best]
} else := "hash"

policies := input.params["workflow/unpinned-action"].policies

fits("*", _)

fits(pattern, name) if pattern == name

fits(pattern, name) if {
	endswith(pattern, "/*")
	startswith(sprintf("%s/", [name]), trim_suffix(pattern, "*"))
}

weight(pattern) := count(split(pattern, "/")) if {
	contains(pattern, "*")
} else := 9
