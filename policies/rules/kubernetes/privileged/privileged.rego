# METADATA
# title: Container is privileged
# description: >-
#   A privileged container has all capabilities, all devices of the node and no seccomp or AppArmor profile: nothing
#   stands between it and the node. Whoever gets into it has the node, and with it every pod and secret there. On
#   Windows a HostProcess container is the same: it is a process of the node itself.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Security context of a container
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/
#     description: HostProcess containers of Windows
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   remediation: >-
#     Remove privileged, drop all capabilities and add back only those that the program fails without. Where a node
#     agent truly needs it, ignore the finding with that reason.
#   frameworks:
#     cis-1.10: ["5.2.2"]
package rules.kubernetes.privileged

deny contains {"msg": msg, "path": container.privileged.path} if {
	some container in containers
	container.privileged.value
	msg := sprintf("%s is privileged, so whoever gets into it has the whole node", [label(container)])
}

deny contains {"msg": msg, "path": capability.path} if {
	some container in containers
	not container.privileged.value
	some capability in container.capabilities.add
	upper(capability.value) == "ALL"
	msg := sprintf(
		"%s has all capabilities, which is as good as privileged: whoever gets into it has the whole node",
		[label(container)],
	)
}

# On Windows, for one container or for all of the pod.
deny contains {"msg": msg, "path": container.hostProcess.path} if {
	some pod in input.facts.kube.pods
	some container in pod.containers
	container.hostProcess.value
	msg := sprintf(
		"%s is a HostProcess container, which runs on the Windows node itself: whoever gets into it is on the node",
		[label(container)],
	)
}

deny contains {"msg": msg, "path": pod.hostProcess.path} if {
	some pod in input.facts.kube.pods
	pod.hostProcess.value
	msg := sprintf(
		"%s %s has HostProcess containers, which run on the Windows node itself: whoever gets into one is on the node",
		[input.facts.kube.kind, input.facts.kube.name],
	)
}

# Windows knows neither privileged nor capabilities.
containers contains container if {
	some pod in input.facts.kube.pods
	not pod.windows
	some container in pod.containers
}

containers contains container if some container in input.facts.kube.containers

kinds := {"container": "container", "init": "init container", "ephemeral": "ephemeral container"}

label(container) := trim_right(sprintf("%s %s", [kinds[container.kind], container.name]), " ")
