# METADATA
# title: Dependabot is not told of something the repository uses
# description: >-
#   Dependabot updates what dependabot.yml has an entry for and nothing else. What a manifest without an entry pins
#   stays at its version, with the vulnerabilities that become known of it, until somebody remembers. Manifests of
#   tests, examples and vendored code are not asked for, and nothing is said where Renovate is configured as well.
# related_resources:
#   - ref: https://docs.github.com/en/code-security/reference/supply-chain-security/dependabot-options-reference#package-ecosystem-
#     description: Ecosystems and their names
#   - ref: https://docs.github.com/en/code-security/reference/supply-chain-security/dependabot-options-reference#directories-or-directory--
#     description: Folders of an entry, with globs
# custom:
#   severity: low
#   confidence: medium
#   kinds: [dependabot]
#   since: 0.1.0
#   remediation: >-
#     Add an entry with the ecosystem and its folders to updates; directories takes globs, such as /.github/actions/*.
#     If something is left out on purpose, ignore the finding with the reason.
package rules.dependencies["missing-ecosystem"]

# An ecosystem without any entry.
deny contains {"msg": msg, "path": ["updates"]} if {
	some ecosystem, uses in missing
	not uses[0].known
	msg := sprintf("no entry is for %s, so nobody updates what is pinned in %s", [ecosystem, files(uses)])
}

# One that has an entry, but not for this folder: often on purpose.
deny contains {"msg": msg, "path": ["updates"], "confidence": "low"} if {
	some ecosystem, uses in missing
	uses[0].known
	msg := sprintf("the entries for %s leave out %s", [ecosystem, files(uses)])
}

missing[ecosystem] := uses if {
	some ecosystem in {use.ecosystem | some use in input.facts.dependabot.uncovered}
	uses := [use | some use in input.facts.dependabot.uncovered; use.ecosystem == ecosystem]
}

files(uses) := uses[0].file if count(uses) == 1

files(uses) := sprintf("%s and %s", [uses[0].file, uses[1].file]) if count(uses) == 2

files(uses) := sprintf("%s, %s and %d more", [uses[0].file, uses[1].file, count(uses) - 2]) if count(uses) > 2
