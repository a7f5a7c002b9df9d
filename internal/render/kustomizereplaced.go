package render

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/utils"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// replacement asks for a replacement that copies the value from elsewhere.
func (q question) replacement(k *kustomization) (source.Trace, bool) {
	for i, item := range slices.Backward(items(k.value["replacements"])) {
		at := source.Path{"replacements", i}
		if name, ok := item["path"].(string); ok {
			if trace, ok := q.replacementFile(path.Join(k.dir(), name)); ok {
				return trace, true
			}
			continue
		}
		if trace, ok := q.replaced(item, func(p source.Path) source.Location { return k.place(at.Append(p...), "") }); ok {
			return trace, true
		}
	}
	return source.Trace{}, false
}

// replacementFile reads a file of one replacement or a list of them.
func (q question) replacementFile(name string) (source.Trace, bool) {
	for _, doc := range q.sources.documents(name) {
		list, prefix := items(doc.Value), true
		if m, ok := doc.Value.(map[string]any); ok {
			list, prefix = []map[string]any{m}, false
		}
		for i, item := range slices.Backward(list) {
			trace, ok := q.replaced(item, func(p source.Path) source.Location {
				if prefix {
					return doc.Locate(source.Path{i}.Append(p...), "").Location
				}
				return doc.Locate(p, "").Location
			})
			if ok {
				return trace, true
			}
		}
	}
	return source.Trace{}, false
}

// replaced asks one replacement; locate gives the place of a path in it.
func (q question) replaced(item map[string]any, locate func(source.Path) source.Location) (source.Trace, bool) {
	target := q.target(item)
	if target == nil {
		return source.Trace{}, false
	}
	steps := q.stands(q.path)
	if q.placeholder.doc != nil {
		steps = []source.Step{{Note: source.Note{Message: "what is replaced stands here", Location: q.placeholder.locate("").Location}, Cause: true}}
	}
	steps = append(steps, source.Step{Note: source.Note{Message: "the replacement is told here", Location: locate(target)}})
	if value, ok := item["sourceValue"]; ok && q.holds(value) {
		at := locate(source.Path{"sourceValue"})
		steps = append(steps, source.Step{Note: source.Note{Message: "the replacement gives the value here", Location: at}, Cause: true})
		return source.Trace{Location: at, Steps: steps}, true
	}
	from, _ := item["source"].(map[string]any)
	options, _ := from["options"].(map[string]any)
	fieldPath := wordOf(from["fieldPath"])
	if fieldPath == "" {
		fieldPath = "metadata.name"
	}
	there, ok := q.elsewhere(wordOf(from["kind"]), wordOf(from["name"]), fieldPath, func(value any) bool {
		return q.holds(refined(value, options))
	})
	if !ok {
		return source.Trace{}, false
	}
	text := q.text
	if text == "" && !same(there.value, q.value) {
		text = wordOf(refined(there.value, options))
	}
	trace := there.locate(text)
	steps = append(steps, source.Step{
		Note: source.Note{Message: "the replacement copies the value from here", Location: trace.Location}, Cause: true,
	})
	trace.Steps = steps
	return trace, true
}

// holds reports whether the built value is another one or has it within.
func (q question) holds(value any) bool {
	word := wordOf(value)
	return same(value, q.value) || (word != "" && strings.Contains(q.said, word))
}

// refined is the part of a value that the options of a replacement's source take.
func refined(value any, options map[string]any) any {
	delimiter := wordOf(options["delimiter"])
	if delimiter == "" {
		return value
	}
	index, _ := options["index"].(int)
	if parts := strings.Split(wordOf(value), delimiter); index >= 0 && index < len(parts) {
		return parts[index]
	}
	return nil
}

// target is where a replacement names the value that was asked for, nil when it does not.
func (q question) target(item map[string]any) source.Path {
	for i, target := range items(item["targets"]) {
		selector, _ := target["select"].(map[string]any)
		if selector == nil || !q.selected(selector) {
			continue
		}
		fields := texts(target["fieldPaths"])
		for n, name := range fields {
			if q.meant(name) {
				return source.Path{"targets", i, "fieldPaths", n}
			}
		}
		if len(fields) == 0 && q.path.String() == "metadata.name" {
			return source.Path{"targets", i, "select"}
		}
	}
	return nil
}

// meant reports whether a field path of Kustomize leads to the value, or into a text that it is.
func (q question) meant(fieldPath string) bool {
	parts := utils.SmarterPathSplitter(fieldPath, ".")
	if len(parts) < len(q.path) {
		return false
	}
	value := q.built.Value
	for i, step := range q.path {
		next, _ := source.Path{step}.Get(value)
		if !stepMeant(parts[i], step, next) {
			return false
		}
		value = next
	}
	return true
}

