# METADATA
# title: Action is no longer maintained
# description: >-
#   The owner of the action's repository has archived it: it is read-only, nobody answers there, and no vulnerability
#   found from now on will be mended. The list is the one that this release was built with.
# related_resources:
#   - ref: https://docs.github.com/en/repositories/archiving-a-github-repository/archiving-repositories
#     description: What an archived repository is
# custom:
#   severity: low
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: Take an action that is maintained, or do in a script what this one does.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-8]
#     scorecard-5: [Maintained]
#     ssdf-1.1: [PW.4.4]
package rules.workflow["archived-action"]

deny contains {"msg": msg, "path": use.path} if {
	some use in input.facts.actions.uses
	use.archived
	msg := sprintf("the repository of %s is archived, so what is found wrong with it will not be mended", [use.name])
}
