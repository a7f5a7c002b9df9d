package render

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// question asks what a kustomization says that made a value, one that the library wrote anew.
type question struct {
	*resourceLocator
	path        source.Path
	value       any
	said        string // the value as text, "" when it is no scalar
	text        string // the part that is asked for, "" for all
	key         place  // where the value's key was read
	placeholder place  // where the library read a value that it has changed since
	depth       int    // how many objects ask for it that copy from one another
}

// answer asks each kustomization that the object went through, the last one first, and of each first what it does last.
func (q question) answer() (source.Trace, bool) {
	if trace, ok := q.image(); ok {
		return trace, true
	}
	for _, k := range q.stages {
		for _, ask := range []func(*kustomization) (source.Trace, bool){
			q.replacement, q.replicas, q.operations("patchesJson6902"), q.annotations, q.labels, q.namespace, q.patches,
			q.operations("patchesStrategicMerge"), q.generated,
		} {
			if trace, ok := ask(k); ok {
				return trace, true
			}
		}
	}
	if trace, ok := q.variable(); ok {
		return trace, true
	}
	return q.name()
}

// by is the trace of a value that an entry of a kustomization gives.
func (q question) by(k *kustomization, at source.Path, text, message string) source.Trace {
	trace := source.Trace{Location: k.place(at, text)}
	trace.Steps = append(q.stands(q.path), source.Step{Note: source.Note{Message: message, Location: trace.Location}, Cause: true})
	return trace
}

// place is where a path of the kustomization stands, or a text in the scalar there.
func (k *kustomization) place(at source.Path, text string) source.Location {
	if k.doc == nil {
		return source.FileStart(k.file.Path)
	}
	return k.doc.Locate(k.spelt(at), text).Location
}

// spelt is a path as the file spells it.
func (k *kustomization) spelt(at source.Path) source.Path {
	m, _ := k.doc.Value.(map[string]any)
	name, ok := at[0].(string)
	if _, there := m[name]; there || !ok {
		return at
	}
	for key := range m {
		if spelling(key) == name {
			return append(source.Path{key}, at[1:]...)
		}
	}
	return at
}

// named reports whether the object is or was called so.
func (q question) named(name string) bool {
	return name != "" && (name == nameOf(q.built.Value) || name == nameOf(q.home.value))
}

func (q question) replicas(k *kustomization) (source.Trace, bool) {
	if len(q.path) == 0 || q.path[len(q.path)-1] != "replicas" {
		return source.Trace{}, false
	}
	for i, item := range slices.Backward(items(k.value["replicas"])) {
		if q.named(wordOf(item["name"])) && same(item["count"], q.value) {
			return q.by(k, source.Path{"replicas", i, "count"}, q.text, "the kustomization sets the replicas here"), true
		}
	}
	return source.Trace{}, false
}

func (q question) namespace(k *kustomization) (source.Trace, bool) {
	if len(q.path) == 0 || q.path[len(q.path)-1] != "namespace" || q.said == "" || wordOf(k.value["namespace"]) != q.said {
		if !q.isNamespace(k) {
			return source.Trace{}, false
		}
	}
	return q.by(k, source.Path{"namespace"}, q.text, "the kustomization sets the namespace here"), true
}

// isNamespace reports whether the value is the name of a Namespace, which the field namespace changes too.
func (q question) isNamespace(k *kustomization) bool {
	return field(q.built.Value, "kind") == "Namespace" && q.path.String() == "metadata.name" && q.said != "" &&
		wordOf(k.value["namespace"]) == q.said
}

func (q question) annotations(k *kustomization) (source.Trace, bool) {
	key, ok := q.below("annotations")
	pairs, _ := k.value["commonAnnotations"].(map[string]any)
	if value, there := pairs[key]; !ok || !there || !same(value, q.value) {
		return source.Trace{}, false
	}
	return q.by(k, source.Path{"commonAnnotations", key}, q.text, "the kustomization adds the annotation here"), true
}

