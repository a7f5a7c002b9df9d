package podsecurity

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// examined is a pod under examination.
type examined struct {
	spec          object
	path          source.Path       // of the spec in its document
	names         map[string]string // how a container is spoken of, by its path
	alone         bool              // the spec was made around a container that stands at path
	windows       bool
	annotations   map[string]string // of the pod's metadata
	annotationsAt source.Path
}

// cause is a field for which a check forbids a pod.
type cause struct {
	field      string
	path       source.Path // where it is set, or would be
	missing    bool
	shared     bool // the pod could set it for all containers
	overridden bool // the pod sets it, and each container for itself
	value      any
	containers []string
}

func (c cause) key() string { return c.path.String() + " " + c.field }

// causes asks a check about each field that it looks at, alone. It has forbidden the pod, so there is a cause: where no
// known field is one, the pod itself is.
func (e *examined) causes(c check) []cause {
	r := fieldsOf(c.id)
	var found []cause
	settled := map[string]bool{} // fields that the pod itself sets, to what is forbidden
	for _, field := range r.pod {
		for _, p := range e.choices(e.spec, field) {
			if p.value == nil {
				continue
			}
			spec := e.hardened()
			put(spec, field, p.set)
			if !c.run(&metav1.ObjectMeta{}, decode(spec)).Allowed {
				settled[field] = true
				found = append(found, cause{
					field: field, path: e.path.Append(p.steps...), value: p.value, overridden: e.overridden(r, field),
				})
			}
		}
	}
	for _, list := range containerLists() {
		items, _ := e.spec[list].([]any)
		for i, item := range items {
			if m, ok := item.(map[string]any); ok {
				found = append(found, e.ofContainer(c, r, m, e.containerPath(list, i), settled)...)
			}
		}
	}
	if r.annotations {
		found = append(found, e.ofAnnotations(c)...)
	}
	if len(found) == 0 {
		found = []cause{{path: e.path}}
	}
	return found
}

// overridden reports whether each container sets for itself what the pod sets for all. A profile, or SELinux' options, are
// taken as a whole.
func (e *examined) overridden(r reads, field string) bool {
	if !slices.Contains(r.containers, field) {
		return false
	}
	if whole := "securityContext.seLinuxOptions"; strings.HasPrefix(field, whole+".") {
		field = whole
	}
	count := 0
	for _, list := range containerLists() {
		for _, container := range e.spec.items(list) {
			if lookup(container, field) == nil {
				return false
			}
			count++
		}
	}
	return count > 0
}

func containerLists() []string {
	return []string{"initContainers", "containers", "ephemeralContainers"}
}

func (e *examined) containerPath(list string, i int) source.Path {
	if e.alone {
		return e.path
	}
	return e.path.Append(list, i)
}

// ofContainer asks about the fields of one container. What it doesn't set it has from the pod: where that is to blame,
// the container isn't.
func (e *examined) ofContainer(c check, r reads, container object, at source.Path, settled map[string]bool) []cause {
	var found []cause
	for _, field := range r.containers {
		shared := slices.Contains(r.pod, field)
		for _, p := range e.choices(container, field) {
			spec, one := e.hardened(), hardenedContainer()
			put(one, field, p.set)
			if shared && p.value == nil {
				if settled[field] {
					continue
				}
				put(spec, field, lookup(e.spec, field))
			}
			spec["containers"] = []any{map[string]any(one)}
			if c.run(&metav1.ObjectMeta{}, decode(spec)).Allowed {
				continue
			}
			found = append(found, cause{
				field: field, path: at.Append(p.steps...), missing: p.value == nil, shared: shared, value: p.value,
				containers: []string{e.names[at.String()]},
			})
		}
	}
	return found
}

