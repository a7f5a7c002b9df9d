# METADATA
# title: Container may run as root
# description: >-
#   Unless runAsNonRoot is true the image decides which user the program runs as, and most images leave it at root. Root
#   in a container is root for the kernel: a flaw there, or a file of the node that is mounted, meets no file
#   permission. In a user namespace, with hostUsers: false, it is nobody outside.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
#     description: Pod Security Standards, restricted
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Security context of a pod and its containers
# custom:
#   severity: medium
#   confidence: high
#   persona: pedantic
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Set securityContext.runAsNonRoot of the pod to true, and runAsUser where the image names no user by number.
#   frameworks:
#     cis-1.10: ["5.2.7"]
#     pss-restricted: ["Running as Non-root", "Running as Non-root user"]
#     nsa-cisa-1.2: ["Kubernetes Pod security"]
package rules.kubernetes["run-as-root"]

import data.lib.podsecurity

deny contains podsecurity.finding(violation, "low", msg) if {
	some violation in input.facts.podSecurity.violations
	violation.control in {"runAsNonRoot", "runAsUser"}
	not said_twice(violation)
	not numbered(violation)
	msg := sprintf(
		"%s %s, so an intruder may be root for the node's kernel",
		[podsecurity.subject(violation), said(violation)],
	)
}

deny contains podsecurity.finding(violation, "info", msg) if {
	some violation in input.facts.podSecurity.violations
	numbered(violation)
	msg := sprintf(
		"%s %s, which restricted %s even where runAsUser names another user than root",
		[podsecurity.subject(violation), said(violation), asked(violation)],
	)
}

# It is said by number who runs in those that the violation is about, and it isn't root.
numbered(violation) if {
	violation.control == "runAsNonRoot"
	not violation.overridden
	some pod in input.facts.kube.pods
	pod.path == violation.pod
	every container in pod.containers {
		no_root(container, violation)
	}
}

no_root(container, _) if container.runAsUser.value > 0

no_root(container, violation) if {
	not violation.missing
	count(violation.containers) > 0
	array.slice(violation.path, 0, count(container.path)) != container.path
}

# Who says that the user is root needs not be told that it isn't kept from it.
said_twice(violation) if {
	violation.control == "runAsNonRoot"
	violation.missing
	every container in violation.containers {
		some other in input.facts.podSecurity.violations
		other.control == "runAsUser"
		other.pod == violation.pod
		other.containers in [[], [container]]
	}
}

said(violation) := sprintf("%s not set runAsNonRoot to true", [podsecurity.verb(violation, "does", "do")]) if {
	violation.missing
} else := "sets runAsUser to 0" if {
	violation.control == "runAsUser"
} else := "sets runAsNonRoot to false"

asked(violation) := "asks for" if {
	violation.missing
} else := "forbids"
