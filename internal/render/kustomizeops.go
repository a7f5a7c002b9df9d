package render

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// patches asks for a patch of the field patches that gives the value.
func (q question) patches(k *kustomization) (source.Trace, bool) { return q.operations("patches")(k) }

// operations asks for a patch in a field of a kustomization that gives the value.
func (q question) operations(field string) func(*kustomization) (source.Trace, bool) {
	return func(k *kustomization) (source.Trace, bool) {
		at, ok := q.inField(k, field, func(value any) bool { return same(value, q.value) })
		if !ok {
			return source.Trace{}, false
		}
		at.in.Patch = true
		return q.supplied(at, q.path, q.text), true
	}
}

// patched finds the place in a kustomization's patches that gives the path a value which is wanted, the last one.
func (q question) patched(k *kustomization, wanted func(any) bool) (place, bool) {
	for _, field := range []string{"patchesJson6902", "patches", "patchesStrategicMerge"} {
		if at, ok := q.inField(k, field, wanted); ok {
			return at, true
		}
	}
	return place{}, false
}

func (q question) inField(k *kustomization, field string, wanted func(any) bool) (place, bool) {
	list, _ := k.value[field].([]any)
	for i, entry := range slices.Backward(list) {
		at := source.Path{field, i}
		item, _ := entry.(map[string]any)
		target, _ := item["target"].(map[string]any)
		if target != nil && !q.selected(target) {
			continue
		}
		name, inline := wordOf(item["path"]), at.Append("patch")
		if text, ok := entry.(string); ok {
			name, inline = text, at
		}
		docs, o := q.patchDocuments(k, name, inline)
		for _, doc := range slices.Backward(docs) {
			if there, ok := q.inPatch(doc.Value, target != nil, wanted); ok {
				value, _ := there.Get(doc.Value)
				return place{doc: doc, value: value, path: there, in: o}, true
			}
		}
	}
	return place{}, false
}

// patchDocuments reads a patch: a file, or what is written in the kustomization.
func (q question) patchDocuments(k *kustomization, name string, inline source.Path) ([]*source.Document, origin) {
	if value, _ := inline.Get(k.value); value != nil && (name == "" || strings.ContainsAny(name, "\n{")) {
		_, shown := q.inlineDocuments(k, inline)
		return shown, origin{File: k.file.Path, At: inline, Patch: true}
	}
	file := path.Join(k.dir(), name)
	return q.sources.documents(file), origin{File: file, Patch: true}
}

// selected reports whether the target of a patch may be the object.
func (q question) selected(target map[string]any) bool {
	for key, is := range map[string][]string{
		"kind": {field(q.built.Value, "kind")}, "name": q.names(),
	} {
		pattern, ok := target[key].(string)
		if !ok || pattern == "" {
			continue
		}
		expression, err := regexp.Compile("^(?:" + pattern + ")$")
		if err != nil {
			return false
		}
		found := false
		for _, name := range is {
			found = found || expression.MatchString(name) || (key == "name" && q.affixed(expression, name))
		}
		if !found {
			return false
		}
	}
	return true
}

// affixed reports whether a name without some of the prefixes and suffixes that the kustomizations add matches.
func (q question) affixed(expression *regexp.Regexp, name string) bool {
	for _, k := range q.stages {
		name = strings.TrimSuffix(strings.TrimPrefix(name, wordOf(k.value["namePrefix"])), wordOf(k.value["nameSuffix"]))
		if expression.MatchString(name) {
			return true
		}
	}
	return false
}

// inPatch is the place in a patch, strategic or JSON, that gives the path a value which is wanted.
func (q question) inPatch(patch any, targeted bool, wanted func(any) bool) (source.Path, bool) {
	if m, ok := patch.(map[string]any); ok {
		kind, _ := m["kind"].(string)
		if !targeted && (kind != field(q.built.Value, "kind") || !q.called(nameOf(patch))) {
			return nil, false
		}
		there, whole := translate(q.path, q.built.Value, patch)
		value, _ := there.Get(patch)
		return there, whole && wanted(value)
	}
	for i, operation := range slices.Backward(items(patch)) {
		pointer, _ := operation["path"].(string)
		rest, ok := below(pointer, q.path)
		if !ok {
			continue
		}
		if value, ok := rest.Get(operation["value"]); ok && wanted(value) {
			return append(source.Path{i, "value"}, rest...), true
		}
	}
	return nil, false
}

// called reports whether the object goes by a name, or did before prefixes and suffixes.
func (q question) called(name string) bool {
	return q.named(name) || (name != "" && q.affixed(regexp.MustCompile("^"+regexp.QuoteMeta(name)+"$"), nameOf(q.built.Value)))
}

// below is what follows a JSON pointer on a path that it leads.
func below(pointer string, path source.Path) (source.Path, bool) {
	steps := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	if len(steps) > len(path) {
		return nil, false
	}
	for i, step := range steps {
		step = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
		switch at := path[i].(type) {
		case string:
			if at != step {
				return nil, false
			}
		case int:
			if step != "-" && step != strconv.Itoa(at) {
				return nil, false
			}
		}
	}
	return path[len(steps):], true
}
