package kube

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Pod is a pod spec, wherever in an object it stands.
type Pod struct {
	Path source.Path `json:"path"`
	// Complete is true for a Pod or a pod template whose containers all have an image, in an object whose controller makes
	// pods of it as it stands: what such a spec doesn't say has the API's default. Elsewhere an operator, a chart, or the
	// base that a patch is for, may say it; and so may the tool that fills in what is no value yet.
	Complete bool `json:"complete"`
	// Windows is true where the spec says that it is for nodes with Windows: by its os, its node selector, or containers
	// that only Windows has. What it says about namespaces and privileges of Linux does nothing there.
	Windows bool `json:"windows,omitempty"`

	HostNetwork                  *Setting[bool]   `json:"hostNetwork,omitempty"`
	HostPID                      *Setting[bool]   `json:"hostPID,omitempty"`
	HostIPC                      *Setting[bool]   `json:"hostIPC,omitempty"`
	HostUsers                    *Setting[bool]   `json:"hostUsers,omitempty"`          // false is a user namespace of its own
	ServiceAccountName           *Setting[string] `json:"serviceAccountName,omitempty"` // or the older serviceAccount
	AutomountServiceAccountToken *Setting[bool]   `json:"automountServiceAccountToken,omitempty"`
	Account                      *Account         `json:"account,omitempty"`     // what it runs as, where the unit has it
	HostProcess                  *Setting[bool]   `json:"hostProcess,omitempty"` // for all containers: Windows' form of privileged
	ShareProcessNamespace        *Setting[bool]   `json:"shareProcessNamespace,omitempty"`
	// HostAliases are the addresses that the pod gives names to, past the cluster's DNS.
	HostAliases []Setting[string] `json:"hostAliases"`

	Volumes    []Volume    `json:"volumes"`    // those that reach outside the pod
	Containers []Container `json:"containers"` // init containers first, as they run
}

// Volume is a volume that gives a pod something of the node or the cluster's API.
type Volume struct {
	Name     string           `json:"name"`
	Path     source.Path      `json:"path"`
	HostPath *Setting[string] `json:"hostPath,omitempty"` // directory or socket of the node
	Mounts   int              `json:"mounts"`             // how many containers' mounts there are of it
	ReadOnly bool             `json:"readOnly,omitempty"` // there are mounts, and each of them is read-only
	// ServiceAccountToken is true for a projected token: the pod asks for its credential by name.
	ServiceAccountToken bool `json:"serviceAccountToken,omitempty"`
}

// ContainerKind is when a container runs.
type ContainerKind string

// The kinds of container.
const (
	InitContainer      ContainerKind = "init"
	MainContainer      ContainerKind = "container"
	EphemeralContainer ContainerKind = "ephemeral"
)

// Container is one container of a pod. RunAsNonRoot and RunAsUser are the pod's where the container says nothing;
// Kubernetes has no such inheritance for the other fields.
type Container struct {
	Name  string           `json:"name"`
	Kind  ContainerKind    `json:"kind"`
	Path  source.Path      `json:"path"`
	Image *Setting[string] `json:"image,omitempty"`

	Privileged               *Setting[bool]  `json:"privileged,omitempty"`
	HostProcess              *Setting[bool]  `json:"hostProcess,omitempty"` // the container's own
	AllowPrivilegeEscalation *Setting[bool]  `json:"allowPrivilegeEscalation,omitempty"`
	ReadOnlyRootFilesystem   *Setting[bool]  `json:"readOnlyRootFilesystem,omitempty"`
	RunAsNonRoot             *Setting[bool]  `json:"runAsNonRoot,omitempty"`
	RunAsUser                *Setting[int64] `json:"runAsUser,omitempty"`
	Capabilities             Capabilities    `json:"capabilities"`
	// SecretEnv are the names of the secrets that are put into environment variables, one by one or as a whole.
	SecretEnv []Setting[string] `json:"secretEnv"`
	// MemoryLimit is whether the container has one.
	MemoryLimit bool `json:"memoryLimit"`
}

// Capabilities are the Linux capabilities that a container asks for beside the runtime's own set, or gives up.
type Capabilities struct {
	Add  []Setting[string] `json:"add"`
	Drop []Setting[string] `json:"drop"`
}

type containerList struct {
	key  string
	kind ContainerKind
}

// containerLists are the keys of a pod spec that hold containers.
var containerLists = []containerList{
	{"initContainers", InitContainer},
	{"containers", MainContainer},
	{"ephemeralContainers", EphemeralContainer},
}

