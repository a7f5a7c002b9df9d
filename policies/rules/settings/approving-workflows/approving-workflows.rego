# METADATA
# title: Workflows may approve pull requests
# description: >-
#   With this setting a workflow's token can give the approval that a pull request needs, so whoever can run a
#   workflow with pull-requests: write approves a change of their own.
# related_resources:
#   - ref: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository#preventing-github-actions-from-creating-or-approving-pull-requests
#     description: Preventing GitHub Actions from approving pull requests
# custom:
#   severity: medium
#   confidence: high
#   kinds: [settings]
#   since: 0.1.0
#   remediation: >-
#     Switch the setting off. Let an app with its own identity open the pull requests that automation needs.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1]
#     scorecard-5: [Code-Review]
#     ssdf-1.1: [PS.1.1]
package rules.settings["approving-workflows"]

deny contains {
	"msg": "a workflow's token may approve pull requests, so whoever can run one approves a change of their own",
	"path": ["actions", "approve-pull-requests"],
} if {
	input.doc.actions["approve-pull-requests"]
}
