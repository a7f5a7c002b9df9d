# METADATA
# title: Renovate keeps actions at tags
# description: >-
#   Renovate can replace the tag of an action by the commit that it names and keep both up to date, the tag as a
#   comment. Without that it moves from tag to tag, and what a tag stands for is decided by whoever controls the
#   action.
# related_resources:
#   - ref: https://docs.renovatebot.com/presets-helpers/#helperspingithubactiondigests
#     description: The preset helpers:pinGitHubActionDigests
# custom:
#   severity: info
#   confidence: medium
#   persona: pedantic
#   kinds: [renovate]
#   since: 0.1.0
#   remediation: >-
#     Add helpers:pinGitHubActionDigestsToSemver to extends, or config:best-practices, which has it.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3]
#     scorecard-5: [Pinned-Dependencies]
#     ssdf-1.1: [PW.4.1]
package rules.dependencies["no-digest-pinning"]

deny contains {
	"msg": "no preset has Renovate pin actions to commits, so they stay at tags that can be moved",
	"path": ["extends"],
} if {
	is_object(input.doc)
	not input.doc.enabled == false
	not pins
	not leaves_actions
	every preset in [preset | some preset in input.doc.extends] {
		is_string(preset)
		startswith(preset, "config:") == true
		preset != "config:best-practices"
	}
}

pins if {
	walk(input.doc, [path, true])
	path[count(path) - 1] == "pinDigests"
}

# The managers that are enabled are all there are: without this one the actions are not Renovate's to pin.
leaves_actions if {
	some _ in input.doc.enabledManagers
	not "github-actions" in input.doc.enabledManagers
}
