# METADATA
# title: Commit of an action does not say its version
# description: >-
#   A commit says nothing to a reader, who cannot see how old it is or whether an advisory speaks of it. Dependabot and
#   Renovate read the version from a comment behind it and keep both up to date; without one, or with one in words of
#   its own, they may leave the commit where it is for ever.
# related_resources:
#   - ref: https://docs.renovatebot.com/modules/manager/github-actions/
#     description: How Renovate reads the comment
#   - ref: https://docs.github.com/en/code-security/reference/supply-chain-security/supported-ecosystems-and-repositories
#     description: What Dependabot keeps up to date
# custom:
#   severity: info
#   confidence: high
#   persona: pedantic
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: "Write the tag that the commit belongs to behind it: `owner/name@<40 hex digits> # v1.2.3`."
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3]
#     ssdf-1.1: [PS.3.2]
package rules.workflow["version-comment"]

deny contains {"msg": msg, "path": use.path} if {
	some use in input.facts.actions.uses
	use.pin == "digest"
	not use.releaseBy == "lock"
	msg := sprintf("the commit of %s %s", [use.name, what(use)])
}

what(use) := "has no version in a comment behind it, so nobody sees how old it is and bots may not update it" if {
	use.commentIs == "none"
}

what(use) := sprintf("has the comment %q, which update bots do not read as a version", [use.comment]) if {
	use.commentIs == "other"
}