func stepMeant(part string, step, next any) bool {
	if name, ok := step.(string); ok {
		return part == name || part == "*"
	}
	if selector, ok := strings.CutPrefix(part, "["); ok {
		key, want, _ := strings.Cut(strings.TrimSuffix(selector, "]"), "=")
		m, _ := next.(map[string]any)
		return wordOf(m[key]) == want || (key == "" && wordOf(next) == want)
	}
	index, _ := step.(int)
	return part == "*" || part == "-" || part == strconv.Itoa(index)
}

// elsewhere finds a field of another object, in its file or in a patch of it, with a value that is wanted. The value of
// an object that a generator makes stands at the generator.
func (q question) elsewhere(kind, name, fieldPath string, wanted func(any) bool) (place, bool) {
	var best place
	seen := map[string]bool{}
	for _, o := range q.lineage.Origins {
		id := strings.Join([]string{o.File, o.At.String(), strconv.Itoa(o.Chart), strconv.Itoa(o.Text)}, "\x00")
		if seen[id] {
			continue
		}
		seen[id] = true
		for _, object := range q.objectsOf(o) {
			if kind != "" && field(object.Value, "kind") != kind || name != "" && nameOf(object.Value) != name {
				continue
			}
			at, ok := lookup(object.Value, utils.SmarterPathSplitter(fieldPath, "."))
			if value, _ := at.Get(object.Value); ok && wanted(value) && (best.doc == nil || o.Patch) {
				best = place{doc: object, value: value, path: at, in: o}
			}
		}
	}
	if best.doc == nil {
		return q.generatedField(kind, name, fieldPath, wanted)
	}
	return best, true
}

// generatedField finds a field of an object that a generator makes.
func (q question) generatedField(kind, name, fieldPath string, wanted func(any) bool) (place, bool) {
	key, ok := strings.CutPrefix(fieldPath, "data.")
	for _, stage := range q.lineage.Stages {
		k := q.sources.kustomization(stage.File)
		if !ok || k.doc == nil {
			continue
		}
		for i, item := range items(k.value[generatorField(kind)]) {
			if wordOf(item["name"]) != name {
				continue
			}
			for n, literal := range texts(item["literals"]) {
				if left, right, _ := strings.Cut(literal, "="); left == key && wanted(unquoted(right)) {
					at := source.Path{generatorField(kind), i, "literals", n}
					return place{doc: k.doc, value: literal, path: k.spelt(at)}, true
				}
			}
		}
	}
	return place{}, false
}

// lookup follows a field path of Kustomize in an object.
func lookup(object any, parts []string) (source.Path, bool) {
	var at source.Path
	for _, part := range parts {
		switch v := object.(type) {
		case map[string]any:
			at, object = at.Append(part), v[part]
			if object == nil {
				return nil, false
			}
		case []any:
			found := false
			for i, item := range v {
				if !found && stepMeant(part, i, item) {
					at, object, found = at.Append(i), item, true
				}
			}
			if !found {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	return at, true
}

// variable finds the field that a $(NAME) in the value was filled in from.
func (q question) variable() (source.Trace, bool) {
	was := wordOf(q.placeholder.value)
	if q.placeholder.doc == nil {
		there, _ := q.sameShape()
		q.placeholder, was = there, wordOf(there.value)
	}
	if !strings.Contains(was, "$(") {
		return source.Trace{}, false
	}
	for _, stage := range q.lineage.Stages {
		k := q.sources.kustomization(stage.File)
		for i, item := range items(k.value["vars"]) {
			name := wordOf(item["name"])
			if name == "" || !strings.Contains(was, "$("+name+")") {
				continue
			}
			return q.filled(k, source.Path{"vars", i}, item, "$("+name+")"), true
		}
	}
	return source.Trace{}, false
}

func (q question) filled(k *kustomization, at source.Path, item map[string]any, mark string) source.Trace {
	said := q.placeholder.locate(mark).Location
	entry := k.place(at.Append("name"), "")
	steps := []source.Step{
		{Note: source.Note{Message: "the variable is used here", Location: said}, Cause: true},
		{Note: source.Note{Message: "the variable is told here", Location: entry}, Cause: true},
	}
	object, _ := item["objref"].(map[string]any)
	ref, _ := item["fieldref"].(map[string]any)
	fieldPath := wordOf(ref["fieldpath"])
	if fieldPath == "" {
		fieldPath = wordOf(ref["fieldPath"])
	}
	if fieldPath == "" {
		fieldPath = "metadata.name"
	}
	there, ok := q.elsewhere(wordOf(object["kind"]), wordOf(object["name"]), fieldPath, func(value any) bool {
		return isScalar(value) && (fieldPath == "metadata.name" || fieldPath == "metadata.namespace" || q.holds(value))
	})
	if !ok {
		entry.Span.Exact = false
		return source.Trace{Location: entry, Steps: steps}
	}
	trace := there.locate("")
	trace.Span.Exact = trace.Span.Exact && q.holds(there.value)
	steps = append(steps, source.Step{Note: source.Note{Message: "the variable is filled in from here", Location: trace.Location}, Cause: true})
	trace.Steps = steps
	return trace
}
