# METADATA
# title: Workflows that ask for nothing get a token that may write
# description: >-
#   Where the default is write, each workflow and job without permissions of its own may push commits, publish
#   packages and change releases, and so may whoever takes over one of its steps.
# related_resources:
#   - ref: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository#setting-the-permissions-of-the-github_token-for-your-repository
#     description: Default permissions
# custom:
#   severity: medium
#   confidence: high
#   kinds: [settings]
#   since: 0.1.0
#   remediation: >-
#     Set the default to read in the settings of Actions, for the organisation where you can, and let each job ask
#     for what it needs.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-2, CICD-SEC-5]
#     scorecard-5: [Token-Permissions]
#     ssdf-1.1: [PO.5.1]
package rules.settings["default-permissions"]

deny contains {
	"msg": "a workflow without permissions of its own gets a token that may write, as does whoever takes over a step",
	"path": ["actions", "default-permissions"],
} if {
	input.doc.actions["default-permissions"] == "write"
}
