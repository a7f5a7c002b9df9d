package podsecurity

import (
	"reflect"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// object is a map as a document holds it. The zero object has no keys, so that a walk through what isn't there needs no
// checks. A value of the wrong type reads as absent: the API server refuses it and nothing runs.
type object map[string]any

func (o object) child(key string) object {
	m, _ := o[key].(map[string]any)
	return m
}

func (o object) items(key string) []object {
	list, _ := o[key].([]any)
	var out []object
	for _, item := range list {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// get is the value of type T under a key; its zero value where there is none.
func get[T any](o object, key string) T {
	value, _ := o[key].(T)
	return value
}

// pointer is the value of type T under a key; nil where there is none.
func pointer[T any](o object, key string) *T {
	value, ok := o[key].(T)
	if !ok {
		return nil
	}
	return &value
}

// number is the whole number under a key; nil where there is none.
func number(o object, key string) *int64 {
	var n int64
	switch value := o[key].(type) {
	case int:
		n = int64(value)
	case int64:
		n = value
	case float64: // as JSON has it
		if n = int64(value); float64(n) != value {
			return nil
		}
	default:
		return nil
	}
	return &n
}

// decode reads what the checks read of a pod spec, and nothing else.
func decode(spec object) *corev1.PodSpec {
	out := &corev1.PodSpec{
		HostNetwork:     get[bool](spec, "hostNetwork"),
		HostPID:         get[bool](spec, "hostPID"),
		HostIPC:         get[bool](spec, "hostIPC"),
		HostUsers:       pointer[bool](spec, "hostUsers"),
		SecurityContext: podContext(spec),
	}
	if os := spec.child("os"); os != nil {
		out.OS = &corev1.PodOS{Name: corev1.OSName(get[string](os, "name"))}
	}
	for _, v := range spec.items("volumes") {
		out.Volumes = append(out.Volumes, volume(v))
	}
	for _, c := range spec.items("initContainers") {
		out.InitContainers = append(out.InitContainers, container(c))
	}
	for _, c := range spec.items("containers") {
		out.Containers = append(out.Containers, container(c))
	}
	for _, c := range spec.items("ephemeralContainers") {
		out.EphemeralContainers = append(out.EphemeralContainers, corev1.EphemeralContainer{
			EphemeralContainerCommon: corev1.EphemeralContainerCommon(container(c)),
		})
	}
	return out
}

// podContext is the part of a security context that a pod may have for its containers, and what it alone has.
func podContext(spec object) *corev1.PodSecurityContext {
	context := securityContext(spec)
	if context == nil {
		return nil
	}
	out := &corev1.PodSecurityContext{
		RunAsNonRoot:    context.RunAsNonRoot,
		RunAsUser:       context.RunAsUser,
		AppArmorProfile: context.AppArmorProfile,
		SeccompProfile:  context.SeccompProfile,
		SELinuxOptions:  context.SELinuxOptions,
		WindowsOptions:  context.WindowsOptions,
	}
	for _, s := range spec.child("securityContext").items("sysctls") {
		out.Sysctls = append(out.Sysctls, corev1.Sysctl{Name: get[string](s, "name")})
	}
	return out
}

func container(c object) corev1.Container {
	out := corev1.Container{
		Name:            get[string](c, "name"),
		LivenessProbe:   probe(c, "livenessProbe"),
		ReadinessProbe:  probe(c, "readinessProbe"),
		StartupProbe:    probe(c, "startupProbe"),
		SecurityContext: securityContext(c),
	}
	for _, p := range c.items("ports") {
		if port := number(p, "hostPort"); port != nil {
			out.Ports = append(out.Ports, corev1.ContainerPort{HostPort: int32(*port)})
		}
	}
	if lifecycle := c.child("lifecycle"); lifecycle != nil {
		out.Lifecycle = &corev1.Lifecycle{PostStart: handler(lifecycle, "postStart"), PreStop: handler(lifecycle, "preStop")}
	}
	return out
}

// securityContext reads that of a container, or of a pod, which has a part of the same fields.
func securityContext(owner object) *corev1.SecurityContext {
	context := owner.child("securityContext")
	if context == nil {
		return nil
	}
	out := &corev1.SecurityContext{
		AllowPrivilegeEscalation: pointer[bool](context, "allowPrivilegeEscalation"),
		Privileged:               pointer[bool](context, "privileged"),
		RunAsNonRoot:             pointer[bool](context, "runAsNonRoot"),
		RunAsUser:                number(context, "runAsUser"),
		AppArmorProfile:          appArmor(context),
		SeccompProfile:           seccomp(context),
		SELinuxOptions:           seLinux(context),
		WindowsOptions:           windows(context),
	}
	if capabilities := context.child("capabilities"); capabilities != nil {
		out.Capabilities = &corev1.Capabilities{Add: texts(capabilities, "add"), Drop: texts(capabilities, "drop")}
	}
	if mount, ok := context["procMount"].(string); ok {
		out.ProcMount = (*corev1.ProcMountType)(&mount)
	}
	return out
}

func texts(o object, key string) []corev1.Capability {
	list, _ := o[key].([]any)
	var out []corev1.Capability
	for _, item := range list {
		if s, ok := item.(string); ok {
			out = append(out, corev1.Capability(s))
		}
	}
	return out
}

func appArmor(context object) *corev1.AppArmorProfile {
	profile := context.child("appArmorProfile")
	if profile == nil {
		return nil
	}
	return &corev1.AppArmorProfile{Type: corev1.AppArmorProfileType(get[string](profile, "type"))}
}

func seccomp(context object) *corev1.SeccompProfile {
	profile := context.child("seccompProfile")
	if profile == nil {
		return nil
	}
	return &corev1.SeccompProfile{Type: corev1.SeccompProfileType(get[string](profile, "type"))}
}

func seLinux(context object) *corev1.SELinuxOptions {
	options := context.child("seLinuxOptions")
	if options == nil {
		return nil
	}
	return &corev1.SELinuxOptions{
		User: get[string](options, "user"), Role: get[string](options, "role"), Type: get[string](options, "type"),
	}
}

func windows(context object) *corev1.WindowsSecurityContextOptions {
	options := context.child("windowsOptions")
	if options == nil {
		return nil
	}
	return &corev1.WindowsSecurityContextOptions{HostProcess: pointer[bool](options, "hostProcess")}
}

func probe(c object, key string) *corev1.Probe {
	h := handler(c, key)
	if h == nil {
		return nil
	}
	return &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: h.HTTPGet, TCPSocket: h.TCPSocket}}
}

func handler(o object, key string) *corev1.LifecycleHandler {
	h := o.child(key)
	if h == nil {
		return nil
	}
	out := &corev1.LifecycleHandler{}
	if get := h.child("httpGet"); get != nil {
		out.HTTPGet = &corev1.HTTPGetAction{Host: host(get)}
	}
	if socket := h.child("tcpSocket"); socket != nil {
		out.TCPSocket = &corev1.TCPSocketAction{Host: host(socket)}
	}
	return out
}

func host(action object) string { return get[string](action, "host") }

// volume sets the source that a volume names. Kubernetes has some thirty; their names are those of its own type. The API
// makes an emptyDir of a volume that names none.
func volume(v object) corev1.Volume {
	out := corev1.Volume{Name: get[string](v, "name")}
	sources := reflect.ValueOf(&out.VolumeSource).Elem()
	none := true
	for field, value := range sources.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if v.child(name) != nil {
			value.Set(reflect.New(field.Type.Elem()))
			none = false
		}
	}
	if none {
		out.EmptyDir = &corev1.EmptyDirVolumeSource{}
	}
	return out
}
