package render

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/resid"
	"sigs.k8s.io/kustomize/kyaml/utils"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// replaceEntry is one replacement, and what gives the places in it.
type replaceEntry struct {
	item   map[string]any
	by     *kustomization
	locate func(source.Path) source.Location
}

// replacements lists the replacements of a kustomization in the order in which they are done.
func (q question) replacements(k *kustomization) []replaceEntry {
	var out []replaceEntry
	for i, item := range items(k.value["replacements"]) {
		if name, ok := item["path"].(string); ok {
			out = append(out, q.replacementFile(k, path.Join(k.dir(), name))...)
			continue
		}
		at := source.Path{"replacements", i}
		out = append(out, replaceEntry{item, k, func(p source.Path) source.Location { return k.place(at.Append(p...), "") }})
	}
	return out
}

// replacementFile reads a file of one replacement or a list of them.
func (q question) replacementFile(k *kustomization, name string) []replaceEntry {
	var out []replaceEntry
	for _, doc := range q.sources.documents(name) {
		if m, ok := doc.Value.(map[string]any); ok {
			out = append(out, replaceEntry{m, k, func(p source.Path) source.Location { return doc.Locate(p, "").Location }})
		}
		for i, item := range items(doc.Value) {
			out = append(out, replaceEntry{item, k, func(p source.Path) source.Location {
				return doc.Locate(source.Path{i}.Append(p...), "").Location
			}})
		}
	}
	return out
}

// overwritten asks for replacements of a value that reads as it did before them.
func (q question) overwritten() (source.Trace, bool) {
	for _, k := range q.stages {
		if k.value["replacements"] == nil {
			continue
		}
		if trace, ok := q.replacement(k); ok {
			return trace, true
		}
	}
	return source.Trace{}, false
}

// replacement asks for the replacements that give the value or parts of it, if the last of them are those of a kustomization.
func (q question) replacement(k *kustomization) (source.Trace, bool) {
	c := composition{question: q}
	for _, k := range q.stages[slices.Index(q.stages, k):] {
		for _, entry := range slices.Backward(q.replacements(k)) {
			c.replace(entry)
		}
		if len(c.pieces) == 0 || c.whole {
			break
		}
	}
	return c.trace()
}

// replace takes one replacement into account.
func (c *composition) replace(e replaceEntry) {
	when := c.at(e.by, true)
	for i, target := range slices.Backward(items(e.item["targets"])) {
		if c.whole || !c.replacedIn(target, when) {
			continue
		}
		fields := texts(target["fieldPaths"])
		at := source.Path{"targets", i, "fieldPaths"}
		if len(fields) == 0 {
			fields, at = []string{"metadata.name"}, source.Path{"targets", i, "select"}
		}
		for n, name := range slices.Backward(fields) {
			meant, inside := c.meant(name)
			if !meant {
				continue
			}
			if at[2] == "fieldPaths" {
				at = append(at[:3:3], n)
			}
			told := []source.Location{e.locate(at)}
			options, _ := target["options"].(map[string]any)
			if options["delimiter"] != nil {
				told = append(told, e.locate(source.Path{"targets", i, "options", "delimiter"}))
			}
			c.fill(e, options, inside, told)
		}
	}
}

// fill adds what a replacement copies into the value.
func (c *composition) fill(e replaceEntry, options map[string]any, inside bool, told []source.Location) {
	delimiter := wordOf(options["delimiter"])
	index, _ := options["index"].(int)
	put := func(word string) (start int, ok bool) {
		if inside {
			return c.only(word)
		}
		return c.slot(word, delimiter, index)
	}
	from, ok := c.source(e, func(word string) bool { _, ok := put(word); return ok })
	if !ok {
		return
	}
	start, _ := put(from.word)
	c.whole = delimiter == "" && !inside
	c.pieces = append(c.pieces, piece{start: start, end: start + len(from.word), told: told, from: from})
}

// source is what a replacement copies, if it is what fits.
func (c *composition) source(e replaceEntry, fits func(string) bool) (supply, bool) {
	if value, ok := e.item["sourceValue"]; ok {
		word := wordOf(value)
		at := source.Trace{Location: e.locate(source.Path{"sourceValue"})}
		return supply{word, func(string) source.Trace { return at }}, fits(word)
	}
	from, _ := e.item["source"].(map[string]any)
	options, _ := from["options"].(map[string]any)
	return c.copied(wish{
		from: selectorOf(from).ResId, fieldPath: wordOf(from["fieldPath"]), by: e.by, fits: fits,
		refine: func(value any) any { return refined(value, options) },
	})
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

// meant reports whether a field path of Kustomize leads to the value, or inside of it to a part of what its text holds.
func (q question) meant(fieldPath string) (meant, inside bool) {
	parts := utils.SmarterPathSplitter(fieldPath, ".")
	if len(parts) < len(q.path) {
		return false, false
	}
	value := q.built.Value
	for i, step := range q.path {
		next, _ := source.Path{step}.Get(value)
		if !stepMeant(parts[i], step, next) {
			return false, false
		}
		value = next
	}
	return true, len(parts) > len(q.path)
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

// variable finds the fields that each $(NAME) in the value was filled in from.
func (q question) variable() (source.Trace, bool) {
	if q.placeholder.doc == nil {
		q.placeholder, _ = q.sameShape()
	}
	c := composition{question: q}
	rest, at := wordOf(q.placeholder.value), 0
	for {
		before, after, ok := strings.Cut(rest, "$(")
		name, behind, closed := strings.Cut(after, ")")
		if !ok || !closed {
			break
		}
		if !strings.HasPrefix(c.said[at:], before) {
			c.loose = true
			break
		}
		at += len(before)
		if from, told, ok := c.variableAt(name, at); ok {
			c.pieces = append(c.pieces, piece{start: at, end: at + len(from.word), told: []source.Location{told}, from: from, mark: "$(" + name + ")"})
			at += len(from.word)
			rest = behind
			continue
		}
		if !strings.HasPrefix(c.said[at:], "$("+name+")") { // it is one that the cluster fills in, or else unknown
			c.loose = true
			break
		}
		at += len("$(" + name + ")")
		rest = behind
	}
	c.loose = c.loose || c.said[at:] != rest
	return c.trace()
}

// variableAt finds the variable of a name, and what it puts at a place of the value.
func (c *composition) variableAt(name string, at int) (supply, source.Location, bool) {
	for _, stage := range c.lineage.Stages {
		k := c.sources.kustomization(stage.File)
		for i, item := range items(k.value["vars"]) {
			if wordOf(item["name"]) != name {
				continue
			}
			object, _ := item["objref"].(map[string]any)
			ref, _ := item["fieldref"].(map[string]any)
			fieldPath := wordOf(ref["fieldpath"])
			if fieldPath == "" {
				fieldPath = wordOf(ref["fieldPath"])
			}
			id := selectorOf(object).ResId
			id.Group, id.Version = resid.ParseGroupVersion(wordOf(object["apiVersion"]))
			from, ok := c.copied(wish{
				from: id, fieldPath: fieldPath, by: k, refine: func(value any) any { return value },
				fits: func(word string) bool { return strings.HasPrefix(c.said[at:], word) },
			})
			return from, k.place(source.Path{"vars", i, "name"}, ""), ok
		}
	}
	return supply{}, source.Location{}, false
}
