# METADATA
# title: Container may take all of the node's memory
# description: >-
#   Without a memory limit one container, broken or broken into, takes the memory of the node, and the kernel kills pods
#   that have nothing to do with it. A LimitRange of the namespace may set one; the files at hand do not say.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
#     description: Resources of pods and containers
# custom:
#   severity: info
#   confidence: medium
#   persona: auditor
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Set resources.limits.memory to what the program needs at most.
#   frameworks:
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["no-memory-limit"]

deny contains {"msg": msg, "path": path} if {
	some pod in input.facts.kube.pods
	pod.complete
	some container in pod.containers
	container.kind == "container"
	not container.memoryLimit
	path := array.concat(container.path, ["resources", "limits", "memory"])
	msg := sprintf("container %s has no memory limit, so it can starve what else runs on the node", [container.name])
}
