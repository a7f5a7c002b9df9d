# METADATA
# title: Own action is named by its place in the workspace
# description: >-
#   ./ names what lies in the workspace when the step begins: the repository has to be checked out before, and a step
#   that wrote there has changed the action too. $/ names the file of this repository at the commit that runs,
#   whatever the workspace holds, and needs no checkout; lock files ask for it. It is understood by github.com since
#   July 2026, by GitHub Enterprise Server only later. Jobs that check out anything else are left alone, since ./ may
#   mean that there, and so are actions outside of .github that a script before may have built.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsuses
#     description: How uses is resolved
#   - ref: https://github.com/github/gh-actions-lock
#     description: Lock files and $/
# custom:
#   severity: info
#   confidence: high
#   persona: pedantic
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: Write $/ in place of ./ where every runner of the workflow is github.com's or knows it.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3]
#     ssdf-1.1: [PW.4.1]
package rules.workflow["self-repository"]

deny contains object.union({"msg": msg, "path": use.path}, mended(use)) if {
	some use in input.facts.actions.uses
	use.local.workspace
	not made(use)
	msg := sprintf("%s is whatever lies in the workspace; $/ names this repository at the commit that runs", [use.raw])
}

# An action that is kept elsewhere may be what the scripts before have built.
made(use) if {
	not use.local.untouched
	not startswith(use.raw, "./.github/")
}

mended(use) := {"fix": {
	"description": "name the repository at the commit that runs",
	"edits": [{"path": use.path, "text": use.raw, "with": concat("", ["$/", trim_prefix(use.raw, "./")])}],
}} if {
	use.local.untouched
} else := {}
