// Package podsecurity tells which controls of the Pod Security Standards a pod fails, and by which field. Verdicts are
// those of Kubernetes' own evaluator, k8s.io/pod-security-admission/policy, the one that its admission controller runs. It
// judges whole pods and says why in prose. So where a check forbids a pod, it is asked again about pods that are
// hardened but for one field, taken from the one at hand: the fields for which it still says no are the cause.
package podsecurity

import (
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"

	"github.com/plimsoll-dev/plimsoll/internal/kube"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Violation is a field for which a standard forbids a pod.
type Violation struct {
	Control string `json:"control"` // ID of the evaluator's check, as hostPathVolumes
	Level   string `json:"level"`   // the weaker of the levels that forbid it: baseline or restricted
	// Containers say whose field it is, as "init container setup"; none where it is the pod's own. There are several only
	// where one field of the pod would do for all of them.
	Containers []string    `json:"containers"`
	Pod        source.Path `json:"pod"`     // the pod spec, or the container that stands outside of any
	Windows    bool        `json:"windows"` // the pod is for nodes with Windows
	Field      string      `json:"field"`   // keys below pod or container, as securityContext.privileged
	Path       source.Path `json:"path"`    // where it is set, or would be
	Missing    bool        `json:"missing"` // the field isn't set, and its default is what is forbidden
	// Overridden is true for a field of the pod that each container sets for itself: it is forbidden all the same, and has
	// no effect.
	Overridden bool   `json:"overridden,omitempty"`
	Value      string `json:"value,omitempty"`
	Refused    bool   `json:"refused,omitempty"` // by the cluster, as the namespace has it
}

// Facts is how the pods of an object stand to the Pod Security Standards.
type Facts struct {
	// Enforced is the level that the object's namespace has the cluster enforce, privileged, baseline or restricted; "" where
	// nothing is known of it. Then Version is the version of that.
	Enforced   string      `json:"enforced,omitempty"`
	Version    string      `json:"version,omitempty"`
	Violations []Violation `json:"violations"` // in the order of the pods, and then of the controls
}

// FactsOf gives what a standard forbids of an object, whose namespace has the labels, and what its namespace refuses
// whatever the standard says; nil where the object has neither pods nor containers.
func (s *Standard) FactsOf(value any, facts *kube.Facts, namespace map[string]string) *Facts {
	if facts == nil || len(facts.Pods)+len(facts.Containers) == 0 {
		return nil
	}
	f := &Facts{Violations: s.Of(value, facts)}
	enforced := enforcedBy(namespace)
	if enforced == nil {
		return f
	}
	f.Enforced, f.Version = string(enforced.level), enforced.version.String()
	known := map[string]int{}
	for i, v := range f.Violations {
		known[v.key()] = i
	}
	for _, v := range enforced.Of(value, facts) {
		i, ok := known[v.key()]
		if !ok {
			i, f.Violations = len(f.Violations), append(f.Violations, v)
		}
		f.Violations[i].Refused = true
	}
	return f
}

func (v Violation) key() string { return v.Control + " " + v.Path.String() + " " + v.Field }

// enforcedBy is the standard that the labels of a namespace have the cluster enforce; nil where they name none. As in the
// cluster, a level that doesn't exist is restricted.
func enforcedBy(labels map[string]string) *Standard {
	if labels[api.EnforceLevelLabel] == "" {
		return nil
	}
	p, _ := api.PolicyToEvaluate(labels, api.Policy{Enforce: api.LevelVersion{Version: api.LatestVersion()}})
	return standard(p.Enforce.Level, p.Enforce.Version)
}

// Of gives what a standard forbids of the pods of an object, in the order of the pods and then of the controls. What a
// part of a pod spec leaves out is not held against it: an operator, or the base that a patch is for, may say it.
func (s *Standard) Of(value any, facts *kube.Facts) []Violation {
	found := []Violation{}
	for _, pod := range facts.Pods {
		spec, _ := pod.Path.Get(value)
		m, _ := spec.(map[string]any)
		e := &examined{spec: m, path: pod.Path, names: namesOf(pod.Containers), windows: pod.Windows}
		e.annotations, e.annotationsAt = annotationsOf(value, pod.Path)
		found = append(found, e.violations(s, pod.Complete)...)
	}
	for _, c := range facts.Containers {
		value, _ := c.Path.Get(value)
		e := &examined{
			spec: object{"containers": []any{value}}, path: c.Path, names: namesOf([]kube.Container{c}), alone: true,
		}
		found = append(found, e.violations(s, false)...)
	}
	return found
}

// namesOf gives the name of each container by its place in the pod spec, and how it is spoken of.
func namesOf(containers []kube.Container) map[string]string {
	words := map[kube.ContainerKind]string{
		kube.InitContainer: "init container", kube.MainContainer: "container", kube.EphemeralContainer: "ephemeral container",
	}
	names := map[string]string{}
	for _, c := range containers {
		names[c.Path.String()] = words[c.Kind]
		if c.Name != "" {
			names[c.Path.String()] += " " + c.Name
		}
	}
	return names
}

// annotationsOf gives the annotations beside a pod spec, and their place.
func annotationsOf(value any, spec source.Path) (map[string]string, source.Path) {
	if len(spec) == 0 {
		return nil, nil
	}
	path := spec[:len(spec)-1].Append("metadata", "annotations")
	found, _ := path.Get(value)
	m, _ := found.(map[string]any)
	out := map[string]string{}
	for key, v := range m {
		if text, ok := v.(string); ok {
			out[key] = text
		}
	}
	return out, path
}

// violations asks every check of the standard.
func (e *examined) violations(s *Standard, complete bool) []Violation {
	var found []Violation
	pod, metadata := decode(e.spec), &metav1.ObjectMeta{Annotations: e.annotations}
	weaker := map[string]check{} // by the place that baseline forbids too
	for _, c := range s.weaker {
		if !c.run(metadata, pod).Allowed {
			for _, cause := range e.causes(c) {
				weaker[cause.key()] = c
			}
		}
	}
	for _, c := range s.checks {
		if c.run(metadata, pod).Allowed {
			continue
		}
		var causes []cause
		for _, cause := range e.causes(c) {
			if complete || !cause.missing {
				causes = append(causes, cause)
			}
		}
		for _, cause := range e.gathered(causes) {
			v := e.violation(cause)
			v.Control, v.Level = string(c.id), string(s.level)
			if w, ok := weaker[cause.key()]; ok {
				v.Control, v.Level = string(w.id), "baseline"
			}
			found = append(found, v)
		}
	}
	return found
}

// gathered makes one of the containers that all lack a field which the pod could set for them: the cause is one.
func (e *examined) gathered(causes []cause) []cause {
	missing := slices.DeleteFunc(slices.Clone(causes), func(c cause) bool { return !c.missing || !c.shared })
	if len(missing) == 0 || len(missing) == 1 && len(e.names) > 1 {
		return causes
	}
	set := slices.DeleteFunc(causes, func(c cause) bool { return c.missing && c.shared })
	one := cause{field: missing[0].field, missing: true, shared: true, path: e.path.Append(stepsOf(missing[0].field)...)}
	for _, c := range missing {
		one.containers = append(one.containers, c.containers...)
	}
	return append(set, one)
}

func (e *examined) violation(c cause) Violation {
	v := Violation{
		Containers: []string{}, Pod: e.path, Windows: e.windows, Field: c.field, Path: c.path, Missing: c.missing,
		Overridden: c.overridden,
	}
	v.Containers = append(v.Containers, c.containers...)
	switch c.value.(type) {
	case nil, map[string]any, []any:
	default:
		v.Value = fmt.Sprint(c.value)
	}
	return v
}
