# METADATA
# title: Action is no longer maintained
# description: >-
#   The owner of the action has given it up: the repository is archived and read-only, or its README says that it is
#   deprecated or unmaintained. Nobody answers there, and no vulnerability found from now on will be mended. The list is
#   the one that this release was built with; what only another list says is of low confidence.
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

deny contains {"msg": msg(use), "path": use.path, "confidence": confidence[use.archived]} if {
	some use in input.facts.actions.uses
	use.archived
}

msg(use) := sprintf(
	"%s has been given up, as its README says, so what is found wrong with it will not be mended",
	[use.name],
) if {
	use.archived == "text"
} else := sprintf(
	"the repository of %s is archived, so what is found wrong with it will not be mended",
	[use.name],
) if {
	use.archived == "cited"
} else := sprintf(
	"the repository of %s is said to be archived, so what is found wrong with it may never be mended",
	[use.name],
)

confidence := {"text": "high", "cited": "medium", "listed": "low"}
