package render

import (
	"path"
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
		when := q.at(k, field == "patchesJson6902")
		if target != nil && !q.targeted(target, when) {
			continue
		}
		name, inline := wordOf(item["path"]), at.Append("patch")
		if text, ok := entry.(string); ok {
			name, inline = text, at
		}
		docs, o := q.patchDocuments(k, name, inline)
		for _, doc := range slices.Backward(docs) {
			if there, ok := q.inPatch(doc.Value, target != nil, when, wanted); ok {
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

// inPatch is the place in a patch, strategic or JSON, that gives the path a value which is wanted.
func (q question) inPatch(patch any, targeted bool, when moment, wanted func(any) bool) (source.Path, bool) {
	if m, ok := patch.(map[string]any); ok {
		if !targeted && !slices.ContainsFunc(q.idsAt(when), idOf(m).Equals) {
			return nil, false
		}
		there, whole := translate(q.path, q.built.Value, patch)
		value, _ := there.Get(patch)
		return there, whole && wanted(value)
	}
	appended := map[string]int{} // how many operations after this one append to a list
	for i, operation := range slices.Backward(items(patch)) {
		pointer, _ := operation["path"].(string)
		rest, ok := below(pointer, q.path, q.built.Value, appended[pointer])
		appended[pointer]++
		if !ok {
			continue
		}
		if value, ok := rest.Get(operation["value"]); ok && wanted(value) {
			return append(source.Path{i, "value"}, rest...), true
		}
	}
	return nil, false
}

// below is what follows a JSON pointer on a path that it leads in a built value. A pointer to behind the end of a list leads
// to its last item, less those that were appended later.
func below(pointer string, path source.Path, built any, later int) (source.Path, bool) {
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
			list, _ := path[:i].Get(built)
			items, _ := list.([]any)
			if step == "-" && at != len(items)-1-later || step != "-" && step != strconv.Itoa(at) {
				return nil, false
			}
		}
	}
	return path[len(steps):], true
}
