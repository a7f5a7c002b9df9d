package render

import (
	"slices"
	"strings"
	"sync"

	"sigs.k8s.io/kustomize/kyaml/resid"
	"sigs.k8s.io/kustomize/kyaml/utils"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// family is what the objects of one build share: replacements and variables copy from one to another.
type family struct {
	members []*resourceLocator // in the order in which they were built
	mu      sync.Mutex
	read    map[textKey]texted
}

// textKey names a text that is no file: a patch in a kustomization, or what a template of a chart wrote.
type textKey struct {
	file, at    string
	chart, text int
}

// texted are the documents of a text as they stand in it, and the same with their places in the repository.
type texted struct{ read, shown []*source.Document }

// once reads a text the first time that it is asked for.
func (f *family) once(key textKey, read func() texted) texted {
	f.mu.Lock()
	defer f.mu.Unlock()
	t, ok := f.read[key]
	if !ok {
		if f.read == nil {
			f.read = map[textKey]texted{}
		}
		t = read()
		f.read[key] = t
	}
	return t
}

// newResourceLocator makes the locator of one built object, known to the others of its build.
func newResourceLocator(r *Renderer, unit Unit, run run, t text, built *source.Document) *resourceLocator {
	l := &resourceLocator{Renderer: r, unit: unit, lineage: run.Lineage, built: built, text: t}
	if l.lineage.family == nil {
		l.lineage.family = new(family)
	}
	l.lineage.family.members = append(l.lineage.family.members, l)
	return l
}

// maxAsked is how many objects copy from one another before the way is given up: it may well be a circle.
const maxAsked = 4

// wish says what is copied: a field of another object, and what is to come out of it.
type wish struct {
	from      resid.ResId // its empty fields stand for any
	fieldPath string
	by        *kustomization         // that copies it
	refine    func(any) any          // gives the part that is copied
	fits      func(word string) bool // whether this may be what was copied
}

// supply is a value that was found elsewhere, as a text, and what tells where it or a text in it comes from.
type supply struct {
	word   string
	locate func(text string) source.Trace
}

// copied finds what was copied: among the objects that were built, as they were when it was copied, and else in the
// files that they come from.
func (q question) copied(w wish) (supply, bool) {
	if w.fieldPath == "" {
		w.fieldPath = "metadata.name"
	}
	if q.depth < maxAsked {
		for _, m := range q.lineage.family.members {
			m.once.Do(m.read)
			if m.built == q.built || !slices.ContainsFunc(m.ids, func(id resid.ResId) bool { return id.IsSelectedBy(w.from) }) {
				continue
			}
			if s, ok := m.gives(w, q.depth+1); ok {
				return s, true
			}
		}
	}
	there, ok := q.elsewhere(w)
	if !ok {
		return supply{}, false
	}
	word := wordOf(w.refine(there.value))
	return supply{word, func(text string) source.Trace {
		if text == "" {
			text = narrowed(word, there.value)
		}
		return there.locate(text)
	}}, true
}

// narrowed is a part of a value to ask for, "" for all of it.
func narrowed(word string, value any) string {
	if word == wordOf(value) {
		return ""
	}
	return word
}

// gives tells where the object has a value from that another one copies.
func (l *resourceLocator) gives(w wish, depth int) (supply, bool) {
	path, ok := lookup(l.built.Value, utils.SmarterPathSplitter(w.fieldPath, "."))
	value, _ := path.Get(l.built.Value)
	if !ok || !isScalar(value) {
		return supply{}, false
	}
	words := []string{wordOf(w.refine(value))}
	if path.String() == "metadata.name" { // what follows the copy adds to the name
		for _, id := range l.ids {
			words = append(words, wordOf(w.refine(id.Name)))
		}
	}
	for _, word := range words {
		if word == "" || !w.fits(word) {
			continue
		}
		locate := func(text string) source.Trace {
			if text == "" {
				text = narrowed(word, value)
			}
			return l.trace(path, text, depth)
		}
		if _, ok := l.before(locate(""), w.by); ok {
			return supply{word, func(text string) source.Trace { trace, _ := l.before(locate(text), w.by); return trace }}, true
		}
	}
	return supply{}, false
}

// before is a trace without what comes after a kustomization. It reports whether its own place is left.
func (l *resourceLocator) before(trace source.Trace, k *kustomization) (source.Trace, bool) {
	i := slices.Index(l.stages, k)
	if i < 0 {
		return trace, true
	}
	later := func(at source.Location) bool {
		file := func(k *kustomization) bool { return k.file.Path == at.Path }
		return slices.ContainsFunc(l.stages[:i], file) && !slices.ContainsFunc(l.stages[i:], file)
	}
	trace.Steps = slices.DeleteFunc(slices.Clone(trace.Steps), func(s source.Step) bool { return later(s.Location) })
	return trace, !later(trace.Location)
}

// elsewhere finds a field of another object in its file or in a patch of it. The value of an object that a generator makes
// stands at the generator.
func (q question) elsewhere(w wish) (place, bool) {
	wanted := func(value any) bool {
		word := wordOf(w.refine(value))
		return word != "" && w.fits(word)
	}
	var best place
	seen := map[textKey]bool{}
	for _, o := range q.lineage.Origins {
		if seen[o.key()] {
			continue
		}
		seen[o.key()] = true
		for _, object := range q.objectsOf(o) {
			if w.from.Kind != "" && field(object.Value, "kind") != w.from.Kind || w.from.Name != "" && nameOf(object.Value) != w.from.Name {
				continue
			}
			at, ok := lookup(object.Value, utils.SmarterPathSplitter(w.fieldPath, "."))
			if value, _ := at.Get(object.Value); ok && wanted(value) && (best.doc == nil || o.Patch) {
				best = place{doc: object, value: value, path: at, in: o}
			}
		}
	}
	if best.doc == nil {
		return q.generatedField(w, wanted)
	}
	return best, true
}

// generatedField finds a literal of an object that a generator makes. Its place is that of the whole literal.
func (q question) generatedField(w wish, wanted func(any) bool) (place, bool) {
	key, ok := strings.CutPrefix(w.fieldPath, "data.")
	for _, stage := range q.lineage.Stages {
		k := q.sources.kustomization(stage.File)
		if !ok || k.doc == nil {
			continue
		}
		for i, item := range items(k.value[generatorField(w.from.Kind)]) {
			if wordOf(item["name"]) != w.from.Name {
				continue
			}
			for n, literal := range texts(item["literals"]) {
				left, right, _ := strings.Cut(literal, "=")
				if left != key || !wanted(unquoted(right)) {
					continue
				}
				at := k.spelt(source.Path{generatorField(w.from.Kind), i, "literals", n})
				return place{doc: k.doc, value: unquoted(right), path: at}, true
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
