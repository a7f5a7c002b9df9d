# METADATA
# title: Action does what a command of the runner does
# description: >-
#   Every action is code of somebody else that runs with the job's token. What this one does is one command of a tool
#   that GitHub's own runners have installed, which nobody can move to other code.
# related_resources:
#   - ref: https://cli.github.com/manual/
#     description: The commands of gh
# custom:
#   severity: info
#   confidence: high
#   persona: pedantic
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: Call the command in a run step, with GH_TOKEN set to github.token in env where it is gh.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-8]
#     ssdf-1.1: [PW.4.1]
package rules.workflow["superfluous-action"]

deny contains {"msg": msg, "path": use.path} if {
	some use in input.facts.actions.uses
	use.pin != "local"
	instead := command[lower(use.name)]
	msg := sprintf("%s does what %s does, which needs no code of somebody else", [use.name, instead])
}

command := {
	"actions/create-release": "gh release create",
	"actions/upload-release-asset": "gh release upload",
	"actions-ecosystem/action-add-labels": "gh issue edit --add-label",
	"actions-ecosystem/action-remove-labels": "gh issue edit --remove-label",
	"benc-uk/workflow-dispatch": "gh workflow run",
	"hmarr/auto-approve-action": "gh pr review --approve",
	"juliangruber/approve-pull-request-action": "gh pr review --approve",
	"ncipollo/release-action": "gh release create",
	"peter-evans/close-issue": "gh issue close",
	"peter-evans/enable-pull-request-automerge": "gh pr merge --auto",
	"peter-evans/repository-dispatch": "gh api repos/{owner}/{repo}/dispatches",
	"softprops/action-gh-release": "gh release create",
	"styfle/cancel-workflow-action": "concurrency with cancel-in-progress",
	"svenstaro/upload-release-action": "gh release upload",
}
