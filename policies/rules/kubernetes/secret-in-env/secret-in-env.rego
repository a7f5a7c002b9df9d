# METADATA
# title: Secret is put into the environment
# description: >-
#   Environment variables are handed to every process that the program starts, are printed by crash reports and debug
#   pages, and keep the old value when the secret changes. A file from a volume has none of that.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/secrets-good-practices/
#     description: Good practices for Secrets
# custom:
#   severity: low
#   confidence: high
#   persona: pedantic
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Mount the secret as a volume and have the program read the file.
#   frameworks:
#     cis-1.10: ["5.4.1"]
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["secret-in-env"]

import data.lib.podsecurity

deny contains {"msg": msg, "path": first.path} if {
	some pod in input.facts.kube.pods
	some container in pod.containers
	first := container.secretEnv[0]
	names := sort({secret.value | some secret in container.secretEnv})
	msg := sprintf(
		"container %s has %s %s in its environment, which it hands to every process that it starts",
		[container.name, noun(names), podsecurity.listed(names)],
	)
}

noun(names) := "secret" if {
	count(names) == 1
} else := "secrets"
