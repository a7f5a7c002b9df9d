# METADATA
# title: Container can write its own file system
# description: >-
#   An intruder who can write to the container's file system changes the program that runs there, or puts tools beside
#   it. With a read-only one there is nothing to write to but the volumes that the program has for it.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Security context of a pod and its containers
# custom:
#   severity: low
#   confidence: high
#   persona: pedantic
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Set securityContext.readOnlyRootFilesystem to true, and mount an emptyDir where the program writes.
#   frameworks:
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["writable-root-filesystem"]

deny contains {"msg": msg, "path": path} if {
	some pod in input.facts.kube.pods
	pod.complete
	not pod.windows
	some container in pod.containers
	container.kind != "ephemeral" # it is there to look around
	not container.readOnlyRootFilesystem.value
	path := array.concat(container.path, ["securityContext", "readOnlyRootFilesystem"])
	msg := sprintf(
		"%s of %s %s can write its root file system, so an intruder can change the program that runs there",
		[label(container), input.facts.kube.kind, input.facts.kube.name],
	)
}

kinds := {"container": "container", "init": "init container"}

label(container) := trim_right(sprintf("%s %s", [kinds[container.kind], container.name]), " ")