func (q question) labels(k *kustomization) (source.Trace, bool) {
	key, ok := q.below("labels", "matchLabels", "selector", "podSelector")
	if !ok {
		return source.Trace{}, false
	}
	const message = "the kustomization adds the label here"
	pairs, _ := k.value["commonLabels"].(map[string]any)
	if value, there := pairs[key]; there && same(value, q.value) {
		return q.by(k, source.Path{"commonLabels", key}, q.text, message), true
	}
	for i, item := range slices.Backward(items(k.value["labels"])) {
		pairs, _ := item["pairs"].(map[string]any)
		if value, there := pairs[key]; there && same(value, q.value) && q.labelled(item) {
			return q.by(k, source.Path{"labels", i, "pairs", key}, q.text, message), true
		}
	}
	return source.Trace{}, false
}

// labelled reports whether an entry of labels goes to where the value stands, which the object's own labels always are.
func (q question) labelled(item map[string]any) bool {
	on := func(key string) bool { is, _ := item[key].(bool); return is }
	return q.path[:len(q.path)-1].String() == "metadata.labels" || on("includeSelectors") || item["fields"] != nil ||
		((on("includeTemplates") || on("includeVolumeClaimTemplates")) && q.path[len(q.path)-2] == "labels")
}

// below gives the key of the value in a map that goes by one of the names.
func (q question) below(names ...string) (string, bool) {
	if len(q.path) < 2 {
		return "", false
	}
	key, _ := q.path[len(q.path)-1].(string)
	for _, name := range names {
		if q.path[len(q.path)-2] == name {
			return key, true
		}
	}
	return "", false
}

// name finds a name in what the library put before and after it: prefixes, suffixes, and the hash of a generated object.
func (q question) name() (source.Trace, bool) {
	was := q.unchanged()
	name := wordOf(was.value)
	at := strings.Index(q.said, name)
	if was.doc == nil || name == "" || at < 0 {
		return source.Trace{}, false
	}
	trace := was.locate(q.text)
	if len(trace.Steps) == 0 {
		trace.Steps = []source.Step{{Note: source.Note{Message: "the name stands here", Location: trace.Location}, Cause: true}}
	}
	return q.affixed(trace, q.said[:at], q.said[at+len(name):]), true
}

// affixed adds to the trace of a name where what is before it and after it comes from.
func (q question) affixed(trace source.Trace, before, after string) source.Trace {
	for _, k := range q.stages {
		prefix, suffix := wordOf(k.value["namePrefix"]), wordOf(k.value["nameSuffix"])
		if prefix != "" && strings.HasPrefix(before, prefix) {
			before = before[len(prefix):]
			trace.Steps = append(trace.Steps, q.affix(k, "namePrefix"))
		}
		if suffix != "" && strings.Contains(after, suffix) {
			after = strings.Replace(after, suffix, "", 1)
			trace.Steps = append(trace.Steps, q.affix(k, "nameSuffix"))
		}
	}
	trace.Span.Exact = trace.Span.Exact && before == "" && (after == "" || isHash(after))
	return trace
}

// unchanged is what the library read where it wrote the value: what its spots say, or what stands at the same place of
// the object's own file. A patch names its object, it does not call it so.
func (q question) unchanged() place {
	was := q.placeholder
	if was.doc == nil {
		was = q.key
	}
	if was.doc == nil || (was.in.Patch && q.path.String() == "metadata.name") {
		was, _ = q.sameShape()
	}
	return was
}

func (q question) affix(k *kustomization, field string) source.Step {
	message := "the prefix of the name stands here"
	if field == "nameSuffix" {
		message = "the suffix of the name stands here"
	}
	return source.Step{Note: source.Note{Message: message, Location: k.place(source.Path{field}, "")}, Cause: true}
}

// isHash reports whether a text is what Kustomize adds to the name of a generated object.
func isHash(text string) bool { return len(text) == len("-")+10 && text[0] == '-' }

// sameShape is the value at the same place of the object's own file, whatever it is there.
func (q question) sameShape() (place, bool) {
	if q.home.doc == nil {
		return place{}, false
	}
	there, whole := translate(q.path, q.built.Value, q.home.value)
	value, _ := there.Get(q.home.value)
	return place{doc: q.home.doc, value: value, path: q.home.path.Append(there...), in: q.home.in}, whole
}
