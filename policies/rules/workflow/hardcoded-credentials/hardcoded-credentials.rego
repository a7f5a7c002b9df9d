# METADATA
# title: Credential is written in the workflow
# description: >-
#   Whoever can read the repository can use the credential, and its history keeps it after it is removed. Found are
#   the passwords of registries that a job's containers come from, and tokens and keys that can be told by their form;
#   for GitHub's and npm's tokens their checksum is verified. What it is is not repeated in the message.
# related_resources:
#   - ref: https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-secrets
#     description: Using secrets in GitHub Actions
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idcontainercredentials
#     description: Credentials of a container registry
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: >-
#     Revoke the credential, store a new one as a secret and write ${{ secrets.NAME }}.
package rules.workflow["hardcoded-credentials"]

deny contains {"msg": msg, "path": c.path, "text": c.text} if {
	some c in input.facts.workflow.credentials
	msg := sprintf(
		"a %s is written out here, so whoever can read the repository, now or in its history, can use it",
		[c.kind],
	)
}

deny contains {"msg": msg, "path": array.concat(r.path, ["credentials", "password"])} if {
	some r in registries
	password := r.container.credentials.password
	is_string(password)
	password != ""
	not contains(password, "${{")
	msg := sprintf(
		"the password for the registry of %s is written out here, so whoever can read the repository can use it",
		[r.what],
	)
}

registries contains {"path": array.concat(job.path, ["container"]), "container": job.container, "what": what} if {
	some job in input.facts.workflow.jobs
	job.container.credentials
	what := sprintf("the container of job %s", [job.id])
}

registries contains {"path": array.concat(job.path, ["services", name]), "container": service, "what": what} if {
	some job in input.facts.workflow.jobs
	some name, service in job.services
	what := sprintf("service %s of job %s", [name, job.id])
}