// podsOf gives the pod specs of an object, and its containers outside of those.
func podsOf(f *Facts, object view) ([]Pod, []Container) {
	found := finder{object: f, pods: []Pod{}, containers: []Container{}}
	if !describesPods(f) {
		found.walk(object.value, nil)
	}
	return found.pods, found.containers
}

// finder gathers pod specs and containers by their shape, so that it knows those of kinds it has never heard of.
type finder struct {
	object     *Facts
	pods       []Pod
	containers []Container
}

// walk looks at a value and all inside it. The path is the walk's own, to be copied before it is kept.
func (f *finder) walk(value any, path source.Path) {
	switch v := value.(type) {
	case map[string]any:
		isPod := isPodSpec(v)
		switch here := (view{value: v, path: path}); {
		case isPod:
			here.path = path.Append()
			f.pods = append(f.pods, podOf(here, f.object))
		case here.text("image") != "" && here.child("securityContext").value != nil:
			here.path = path.Append()
			f.containers = append(f.containers, containerOf(here, MainContainer, view{}))
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if !isPod || !isContainerList(key) {
				f.walk(v[key], append(path, key))
			}
		}
	case []any:
		for i, item := range v {
			f.walk(item, append(path, i))
		}
	}
}

func isContainerList(key string) bool {
	return slices.ContainsFunc(containerLists, func(list containerList) bool { return list.key == key })
}

// describesPods reports whether what looks like a pod in such an object is a description of other people's pods: a
// schema, or the pattern of an admission policy.
func describesPods(f *Facts) bool {
	return f.Kind == "CustomResourceDefinition" || f.Kind == "PodSecurityPolicy" ||
		f.Group == "kyverno.io" || strings.HasSuffix(f.Group, ".kyverno.io") ||
		strings.HasSuffix(f.Group, ".gatekeeper.sh")
}

// isPodSpec reports whether a map has a list of containers, maps that each have a name or an image, or shares a
// namespace with the node: operators take such a part of a pod spec without its containers.
func isPodSpec(m map[string]any) bool {
	for _, list := range containerLists {
		items, ok := m[list.key].([]any)
		if ok && len(items) > 0 && !slices.ContainsFunc(items, notContainer) {
			return true
		}
	}
	return m["hostNetwork"] == true || m["hostPID"] == true || m["hostIPC"] == true
}

func notContainer(item any) bool {
	m, _ := item.(map[string]any)
	c := view{value: m}
	return c.text("name") == "" && c.text("image") == ""
}

func podOf(spec view, object *Facts) Pod {
	pod := Pod{
		Path:                         spec.path,
		HostNetwork:                  setting[bool](spec, "hostNetwork"),
		HostPID:                      setting[bool](spec, "hostPID"),
		HostIPC:                      setting[bool](spec, "hostIPC"),
		HostUsers:                    setting[bool](spec, "hostUsers"),
		ServiceAccountName:           setting[string](spec, "serviceAccountName"),
		AutomountServiceAccountToken: setting[bool](spec, "automountServiceAccountToken"),
		HostProcess:                  hostProcess(spec),
		ShareProcessNamespace:        setting[bool](spec, "shareProcessNamespace"),
		HostAliases:                  textsOf(spec.items("hostAliases"), "ip"),
		Volumes:                      volumesOf(spec),
		Containers:                   []Container{},
	}
	if pod.ServiceAccountName == nil {
		pod.ServiceAccountName = setting[string](spec, "serviceAccount")
	}
	for _, list := range containerLists {
		for _, item := range spec.items(list.key) {
			pod.Containers = append(pod.Containers, containerOf(item, list.kind, spec.child("securityContext")))
		}
	}
	pod.Windows = forWindows(spec) || isTrue(pod.HostProcess) ||
		slices.ContainsFunc(pod.Containers, func(c Container) bool { return isTrue(c.HostProcess) })
	pod.Complete = isWhole(spec, object) && !slices.ContainsFunc(pod.Containers, lacksImage) && !isFilledInLater(spec)
	return pod
}

// isFilledInLater reports whether another tool puts parts of a pod spec in, such as a security context, or the value of one of its
// fields.
func isFilledInLater(spec view) bool {
	c := comparison{}
	c.value(spec.value, reflect.TypeFor[corev1.PodSpec](), nil)
	return c.filled
}

// forWindows reports whether a pod spec says that its nodes run Windows.
func forWindows(spec view) bool {
	nodes := spec.child("nodeSelector")
	return spec.child("os").text("name") == "windows" ||
		nodes.text("kubernetes.io/os") == "windows" || nodes.text("beta.kubernetes.io/os") == "windows"
}

