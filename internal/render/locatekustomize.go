package render

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// resourceLocator finds what put a value into a built object: its resource file, an images entry or a patch.
type resourceLocator struct {
	files  *files
	built  *source.Document
	source string   // the resource file
	inputs []string // kustomizations and patches, the root's first
}

// Locate implements source.Locator. A place is exact when the resource file holds there the very value that was built.
func (l *resourceLocator) Locate(path source.Path, text string) source.Trace {
	origin := l.origin()
	if origin == nil {
		return source.Trace{Location: source.FileStart(l.source)}
	}
	value, _ := path.Get(l.built.Value)
	there, whole := translate(path, l.built.Value, origin.Value)
	if held, _ := there.Get(origin.Value); whole && reflect.DeepEqual(held, value) {
		return origin.Locate(there, text)
	}
	if said := scalarText(value); said != "" {
		if at, ok := l.supplied(path, said, text); ok {
			at.Span.Exact = false
			return source.Trace{Location: at, Steps: []source.Step{{Note: source.Note{
				Message: "the object stands here", Location: origin.Locate(there, "").Location,
			}}}}
		}
	}
	trace := origin.Locate(there, text)
	trace.Span.Exact = false
	return trace
}

// origin is the object in its resource file, by kind and by the name it had before prefixes and suffixes.
func (l *resourceLocator) origin() *source.Document {
	docs, _ := parse.YAML(l.files.get(l.source, source.Manifest), source.Manifest, source.YAML11) // it was built: it is sound
	var best *source.Document
	longest, ties := -1, 0
	name := l.name(l.built.Value)
	for _, doc := range docs {
		for _, object := range parse.Objects(doc) {
			if object.Object.Kind != field(l.built.Value, "kind") {
				continue
			}
			switch was := object.Object.Name; {
			case was == name:
				return object
			case strings.Contains(name, was) && len(was) > longest:
				best, longest, ties = object, len(was), 1
			case strings.Contains(name, was) && len(was) == longest:
				ties++
			case longest < 0: // renamed by a patch: right if it is the only one of its kind
				best, ties = object, ties+1
			}
		}
	}
	if ties > 1 {
		return nil
	}
	return best
}

func (l *resourceLocator) name(value any) string {
	metadata, _ := source.Path{"metadata"}.Get(value)
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
	}
	return index
}

// supplied finds the images entry or patch that a value comes from.
func (l *resourceLocator) supplied(path source.Path, said, text string) (source.Location, bool) {
	for _, name := range l.inputs {
		file := l.files.get(name, source.Manifest)
		if base := strings.ToLower(name[strings.LastIndexByte(name, '/')+1:]); strings.HasPrefix(base, "kustomization") {
			if at, ok := l.inKustomization(readKustomization(file), path, said, text); ok {
				return at, true
			}
			continue
		}
		if name == l.source {
			continue
		}
		docs, _ := parse.YAML(file, source.Manifest, source.YAML11) // what is no YAML is no patch
		for _, doc := range docs {
			if at, ok := l.inPatch(doc.Value, path, said); ok {
				return doc.Locate(at, text).Location, true
			}
		}
	}
	return source.Location{}, false
}

func (l *resourceLocator) inKustomization(k *kustomization, path source.Path, said, text string) (source.Location, bool) {
	if path[len(path)-1] == "image" {
		if at, ok := imageEntry(k, said, text); ok {
			return k.doc.Locate(at, text).Location, true
		}
	}
	for _, fieldName := range []string{"patches", "patchesJson6902"} {
		for i, item := range items(k.value[fieldName]) {
			if patch, ok := item["patch"].(string); ok && l.inText(k, patch, path, said) {
				return k.doc.Locate(source.Path{fieldName, i, "patch"}, said).Location, true
			}
		}
	}
	for _, e := range strs(k.value["patchesStrategicMerge"], source.Path{"patchesStrategicMerge"}, "", patch) {
		if e.inline() && l.inText(k, e.value, path, said) {
			return k.doc.Locate(e.at, said).Location, true
		}
	}
	return source.Location{}, false
}

// inText reports whether a patch written in a kustomization supplies the value.
func (l *resourceLocator) inText(k *kustomization, patch string, path source.Path, said string) bool {
	docs, _ := parse.YAML(&source.File{Path: k.file.Path, Data: []byte(patch)}, source.Manifest, source.YAML11) // it was built: it is sound
	for _, doc := range docs {
		if _, ok := l.inPatch(doc.Value, path, said); ok {
			return true
		}
	}
	return false
}

// imageEntry is the part of an images entry that an image was given by: the one that holds the text asked for.
func imageEntry(k *kustomization, image, text string) (source.Path, bool) {
	for i, item := range items(k.value["images"]) {
		name := firstOf(item, "newName", "name")
		if name == "" || !strings.HasPrefix(image, name) {
			continue
		}
		for _, part := range []string{"digest", "newTag", "newName"} {
			value := scalarText(item[part])
			if value != "" && strings.Contains(image, value) && (text == "" || strings.Contains(value, text) || strings.Contains(text, value)) {
				return source.Path{"images", i, part}, true
			}
		}
	}
	return nil, false
}

func firstOf(item map[string]any, keys ...string) string {
	for _, key := range keys {
		if s := scalarText(item[key]); s != "" {
			return s
		}
	}
	return ""
}

// inPatch is the place in a patch, strategic or JSON, that supplies the value at a path.
func (l *resourceLocator) inPatch(patch any, path source.Path, said string) (source.Path, bool) {
	if m, ok := patch.(map[string]any); ok {
		if kind, _ := m["kind"].(string); kind != field(l.built.Value, "kind") {
			return nil, false
		}
		there, whole := translate(path, l.built.Value, patch)
		value, _ := there.Get(patch)
		return there, whole && scalarText(value) == said
	}
	for i, op := range items(patch) {
		pointer, _ := op["path"].(string)
		rest, ok := below(pointer, path)
		if !ok {
			continue
		}
		if value, ok := rest.Get(op["value"]); ok && scalarText(value) == said {
			return append(source.Path{i, "value"}, rest...), true
		}
	}
	return nil, false
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
