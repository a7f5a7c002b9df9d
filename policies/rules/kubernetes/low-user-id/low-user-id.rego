# METADATA
# title: Container runs as a user that the node may have too
# description: >-
#   Without a user namespace the numbers of users in a container are those of the node. One below 10000 is likely to be
#   somebody's there, so a process that gets out has that user's files.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Security context of a pod and its containers
# custom:
#   severity: info
#   confidence: high
#   persona: auditor
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Set runAsUser to a number of 10000 or more, or hostUsers to false.
package rules.kubernetes["low-user-id"]

deny contains {"msg": msg, "path": user.path} if {
	some pod in input.facts.kube.pods
	not pod.windows
	not own_users(pod)
	some container in pod.containers
	user := container.runAsUser
	user.value > 0 # root is another rule's
	user.value < 10000
	msg := sprintf(
		"a container of %s %s runs as user %d, who may be somebody on the node too",
		[input.facts.kube.kind, input.facts.kube.name, user.value],
	)
}

own_users(pod) if pod.hostUsers.value == false