func hostProcess(owner view) *Setting[bool] {
	return setting[bool](owner.child("securityContext").child("windowsOptions"), "hostProcess")
}

func isTrue(s *Setting[bool]) bool { return s != nil && s.Value }

func lacksImage(c Container) bool { return c.Image == nil || c.Image.Value == "" }

// isWhole reports whether a pod spec stands where one is complete: in a Pod, or under the "template" of an object whose
// controller hands it through.
func isWhole(spec view, object *Facts) bool {
	if _, ok := spec.value["containers"]; !ok {
		return false
	}
	n := len(spec.path)
	if n == 0 || spec.path[n-1] != "spec" {
		return false
	}
	if n == 1 {
		return object.Group == "" && object.Kind == "Pod"
	}
	return spec.path[n-2] == "template" && handsThrough(object.Group)
}

// handsThrough reports whether the controllers of an API group make pods of their templates as they stand. Those of
// operators add what they see fit.
func handsThrough(group string) bool {
	switch group {
	case "", "apps", "batch", "extensions", "apps.openshift.io", // Kubernetes and OpenShift
		"argoproj.io", "serving.knative.dev", "keda.sh", "apps.kruise.io", "jobset.x-k8s.io":
		return true
	}
	return false
}

func containerOf(item view, kind ContainerKind, podContext view) Container {
	context := item.child("securityContext")
	capabilities := context.child("capabilities")
	c := Container{
		Name:                     item.text("name"),
		Kind:                     kind,
		Path:                     item.path,
		Image:                    setting[string](item, "image"),
		Privileged:               setting[bool](context, "privileged"),
		HostProcess:              hostProcess(item),
		AllowPrivilegeEscalation: setting[bool](context, "allowPrivilegeEscalation"),
		ReadOnlyRootFilesystem:   setting[bool](context, "readOnlyRootFilesystem"),
		RunAsNonRoot:             setting[bool](context, "runAsNonRoot"),
		RunAsUser:                context.number("runAsUser"),
		Capabilities:             Capabilities{Add: capabilities.texts("add"), Drop: capabilities.texts("drop")},
		SecretEnv:                secretEnv(item),
		MemoryLimit:              item.child("resources").child("limits").value["memory"] != nil,
	}
	if c.RunAsNonRoot == nil {
		c.RunAsNonRoot = setting[bool](podContext, "runAsNonRoot")
	}
	if c.RunAsUser == nil {
		c.RunAsUser = podContext.number("runAsUser")
	}
	return c
}

// secretEnv finds the secrets that a container's environment is made of.
func secretEnv(container view) []Setting[string] {
	var refs []view
	for _, variable := range container.items("env") {
		refs = append(refs, variable.child("valueFrom").child("secretKeyRef"))
	}
	for _, from := range container.items("envFrom") {
		refs = append(refs, from.child("secretRef"))
	}
	return textsOf(refs, "name")
}

// textsOf are the strings under a key of each map; never nil.
func textsOf(maps []view, key string) []Setting[string] {
	out := []Setting[string]{}
	for _, m := range maps {
		if s := setting[string](m, key); s != nil {
			out = append(out, *s)
		}
	}
	return out
}

func volumesOf(spec view) []Volume {
	volumes, mounts := []Volume{}, mountsOf(spec)
	for _, item := range spec.items("volumes") {
		volume := Volume{
			Name:     item.text("name"),
			Path:     item.path,
			HostPath: setting[string](item.child("hostPath"), "path"),
		}
		for _, src := range item.child("projected").items("sources") {
			_, token := src.value["serviceAccountToken"]
			volume.ServiceAccountToken = volume.ServiceAccountToken || token
		}
		all := mounts[volume.Name]
		volume.Mounts, volume.ReadOnly = len(all), len(all) > 0 && !slices.Contains(all, false)
		if volume.HostPath != nil || volume.ServiceAccountToken {
			volumes = append(volumes, volume)
		}
	}
	return volumes
}

// mountsOf says of each mount of a volume, by the volume's name, whether it is read-only.
func mountsOf(spec view) map[string][]bool {
	mounts := map[string][]bool{}
	for _, list := range containerLists {
		for _, container := range spec.items(list.key) {
			for _, mount := range container.items("volumeMounts") {
				name := mount.text("name")
				mounts[name] = append(mounts[name], mount.value["readOnly"] == true)
			}
		}
	}
	return mounts
}
