# METADATA
# title: Action's name looks like a mistyped one
# description: >-
#   The name differs by one letter from that of an action which very many use, and belongs to another owner. Such names
#   are registered to run code in the workflows of those who mistype. It may as well be a fork whose owner is called so.
# related_resources:
#   - ref: https://orca.security/resources/blog/typosquatting-in-github-actions/
#     description: Actions under mistyped names
# custom:
#   severity: high
#   confidence: low
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: Correct the name, or ignore the finding with a reason if this is the action that is meant.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3]
#     ssdf-1.1: [PW.4.1]
package rules.workflow["typosquat-action"]

deny contains {"msg": msg, "path": use.path, "text": use.name} if {
	some use in input.facts.actions.uses
	use.resembles
	msg := sprintf(
		"%s is one letter away from %s, which is somebody else's and may be what is meant",
		[use.name, use.resembles],
	)
}
