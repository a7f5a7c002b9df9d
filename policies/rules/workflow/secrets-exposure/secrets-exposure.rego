# METADATA
# title: A step gets all secrets
# description: >-
#   GitHub hands a job only those secrets that its expressions name. toJSON(secrets), or a secret whose name is
#   computed, makes it hand over all of them: the repository's, its organisation's and its environment's. The runner's
#   memory then holds every one, and a single bad action or dependency takes them all. With toJSON(secrets) the step
#   that asked gets them as text as well.
# related_resources:
#   - ref: https://codeql.github.com/codeql-query-help/actions/actions-excessive-secrets-exposure/
#     description: Excessive secrets exposure
#   - ref: https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information
#     description: Use secrets for sensitive information
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Name each secret that is used: ${{ secrets.NAME }}. Where the choice depends on a matrix or an input, give each
#     case an environment with a secret of the same name, or write a job for each.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-6]
#     ssdf-1.1: [PS.1.1]
package rules.workflow["secrets-exposure"]

deny contains {"msg": msg, "path": use.path, "text": use.text} if {
	some use in input.facts.workflow.secrets
	use.form == "whole"
	msg := sprintf(
		"%s hands every secret of the repository, its organisation and environment to %s",
		[use.text, holder(use)],
	)
}

deny contains {"msg": msg, "path": use.path, "text": use.text, "severity": "low"} if {
	some use in input.facts.workflow.secrets
	use.form == "computed"
	msg := sprintf(
		"%s computes the name of a secret, so the runner of %s gets every secret there is, not only the one that is used",
		[use.text, job(use)],
	)
}

holder(use) := "every step of every job" if {
	use.place == "workflow-env"
} else := sprintf("every step of job %s", [use.job]) if {
	use.place == "job-env"
} else := sprintf("the workflow that job %s calls", [use.job]) if {
	use.place == "call"
} else := sprintf("a step of job %s", [use.job]) if {
	use.step
} else := job(use)

job(use) := sprintf("job %s", [use.job]) if {
	use.job
} else := "each job"
