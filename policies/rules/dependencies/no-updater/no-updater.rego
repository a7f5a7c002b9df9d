# METADATA
# title: Nothing updates what the repository pins
# description: >-
#   What is pinned stays as it is, with the vulnerabilities that become known of it, until somebody changes it.
#   Neither Dependabot nor Renovate is configured here to propose that. An organisation may run a bot that no file of
#   the repository shows.
# related_resources:
#   - ref: https://docs.github.com/en/code-security/concepts/supply-chain-security/about-the-dependabot-yml-file
#     description: dependabot.yml
#   - ref: https://docs.renovatebot.com/
#     description: Renovate
# custom:
#   severity: info
#   confidence: medium
#   persona: pedantic
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Add .github/dependabot.yml with an entry for each ecosystem that the repository uses, github-actions among them,
#     or configure Renovate.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3]
#     scorecard-5: [Dependency-Update-Tool]
#     ssdf-1.1: [PW.4.1]
package rules.dependencies["no-updater"]

deny contains {
	"msg": "no file configures Dependabot or Renovate, so nobody proposes updates of the actions that workflows use",
	"path": [],
} if {
	input.facts.noUpdater
}
