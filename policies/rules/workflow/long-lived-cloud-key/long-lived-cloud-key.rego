# METADATA
# title: Workflow logs in to a cloud with a key that does not expire
# description: >-
#   The key lies in the repository's settings until somebody replaces it, and works from anywhere: one leak, in a log,
#   a cache or a bad action, lasts. AWS, Google Cloud and Azure accept the identity that GitHub gives to a run
#   instead, and answer with credentials that are good for an hour, for this repository, branch or environment alone.
# related_resources:
#   - ref: https://docs.github.com/en/actions/concepts/security/openid-connect
#     description: OpenID Connect, and how to set it up for each cloud
# custom:
#   severity: medium
#   confidence: medium
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Let the cloud trust the repository by OpenID Connect, give the job id-token: write, and replace the key:
#     role-to-assume for aws-actions/configure-aws-credentials, workload_identity_provider for
#     google-github-actions/auth, client-id, tenant-id and subscription-id for azure/login. Then delete the key.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-6, CICD-SEC-2]
#     ssdf-1.1: [PO.5.2]
package rules.workflow["long-lived-cloud-key"]

# The inputs of login actions that take a key.
inputs := {
	"aws-actions/configure-aws-credentials": {"aws-secret-access-key": "AWS"},
	"azure/aks-set-context": {"creds": "Azure"},
	"azure/login": {"creds": "Azure"},
	"google-github-actions/auth": {"credentials_json": "Google Cloud"},
	"google-github-actions/setup-gcloud": {"service_account_key": "Google Cloud"},
}

# The variables that the clouds' tools read a key from.
variables := {
	"ARM_CLIENT_SECRET": "Azure",
	"AWS_SECRET_ACCESS_KEY": "AWS",
	"AZURE_CLIENT_SECRET": "Azure",
	"GOOGLE_CREDENTIALS": "Google Cloud",
}

deny contains {"msg": msg, "path": path} if {
	some job in input.facts.workflow.jobs
	some step in job.steps
	some name, cloud in inputs[step.action]
	not step["with"]["aws-session-token"]
	path := array.concat(step.path, ["with", name])
	names := {use.name | some use in stored; use.path == path}
	count(names) > 0
	msg := sprintf(
		"job %s logs in to %s with %s, a key that is good until somebody revokes it",
		[job.id, cloud, listed(sort(names))],
	)
}

deny contains {"msg": msg, "path": use.path, "text": use.text} if {
	some use in stored
	use.path[count(use.path) - 2] == "env"
	name := use.path[count(use.path) - 1]
	cloud := variables[name]
	not otherwise(use)
	not temporary(use)
	msg := sprintf(
		"%s is set from secret %s, a key for %s that is good until somebody revokes it",
		[name, use.name, cloud],
	)
}

listed(names) := sprintf("secret %s", [names[0]]) if {
	count(names) == 1
} else := sprintf("secrets %s", [concat(", ", names)])

stored contains use if {
	some use in input.facts.workflow.secrets
	use.form == "named"
	use.yields
}

# Other stores speak S3 as well, and have nothing but keys.
otherwise(_) if {
	some env in envs
	some name, value in env
	regex.match(`(?i)endpoint`, name)
	value != ""
}

otherwise(_) if {
	some job in input.facts.workflow.jobs
	some step in job.steps
	regex.match(`--endpoint(-url)?\b|endpoint_url|r2\.cloudflarestorage|digitaloceanspaces|backblazeb2|wasabisys`, step.run)
}

otherwise(use) if regex.match(`(?i)(^|_)(r2|s3_compatible|minio|spaces|b2|backblaze|cloudflare|wasabi|scw|hetzner|linode|oci|ceph)(_|$)`, use.name)

temporary(use) if {
	some other in stored
	other.path == array.concat(array.slice(use.path, 0, count(use.path) - 1), ["AWS_SESSION_TOKEN"])
}

envs contains input.facts.workflow.env

envs contains job.env if some job in input.facts.workflow.jobs

envs contains step.env if {
	some job in input.facts.workflow.jobs
	some step in job.steps
}
