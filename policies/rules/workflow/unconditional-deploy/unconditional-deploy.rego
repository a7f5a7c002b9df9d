# METADATA
# title: A job deploys although what it needs has failed
# description: >-
#   always() lets a job run when the jobs before it failed or were skipped, tests and approvals among them. In a job
#   with a deployment environment that asks for no result, it puts out what has just failed its tests. !cancelled()
#   does the same.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#always
#     description: always()
# custom:
#   severity: medium
#   confidence: medium
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Leave always() out, or ask for the results that count: always() && needs.test.result == 'success'.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1]
#     ssdf-1.1: [PS.1.1]
package rules.workflow["unconditional-deploy"]

deny contains {
	"msg": sprintf(
		"job %s deploys to its environment although the jobs that it needs failed, and asks for none of their results",
		[deploy.job],
	),
	"path": deploy.path,
	"text": deploy.text,
} if {
	some deploy in input.facts.workflow.deploys

	# An environment may as well be there for its secrets.
	regex.match(`(?i)deploy|publish|release|prod|staging|pages`, concat(" ", [deploy.job, deploy.environment]))
	not regex.match(`(?i)clean|destroy|tear|down|delete|remove|notify|report|rollback|stop`, deploy.job)
}
