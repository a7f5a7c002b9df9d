# METADATA
# title: Git is told to trust every directory
# description: >-
#   Git refuses to work in a directory of another user, because what stands in its .git/config runs commands.
#   safe.directory set to * switches that off everywhere, also for a directory that a pull request's code or another
#   job on a self-hosted runner left behind.
# related_resources:
#   - ref: https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory
#     description: safe.directory
# custom:
#   severity: low
#   confidence: high
#   persona: pedantic
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: 'Name the directory: git config --global --add safe.directory "$GITHUB_WORKSPACE".'
package rules.workflow["unsafe-directory"]

deny contains {
	"msg": "Git is told to trust every directory, so whoever leaves one behind runs commands through its configuration",
	"path": remark.path,
	"text": remark.text,
} if {
	some remark in input.facts.workflow.remarks
	remark.kind == "safe-directory"
}
