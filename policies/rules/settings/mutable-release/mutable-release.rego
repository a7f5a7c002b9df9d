# METADATA
# title: What was released can be changed
# description: >-
#   Without immutable releases the tag of a release can be moved to another commit and its files replaced, and
#   all who use it by its name get what they did not choose.
# related_resources:
#   - ref: https://docs.github.com/en/code-security/concepts/supply-chain-security/immutable-releases
#     description: Immutable releases
# custom:
#   severity: low
#   confidence: high
#   kinds: [settings]
#   since: 0.1.0
#   remediation: >-
#     Switch on immutable releases in the settings of the repository or its organisation.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-9]
#     scorecard-5: [Signed-Releases]
#     ssdf-1.1: [PS.2.1, PS.3.1]
package rules.settings["mutable-release"]

deny contains {
	"msg": "releases are not immutable, so whoever can write moves their tags and replaces their files",
	"path": ["releases", "immutable"],
} if {
	input.doc.releases.immutable == false
	input.doc.releases.any
}
