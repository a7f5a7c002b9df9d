# METADATA
# title: Pinned action uses an action that is not pinned
# description: >-
#   The action is pinned to a commit, but a step of it uses another action by a tag or branch. Whoever moves that tag
#   runs code in this workflow all the same, with its token and secrets. The lock file of the repository tells what
#   actions use themselves; it was written for other workflows, and holds the commits for those alone.
# related_resources:
#   - ref: https://docs.github.com/en/actions/concepts/security/workflow-dependency-lockfiles
#     description: Lock files hold the dependencies of actions too
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: >-
#     Lock this workflow too, with gh actions-lock, which holds the actions that its actions use; or take an action
#     that pins its own.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3, CICD-SEC-8]
#     scorecard-5: [Pinned-Dependencies]
#     ssdf-1.1: [PW.4.1]
package rules.workflow["unpinned-dependency"]

deny contains {"msg": msg, "path": use.path} if {
	some use in input.facts.actions.uses
	count(use.loose) > 0
	msg := sprintf(
		"action %s is pinned, but %s in it uses %s%s, which can be moved to other code",
		[use.name, by(use), use.loose[0].name, more(use)],
	)
}

by(use) := "a step" if {
	lower(use.loose[0].by) == lower(use.name)
} else := use.loose[0].by

more(use) := "" if {
	count(use.loose) == 1
} else := sprintf(" and %d more", [count(use.loose) - 1])
