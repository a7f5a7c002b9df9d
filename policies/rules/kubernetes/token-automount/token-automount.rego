# METADATA
# title: Pod mounts an API token that nothing asks for
# description: >-
#   The pod names no service account, so it runs as its namespace's default one and has that account's API token in
#   its file system, unless the account itself says otherwise. A program that never speaks to the API server gains
#   nothing by it; whoever gets into the program gains a login, with every right that someone once gave to the default
#   account. The rule sees one object at a time, not the ServiceAccount.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
#     description: Opt out of API credential automounting
# custom:
#   severity: low
#   confidence: medium
#   kinds: [manifest]
#   since: 0.1.0
#   remediation: >-
#     Set automountServiceAccountToken to false in the pod spec. If the program does use the API, give it a service
#     account of its own.
#   frameworks:
#     cis-1.10: ["5.1.5", "5.1.6"]
package rules.kubernetes["token-automount"]

deny contains {"msg": msg, "path": pod.path} if {
	some pod in input.facts.kube.pods
	pod.complete
	not pod.automountServiceAccountToken
	runs_as_default(pod)
	msg := sprintf(
		"%s %s mounts the API token of the default service account, unless that opts out: a login for whoever gets in",
		[input.facts.kube.kind, input.facts.kube.name],
	)
}

runs_as_default(pod) if not pod.serviceAccountName

runs_as_default(pod) if pod.serviceAccountName.value in {"", "default"}
