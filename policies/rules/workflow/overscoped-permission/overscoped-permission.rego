# METADATA
# title: Permission to write where reading is enough
# description: >-
#   A job may change something that its steps only read. Whoever takes over one of them can change it. Nothing is said
#   where something in the job may use the token in a way that cannot be told from here.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
#     description: permissions, for a workflow and for a job
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: Write read instead of write.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-5, CICD-SEC-2]
#     scorecard-5: [Token-Permissions]
#     ssdf-1.1: [PO.5.1, PS.1.1]
package rules.workflow["overscoped-permission"]

deny contains {
	"msg": msg,
	"path": grant.path,
	"severity": severity(grant),
	"related": [related(use) | some use in grant.uses],
	"fix": {
		"description": "grant what the steps need",
		"edits": [{"path": block.path, "block": block.yaml}],
	},
} if {
	some grant in input.facts.token.grants
	grant.level == "write"
	grant.used == "read"
	"read" in grant.levels
	block := input.facts.token.blocks[grant.block]
	msg := sprintf(
		"%s: write is granted, and %s needs no more than read, so a step that is taken over can change what none has to",
		[grant.scope, grant.uses[0].by],
	)
}

related(use) := {
	"msg": sprintf("%s: %s", [use.by, use.why]),
	"path": use.path,
	"text": object.get(use, "text", ""),
}

severity(grant) := "medium" if {
	grant.scope in {"actions", "attestations", "contents", "deployments", "packages", "pages", "pull-requests"}
} else := "low"
