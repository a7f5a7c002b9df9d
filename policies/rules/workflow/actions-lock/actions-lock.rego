# METADATA
# title: Lock file of the actions does not hold what runs
# description: >-
#   .github/workflows/actions.lock says which commit each action of a workflow has. GitHub runs a workflow that it lists
#   only with the actions that it lists for it, and refuses a lock file that is not well formed. A lock file that
#   misses an action, disagrees with itself or lacks the numbers that tell an owner from their successor therefore
#   stops the workflow, or would hold it to less than it seems to. Nothing counts as pinned by a lock file with such a
#   fault. What is locked for nothing is told to the pedantic.
# related_resources:
#   - ref: https://docs.github.com/en/actions/concepts/security/workflow-dependency-lockfiles
#     description: Lock files for the dependencies of workflows
#   - ref: https://github.com/github/actions-lockfile
#     description: The format of the lock file
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow, action, actions-lock]
#   since: 0.1.0
#   remediation: Run gh actions-lock and commit what it writes; the file is not meant to be edited by hand.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3]
#     scorecard-5: [Pinned-Dependencies]
#     ssdf-1.1: [PW.4.1]
package rules.workflow["actions-lock"]

lock := input.facts.actions.lock

deny contains {"msg": msg, "path": fault.path} if {
	some fault in lock.faults
	msg := sprintf("GitHub refuses this lock file, and with it each workflow that it lists: %s", [fault.msg])
}

deny contains {"msg": msg, "path": fault.path, "severity": "info", "persona": "pedantic"} if {
	some fault in lock.stale
	msg := sprintf("%s, so this locks nothing and hides what does", [fault.msg])
}

deny contains {"msg": msg, "path": use.path, "confidence": confidence(use), "related": related(use)} if {
	some use in input.facts.actions.uses
	use.unlocked
	msg := sprintf(
		"the lock file lists %s but not its action %s@%s, so GitHub will not run the workflow",
		[use.unlocked, use.name, use.version],
	)
}

related(use) := [{"msg": "used here", "file": caller.file, "path": caller.path} |
	use.unlocked != input.file.path
	some caller in input.facts.actions.callers
]

# Whether GitHub insists on an entry for what is pinned to a commit as well, its documentation does not say outright.
confidence(use) := "medium" if {
	use.pin == "digest"
} else := "high"
