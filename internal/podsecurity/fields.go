package podsecurity

import "k8s.io/pod-security-admission/policy"

// reads are the fields that a check looks at, as keys below the pod spec or below each container. "[]" after a key means
// that each element of the list counts by itself.
type reads struct {
	pod         []string
	containers  []string
	annotations bool // of the pod's metadata, in which the fields once were
}

// both are fields that a pod has for all its containers, and each container for itself.
func both(fields ...string) reads { return reads{pod: fields, containers: fields} }

// fieldsOf tells where a check looks, to find the field that makes it forbid a pod. What it forbids is for the check alone
// to say: a field that is missing here costs a place, never a verdict.
func fieldsOf(check policy.CheckID) reads {
	switch check {
	case "allowPrivilegeEscalation":
		return reads{containers: []string{"securityContext.allowPrivilegeEscalation"}}
	case "appArmorProfile":
		r := both("securityContext.appArmorProfile")
		r.annotations = true
		return r
	case "capabilities_baseline":
		return reads{containers: []string{"securityContext.capabilities.add[]"}}
	case "capabilities_restricted":
		return reads{containers: []string{"securityContext.capabilities.drop", "securityContext.capabilities.add[]"}}
	case "hostNamespaces":
		return reads{pod: []string{"hostNetwork", "hostPID", "hostIPC"}}
	case "hostPathVolumes", "restrictedVolumes":
		return reads{pod: []string{"volumes[]"}}
	case "hostPorts":
		return reads{containers: []string{"ports[].hostPort"}}
	case "hostProbesAndHostLifecycle":
		return reads{containers: probeHosts()}
	case "privileged":
		return reads{containers: []string{"securityContext.privileged"}}
	case "procMount", "procMount_restricted":
		return reads{containers: []string{"securityContext.procMount"}}
	case "runAsNonRoot":
		return both("securityContext.runAsNonRoot")
	case "runAsUser":
		return both("securityContext.runAsUser")
	case "seLinuxOptions":
		return both("securityContext.seLinuxOptions.type", "securityContext.seLinuxOptions.user", "securityContext.seLinuxOptions.role")
	case "seccompProfile_baseline", "seccompProfile_restricted":
		r := both("securityContext.seccompProfile")
		r.annotations = true
		return r
	case "sysctls":
		return reads{pod: []string{"securityContext.sysctls[].name"}}
	case "windowsHostProcess":
		return both("securityContext.windowsOptions.hostProcess")
	}
	return reads{}
}

func probeHosts() []string {
	var out []string
	for _, when := range []string{"livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop"} {
		out = append(out, when+".httpGet.host", when+".tcpSocket.host")
	}
	return out
}
