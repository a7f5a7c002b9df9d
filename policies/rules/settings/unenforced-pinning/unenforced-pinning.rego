# METADATA
# title: Nothing refuses actions that are not pinned
# description: >-
#   GitHub can refuse to run actions that are not pinned to a full commit, those that actions use themselves
#   among them. Without it a single new line brings back a tag that moves.
# related_resources:
#   - ref: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository
#     description: Requiring actions to be pinned to a full-length commit SHA
# custom:
#   severity: low
#   confidence: high
#   kinds: [settings]
#   since: 0.1.0
#   remediation: >-
#     Switch on that actions have to be pinned to a full-length commit, once this linter finds none that is not.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3]
#     scorecard-5: [Pinned-Dependencies]
#     ssdf-1.1: [PW.4.1]
#     s2c2f-1.1: [ENF-1]
package rules.settings["unenforced-pinning"]

deny contains {
	"msg": "GitHub runs actions that are not pinned to a commit, so one new line brings back a tag that moves",
	"path": ["actions", "sha-pinning"],
} if {
	input.doc.actions["sha-pinning"] == false
	input.doc.actions.enabled != false
}
