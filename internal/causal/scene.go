package causal

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Scene is what one rendering made. A template's texts go by its name; the objects of a kustomization are one group.
type Scene struct {
	Texts map[string][]string

	docs map[string][]Doc // read when asked for
}

// Doc is one rendered object.
type Doc struct {
	Group  string
	Index  int // among the objects of its group
	Object source.Object
	Value  any
}

func newScene() *Scene { return &Scene{Texts: map[string][]string{}, docs: map[string][]Doc{}} }

func (s *Scene) add(name, text string) { s.Texts[name] = append(s.Texts[name], text) }

// groups are the names of the groups, sorted.
func (s *Scene) groups() []string {
	names := make([]string, 0, len(s.Texts))
	for name := range s.Texts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Docs are the objects of a group. What is no YAML has none.
func (s *Scene) Docs(group string) []Doc {
	if docs, ok := s.docs[group]; ok {
		return docs
	}
	docs := []Doc{}
	for _, text := range s.Texts[group] {
		for _, object := range objects(text) {
			docs = append(docs, Doc{Group: group, Index: len(docs), Object: object.Object, Value: object.Value})
		}
	}
	s.docs[group] = docs
	return docs
}

func objects(text string) []*source.Document {
	var out []*source.Document
	if strings.HasPrefix(text, "{") {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		var value any
		if decoder.Decode(&value) == nil && !decoder.More() {
			return parse.Objects(source.NewDocument(&source.File{}, source.Manifest, parse.PlainNumbers(value), nil))
		}
	}
	docs, _ := parse.YAML(&source.File{Path: "rendered", Data: []byte(text)}, source.Manifest, source.YAML11)
	for _, doc := range docs {
		out = append(out, parse.Objects(doc)...)
	}
	return out
}

// changed are the groups whose texts differ between two scenes, those of either.
func (s *Scene) changed(other *Scene) []string {
	var out []string
	for _, name := range s.groups() {
		if !slices.Equal(s.Texts[name], other.Texts[name]) {
			out = append(out, name)
		}
	}
	for _, name := range other.groups() {
		if _, ok := s.Texts[name]; !ok {
			out = append(out, name)
		}
	}
	return out
}

// twin finds an object in another scene: by what names it, else by its number when there are as many as before.
func (s *Scene) twin(doc Doc, other *Scene) (Doc, bool) {
	before, after := s.Docs(doc.Group), other.Docs(doc.Group)
	nth := 0
	for _, d := range before[:doc.Index] {
		if d.Object == doc.Object {
			nth++
		}
	}
	for _, d := range after {
		if d.Object == doc.Object {
			if nth == 0 {
				return d, true
			}
			nth--
		}
	}
	if len(before) == len(after) {
		return after[doc.Index], true
	}
	return Doc{}, false
}

// Fate is what became of a rendered scalar.
type Fate int

// The fates.
const (
	Same    Fate = iota
	Changed      // it has another value
	Gone         // it, or its object, is no more
)

// fate compares the scalar at a path of an object with what stands there in another scene.
func (s *Scene) fate(doc Doc, path source.Path, other *Scene) (Fate, any) {
	if slices.Equal(s.Texts[doc.Group], other.Texts[doc.Group]) {
		return Same, nil
	}
	there, ok := s.twin(doc, other)
	if !ok {
		return Gone, nil
	}
	before, after := doc.Value, there.Value
	for n, step := range path {
		twin := step
		if i, isIndex := step.(int); isIndex {
			twin = twinIndex(before, after, i, n == len(path)-2 && path[n+1] == "name")
		}
		var in, out bool
		before, in = source.Path{step}.Get(before)
		after, out = source.Path{twin}.Get(after)
		if !in || !out {
			return Gone, nil
		}
	}
	if reflect.DeepEqual(before, after) {
		return Same, after
	}
	return Changed, after
}

// twinIndex is the index of a list's item in another list: the same when the lists are of one length, else that of the
// item of the same name, or -1. Last says that the name is what is looked for, which a list of other length has lost.
func twinIndex(before, after any, i int, last bool) int {
	from, _ := before.([]any)
	to, _ := after.([]any)
	if len(from) == len(to) || i >= len(from) {
		return i
	}
	if last { // the name itself is what is asked about
		return -1
	}
	for at, item := range to {
		if name := itemName(item); name != nil && name == itemName(from[i]) || reflect.DeepEqual(item, from[i]) {
			return at
		}
	}
	return -1
}

func itemName(item any) any {
	m, _ := item.(map[string]any)
	name, _ := m["name"].(string)
	if name == "" {
		return nil
	}
	return name
}

// scalars calls f with every scalar of a value, the keys of maps in their order.
func scalars(value any, at source.Path, f func(source.Path, any)) {
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			scalars(v[key], at.Append(key), f)
		}
	case []any:
		for i, item := range v {
			scalars(item, at.Append(i), f)
		}
	default:
		f(at, value)
	}
}

func equal(a, b any) bool { return reflect.DeepEqual(a, b) }

// Scalars calls f with the path of every scalar of a value, the keys of maps in their order.
func Scalars(value any, f func(source.Path, any)) { scalars(value, nil, f) }

// Read reads all objects of the scene, which is otherwise done when they are asked for.
func (s *Scene) Read() {
	for _, group := range s.groups() {
		s.Docs(group)
	}
}
