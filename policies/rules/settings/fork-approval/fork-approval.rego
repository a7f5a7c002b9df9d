# METADATA
# title: Workflows run for strangers without anybody approving
# description: >-
#   A pull request from a fork brings its own code, and workflows run it. For a public repository the weakest
#   setting asks only for those who are new to GitHub; for a private one a fork can even be given a token that
#   may write, or the secrets.
# related_resources:
#   - ref: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository#controlling-changes-from-forks-to-workflows-in-public-repositories
#     description: Approval for workflows of forks
#   - ref: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository#enabling-workflows-for-forks-of-private-repositories
#     description: Forks of private repositories
# custom:
#   severity: high
#   confidence: high
#   kinds: [settings]
#   since: 0.1.0
#   remediation: >-
#     Ask for approval for all outside collaborators, and give forks neither tokens that may write nor secrets.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-4]
#     scorecard-5: [Dangerous-Workflow]
#     ssdf-1.1: [PO.5.1]
package rules.settings["fork-approval"]

deny contains {
	"msg": "workflows run for pull requests of anybody whose account is not brand new, without anybody approving",
	"path": ["actions", "fork-approval"],
	"severity": "low",
} if {
	input.doc.visibility == "public"
	input.doc.actions["fork-approval"] == "first_time_contributors_new_to_github"
}

deny contains {
	"msg": "pull requests from forks get a token that may write",
	"path": ["actions", "private-forks", "write-tokens"],
	"severity": strength,
} if {
	forks.run
	forks["write-tokens"]
}

deny contains {
	"msg": "pull requests from forks get the secrets",
	"path": ["actions", "private-forks", "secrets"],
	"severity": strength,
} if {
	forks.run
	forks.secrets
}

forks := input.doc.actions["private-forks"]

# Who can fork a private repository can read it already.
default strength := "high"

strength := "medium" if forks.approval