// ofAnnotations asks about the annotations in which profiles were set before they had fields: those that speak of
// a container in their name, and the one that speaks of the pod.
func (e *examined) ofAnnotations(c check) []cause {
	present := map[string]bool{}
	for _, list := range containerLists() {
		for _, item := range e.spec.items(list) {
			present[get[string](item, "name")] = true
		}
	}
	var found []cause
	for _, key := range slices.Sorted(maps.Keys(e.annotations)) {
		prefix, name, ok := strings.Cut(key, "/")
		if !ok || !strings.Contains(prefix, "apparmor.") && !strings.Contains(prefix, "seccomp.") {
			continue
		}
		spec := e.hardened()
		if present[name] {
			one := hardenedContainer()
			one["name"] = name
			spec["containers"] = []any{map[string]any(one)}
		}
		value := e.annotations[key]
		metadata := &metav1.ObjectMeta{Annotations: map[string]string{key: value}}
		if !c.run(metadata, decode(spec)).Allowed {
			found = append(found, cause{field: key, path: e.annotationsAt.Append(key), value: value})
		}
	}
	return found
}

// hardened is a pod spec without containers that no check forbids, of the system and user namespace of the one at hand:
// those are what checks make exceptions for.
func (e *examined) hardened() object {
	spec := object{"securityContext": map[string]any{
		"runAsNonRoot": true, "seccompProfile": map[string]any{"type": string(corev1.SeccompProfileTypeRuntimeDefault)},
	}}
	for _, key := range []string{"os", "hostUsers"} {
		if value, ok := e.spec[key]; ok {
			spec[key] = value
		}
	}
	return spec
}

// hardenedContainer is a container that no check forbids.
func hardenedContainer() object {
	return object{"securityContext": map[string]any{
		"allowPrivilegeEscalation": false,
		"runAsNonRoot":             true,
		"capabilities":             map[string]any{"drop": []any{"ALL"}},
		"seccompProfile":           map[string]any{"type": string(corev1.SeccompProfileTypeRuntimeDefault)},
	}}
}

// choice is a field as the pod at hand has it: one for each element of a list.
type choice struct {
	steps []any // from the owner of the field to the value
	value any   // nil where it isn't set
	set   any   // what to put under the field's keys before "[]" so that a pod has this alone
}

// choices reads a field of a pod spec or container. A field that isn't set is a choice too: its default.
func (e *examined) choices(owner object, field string) []choice {
	list, rest, isList := strings.Cut(field, "[]")
	if !isList {
		value := lookup(owner, field)
		steps, value := narrowed(stepsOf(field), value)
		return []choice{{steps, value, lookup(owner, field)}}
	}
	items, _ := lookup(owner, list).([]any)
	var out []choice
	for i, item := range items {
		steps := append(stepsOf(list), i)
		value := item
		if rest != "" {
			m, _ := item.(map[string]any)
			key := strings.TrimPrefix(rest, ".")
			if value = m[key]; value == nil {
				continue
			}
			steps = append(steps, key)
		}
		steps, value = narrowed(steps, value)
		out = append(out, choice{steps, value, []any{item}})
	}
	return out
}

// narrowed leads on to the scalar that a profile or a volume is about, or to the kind of a volume.
func narrowed(steps []any, value any) ([]any, any) {
	m, ok := value.(map[string]any)
	if !ok {
		return steps, value
	}
	if m["type"] != nil {
		return append(steps, "type"), m["type"]
	}
	for _, kind := range slices.Sorted(maps.Keys(m)) {
		inner, ok := m[kind].(map[string]any)
		switch {
		case !ok:
		case kind == "hostPath" && inner["path"] != nil:
			return append(steps, kind, "path"), inner["path"]
		default:
			return append(steps, kind), inner
		}
	}
	return steps, value
}

func stepsOf(field string) []any {
	var steps []any
	for key := range strings.SplitSeq(field, ".") {
		steps = append(steps, key)
	}
	return steps
}

// lookup is the value under dotted keys; nil where there is none.
func lookup(o object, field string) any {
	keys := strings.Split(field, ".")
	for _, key := range keys[:len(keys)-1] {
		o = o.child(key)
	}
	return o[keys[len(keys)-1]]
}

// put sets the value under dotted keys, those before "[]" where there is one; nil takes it away.
func put(o object, field string, value any) {
	field, _, _ = strings.Cut(field, "[]")
	keys := strings.Split(field, ".")
	for _, key := range keys[:len(keys)-1] {
		inner, ok := o[key].(map[string]any)
		if !ok {
			if value == nil {
				return
			}
			inner = map[string]any{}
			o[key] = inner
		}
		o = inner
	}
	if key := keys[len(keys)-1]; value == nil {
		delete(o, key)
	} else {
		o[key] = value
	}
}
