# METADATA
# title: Action is pinned to a mutable ref
# description: >-
#   The action or reusable workflow is named by a tag or branch, which whoever controls its repository can move. A
#   moved tag runs other code in this workflow's next run, with this workflow's token and secrets, and nothing in this
#   repository changes; that is how tj-actions/changed-files and many after it were turned against their users. Only a
#   full commit SHA names one content. Actions of actions/* and github/* are reported as medium.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions
#     description: Pin actions to a full-length commit SHA
#   - ref: https://github.com/advisories/GHSA-mrrh-fwg8-r2c3
#     description: The tags of tj-actions/changed-files, moved to code that printed secrets
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: >-
#     Replace the ref with the full commit SHA that it names now and keep the tag as a comment,
#     owner/name@<40 hex digits> # v1.2.3, so that Dependabot and Renovate keep both up to date.
package rules.workflow["unpinned-action"]

deny contains {"msg": msg, "path": ref.path, "severity": severity(ref)} if {
	some ref in moving
	msg := sprintf("%s %s is pinned to %s, %s", [noun[ref.kind], ref.name, ref.version, why[ref.pin]])
}

deny contains {"msg": msg, "path": ref.path, "severity": "medium"} if {
	some ref in uses
	ref.pin in {"none", "invalid", "unknown"}
	msg := sprintf("GitHub will not run %s %s: %s", [noun[ref.kind], ref.raw, ref.note])
}

uses := [ref | some ref in input.refs; ref.kind in {"action", "reusable"}]

moving contains ref if {
	some ref in uses
	why[ref.pin]
	not needs_tag(ref)
}

noun := {"action": "action", "reusable": "reusable workflow"}

why := {
	"exact": "a tag: whoever controls that repository can move it to other code",
	"floating": "a tag that is meant to move: other code runs with every release, and whenever an intruder moves it",
	"branch": "which names no version: whatever is pushed there runs here at once",
}

severity(ref) := "medium" if {
	split(lower(ref.name), "/")[0] in {"actions", "github"}
} else := "high"

# The generators of SLSA provenance verify themselves by their tag, and fail when they are called by a commit.
needs_tag(ref) if {
	ref.pin == "exact"
	startswith(lower(ref.name), "slsa-framework/slsa-github-generator/.github/workflows/")
}
