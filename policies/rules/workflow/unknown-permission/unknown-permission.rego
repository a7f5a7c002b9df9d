# METADATA
# title: Permission or level that does not exist
# description: >-
#   GitHub knows a list of permissions, and takes for each of them none and read, write or both. With any other it
#   does not start the workflow at all, so that a check which should have run on a pull request is not there.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
#     description: permissions, for a workflow and for a job
# custom:
#   severity: low
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: Write one of the permissions that GitHub documents, at a level that it can have.
package rules.workflow["unknown-permission"]

deny contains {"msg": msg, "path": grant.path} if {
	some grant in input.facts.token.grants
	count(grant.levels) == 0
	msg := sprintf("there is no permission %s, so GitHub does not start the workflow", [grant.scope])
}

deny contains {"msg": msg, "path": grant.path} if {
	some grant in input.facts.token.grants
	count(grant.levels) > 0
	not grant.level in grant.levels
	msg := sprintf(
		"%s cannot be %q, only %s, so GitHub does not start the workflow",
		[grant.scope, grant.level, concat(" or ", grant.levels)],
	)
}

deny contains {"msg": msg, "path": block.path} if {
	some block in input.facts.token.blocks
	block.kind == "unknown"
	msg := "permissions are read-all, write-all, {} or a list of them; with anything else GitHub starts no job"
}
