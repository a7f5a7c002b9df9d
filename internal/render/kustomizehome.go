package render

import (
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// findHome finds the object in its own file: where its kind was read, or else by its kind and the name it had before
// prefixes and suffixes.
func (l *resourceLocator) findHome() place {
	built, _ := l.built.Value.(map[string]any)
	for _, key := range append([]string{"kind", "apiVersion", "metadata"}, slices.Sorted(maps.Keys(built))...) {
		if _, ok := built[key]; !ok {
			continue
		}
		if at, _ := l.traced(source.Path{key}); at.doc != nil && !at.in.Patch && len(at.path) > 0 {
			return l.object(at)
		}
	}
	return l.homeByName()
}

// object is the object that one of its fields belongs to.
func (l *resourceLocator) object(field place) place {
	path := field.path[:len(field.path)-1]
	value, _ := path.Get(field.doc.Value)
	return place{doc: field.doc, path: path, value: value, in: field.in}
}

// homeByName looks for the object in the file that the library says it is from.
func (l *resourceLocator) homeByName() place {
	var candidates []*source.Document
	in := origin{File: l.text.Source}
	if l.text.Chart > 0 {
		in = origin{Chart: l.text.Chart, Text: l.text.Part}
	}
	if in.Chart > 0 || in.File != "" {
		candidates = l.objectsOf(in)
	}
	kind := field(l.built.Value, "kind")
	if !slices.ContainsFunc(candidates, func(d *source.Document) bool { return d.Object.Kind == kind }) {
		kind = "" // a patch changed it
	}
	candidates = slices.DeleteFunc(slices.Clone(candidates), func(d *source.Document) bool { return kind != "" && d.Object.Kind != kind })
	if best := l.bestNamed(candidates); best != nil {
		return place{doc: best, value: best.Value, in: in}
	}
	return place{}
}

// bestNamed is the one object whose name is most of the built one's; of several it is the one of the same namespace. An
// object that a patch renamed is the only one that there is.
func (l *resourceLocator) bestNamed(candidates []*source.Document) *source.Document {
	name, best := nameOf(l.built.Value), -1
	var found []*source.Document
	for _, d := range candidates {
		length := len(d.Object.Name)
		switch {
		case !strings.Contains(name, d.Object.Name) || length < best:
			continue
		case length > best:
			best, found = length, nil
		}
		found = append(found, d)
	}
	if len(found) > 1 {
		metadata, _ := source.Path{"metadata"}.Get(l.built.Value)
		namespace := field(metadata, "namespace")
		found = slices.DeleteFunc(found, func(d *source.Document) bool { return d.Object.Namespace != namespace })
	}
	switch {
	case len(found) == 1:
		return found[0]
	case best < 0 && len(candidates) == 1:
		return candidates[0]
	}
	return nil
}

// objectsOf gives the Kubernetes objects of a text, lists unpacked.
func (l *resourceLocator) objectsOf(o origin) []*source.Document {
	if o.Chart == 0 && o.At == nil {
		return l.sources.objects(o.File)
	}
	_, shown := l.documentsOf(o) // read anew, so that nobody else knows these documents
	var objects []*source.Document
	for _, doc := range shown {
		objects = append(objects, parse.Objects(doc)...)
	}
	return objects
}

func nameOf(object any) string {
	metadata, _ := source.Path{"metadata"}.Get(object)
	return field(metadata, "name")
}

// translate follows a path of one value in another as far as it leads: list items go by their names. It reports
// whether all of the path is there.
func translate(path source.Path, from, to any) (source.Path, bool) {
	var there source.Path
	for _, step := range path {
		next, _ := source.Path{step}.Get(from)
		if i, ok := step.(int); ok {
			step = indexIn(to, next, i)
		}
		inner, ok := source.Path{step}.Get(to)
		if !ok {
			return there, false
		}
		there, from, to = there.Append(step), next, inner
	}
	return there, true
}

// indexIn is the index of the item of a list that goes by the same name, else the index it is given.
func indexIn(list, item any, index int) int {
	name := field(item, "name")
	others, _ := list.([]any)
	for i, other := range others {
		if name != "" && field(other, "name") == name {
			return i
		}
	}
	if name != "" {
		for _, other := range others {
			if field(other, "name") != "" {
				return -1 // an item that a patch added
			}
		}
		return index
	}
	if isScalar(item) {
		return slices.IndexFunc(others, func(other any) bool { return isScalar(other) && same(other, item) })
	}
	return index
}
