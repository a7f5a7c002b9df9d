# METADATA
# title: Anybody's comment makes the workflow change something
# description: >-
#   A comment starts the run, and anybody may comment. The job looks at what the comment says but not at who wrote it,
#   and then pushes, deploys, releases or starts another workflow with the repository's token or secrets.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#issue_comment
#     description: issue_comment
#   - ref: https://docs.github.com/en/graphql/reference/enums#commentauthorassociation
#     description: What an author association says
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Ask who wrote the comment: contains(fromJSON('["OWNER", "MEMBER", "COLLABORATOR"]'),
#     github.event.comment.author_association).
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-4, CICD-SEC-5]
#     ssdf-1.1: [PO.5.1]
package rules.workflow["open-command"]

deny contains {"msg": msg, "path": d.path, "text": d.text, "confidence": confidence(d)} if {
	some d in input.facts.workflow.deeds
	d.protection in {"none", "output"}
	msg := sprintf(
		"job %s runs %s for whoever writes a comment (%s), since nothing asks who that is",
		[d.job, d.what, d.event],
	)
}

confidence(d) := "low" if {
	d.protection == "output" # an earlier step may have asked
} else := "high"
