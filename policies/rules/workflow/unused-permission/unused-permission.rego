# METADATA
# title: Permission that no step needs
# description: >-
#   A permission is granted to a job, and none of its actions, commands, scripts and called workflows has a use for
#   it. Whoever takes over one of them has it all the same. Nothing is said where something in the job may use the
#   token in a way that cannot be told from here: an action that is not known, a program that gets the token in its
#   environment.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
#     description: permissions, for a workflow and for a job
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: Take the permission out. The edit that comes with the finding writes what the steps need, line by line.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-5, CICD-SEC-2]
#     scorecard-5: [Token-Permissions]
#     ssdf-1.1: [PO.5.1, PS.1.1]
package rules.workflow["unused-permission"]

deny contains {
	"msg": msg,
	"path": grant.path,
	"severity": severity(grant),
	"persona": persona(grant),
	"fix": {
		"description": "grant what the steps need",
		"edits": [{"path": block.path, "block": block.yaml}],
	},
} if {
	some grant in input.facts.token.grants
	grant.used == "none"
	grant.level in {"read", "write"}
	grant.level in grant.levels
	count(grant.jobs) > 0
	block := input.facts.token.blocks[grant.block]
	msg := sprintf(
		"%s: %s is granted to %s, and nothing in %s needs it; whoever takes over a step there has it",
		[grant.scope, grant.level, named(grant.jobs), pronoun(grant.jobs)],
	)
}

# What changes code, what is released from it, or who the run is to a cloud; the rest changes words and marks.
severity(grant) := "medium" if {
	grant.level == "write"
	grant.scope in {"actions", "attestations", "contents", "deployments", "id-token", "packages", "pages", "pull-requests"}
} else := "low"

# A read of a public repository is no gift, and many set contents: read everywhere by habit.
persona(grant) := "regular" if grant.level == "write"

persona(grant) := "pedantic" if grant.level == "read"

pronoun(jobs) := "it" if count(jobs) == 1

else := "them"

named(jobs) := sprintf("job %s", [jobs[0]]) if count(jobs) == 1

named(jobs) := sprintf("jobs %s", [concat(", ", jobs)]) if count(jobs) in {2, 3}

named(jobs) := sprintf("jobs %s, %s and %d more", [jobs[0], jobs[1], count(jobs) - 2]) if count(jobs) > 3
