# METADATA
# title: Containers of a pod see each other's processes
# description: >-
#   With shareProcessNamespace each container sees the processes of all others, with their environment, and the files
#   that they have open below /proc. Who gets into a sidecar has the secrets of the application.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/
#     description: Sharing a process namespace
# custom:
#   severity: low
#   confidence: high
#   persona: pedantic
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Remove shareProcessNamespace; debug with kubectl debug --target instead.
#   frameworks:
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["shared-process-namespace"]

deny contains {"msg": msg, "path": pod.shareProcessNamespace.path} if {
	some pod in input.facts.kube.pods
	pod.shareProcessNamespace.value
	several(pod)
	msg := sprintf(
		"the containers of %s %s see each other's processes, with their environment and open files",
		[input.facts.kube.kind, input.facts.kube.name],
	)
}

# One container has nobody to share with. Where an operator adds more, they are not here to be seen.
several(pod) if not pod.complete

several(pod) if count([c | some c in pod.containers; c.kind == "container"]) > 1

# An init container that always restarts runs beside the others; the facts do not tell it from one that ends.
several(pod) if {
	some container in pod.containers
	container.kind == "init"
}
