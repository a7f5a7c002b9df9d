# METADATA
# title: A reference is written so that it reads like another
# description: >-
#   Slashes too many, . and .. in a path, or letters in another case lead to the same action as the plain spelling,
#   and past a search, a list of allowed actions or a reviewer who looks for that. There is no need for them.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsuses
#     description: uses
# custom:
#   severity: low
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: Write the reference plainly, owner/name/path@ref.
package rules.workflow["obfuscated-reference"]

deny contains {
	"msg": sprintf("%s leads to the same as %s and hides that", [use.raw, use.plain]),
	"path": use.path,
} if {
	some use in input.facts.actions.uses
	use.plain
}

deny contains {
	"msg": sprintf("%s is %s in another case, which a search for it passes over", [ref.raw, lower(owner)]),
	"path": ref.path,
	"persona": "pedantic",
} if {
	some ref in uses
	owner := split(ref.raw, "/")[0]
	lower(owner) in {"actions", "github", "docker", "google-github-actions", "aws-actions"}
	owner != lower(owner)
}

uses contains ref if {
	some ref in input.refs
	ref.kind in {"action", "reusable"}
}
