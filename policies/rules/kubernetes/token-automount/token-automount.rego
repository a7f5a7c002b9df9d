# METADATA
# title: Pod mounts an API token that nothing asks for
# description: >-
#   The pod names no service account, so it runs as its namespace's default one and has that account's API token in its
#   file system. A program that never speaks to the API server gains nothing by it; whoever gets into the program gains
#   a login, with every right that someone once gave to the default account. A ServiceAccount object that is deployed
#   together with the pod and opts out of the token counts.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
#     description: Opt out of API credential automounting
# custom:
#   severity: low
#   confidence: medium
#   persona: pedantic
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Set automountServiceAccountToken to false in the pod spec. If the program does use the API, give it a service
#     account of its own.
#   frameworks:
#     cis-1.10: ["5.1.5", "5.1.6"]
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["token-automount"]

deny contains {"msg": msg, "path": array.concat(pod.path, ["automountServiceAccountToken"])} if {
	some pod in input.facts.kube.pods
	pod.complete
	runs_as_default(pod)
	mounts(pod)
	msg := sprintf(
		"%s %s mounts the API token of the default service account%s: a login for whoever gets in",
		[input.facts.kube.kind, input.facts.kube.name, unless(pod)],
	)
}

runs_as_default(pod) if not pod.serviceAccountName

runs_as_default(pod) if pod.serviceAccountName.value in {"", "default"}

# The pod decides; where it doesn't, its account does; where that doesn't either, the token is mounted.
mounts(pod) if pod.automountServiceAccountToken.value

mounts(pod) if {
	not pod.automountServiceAccountToken
	not opted_out(pod)
}

opted_out(pod) if pod.account.automountServiceAccountToken.value == false

unless(pod) := "" if {
	pod.account
} else := "" if {
	pod.automountServiceAccountToken
} else := ", unless that opts out"
