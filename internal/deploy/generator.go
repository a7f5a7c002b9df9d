package deploy

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// generator gives the elements of one generator; one nil element where they are known only elsewhere.
func (f *finder) generator(o object, at source.Path, depth int) []element {
	m, _ := o.get(at).(map[string]any)
	unknown := []element{nil}
	if m["selector"] != nil {
		return unknown
	}
	switch {
	case m["list"] != nil && o.get(at.Append("list", "elementsYaml")) == nil:
		var out []element
		for _, item := range o.list(at.Append("list", "elements")) {
			e := element{}
			e.flatten("", item)
			out = append(out, e)
		}
		return out
	case m["git"] != nil:
		return f.gitGenerator(o, at.Append("git"))
	case m["matrix"] != nil && depth == 0:
		return f.matrix(o, at.Append("matrix", "generators"))
	case m["merge"] != nil && depth == 0:
		return f.merge(o, at.Append("merge"))
	}
	return unknown
}

// matrix joins each element of one generator with each of another. The second may well use what the first gives; then
// its own elements are not known.
func (f *finder) matrix(o object, at source.Path) []element {
	used := map[string][]string{}
	if placeholders(o.get(at.Append(1)), used); len(o.list(at)) != 2 || len(used) > 0 {
		return []element{nil}
	}
	first, second := f.generator(o, at.Append(0), 1), f.generator(o, at.Append(1), 1)
	var out []element
	for _, a := range first {
		for _, b := range second {
			if len(out) > maxElements {
				return out
			}
			e := element{}
			for _, of := range []element{a, b} {
				if of.open() {
					e[elsewhere] = ""
				}
				maps.Copy(e, of)
			}
			out = append(out, e)
		}
	}
	return out
}

// merge changes the elements of its first generator by those of the others that agree with them in the merge keys; the
// later one wins. Of one that is known only elsewhere, nobody knows what it changes.
func (f *finder) merge(o object, at source.Path) []element {
	keys := o.texts(at.Append("mergeKeys"))
	generators := o.list(at.Append("generators"))
	if len(keys) == 0 || len(generators) < 2 || len(generators) > maxLayers {
		return []element{nil}
	}
	var out []element
	for i := range generators {
		own := f.generator(o, at.Append("generators", i), 1)
		if len(own) > maxElements || slices.ContainsFunc(own, element.open) {
			return []element{nil}
		}
		if i == 0 {
			out = own
			continue
		}
		over := map[string]element{}
		for _, e := range own {
			over[e.key(keys)] = e
		}
		for _, e := range out {
			maps.Copy(e, over[e.key(keys)])
		}
	}
	return out
}

// key is the element's texts of some names, in one text.
func (e element) key(names []string) string {
	var b strings.Builder
	for _, name := range names {
		text, known := e[name]
		fmt.Fprintf(&b, "%t %q ", known, text)
	}
	return b.String()
}

// flatten adds the scalars of a value by their dotted paths.
func (e element) flatten(name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			e.flatten(strings.TrimPrefix(name+"."+key, "."), item)
		}
	case []any:
		for i, item := range v {
			e.flatten(fmt.Sprintf("%s[%d]", name, i), item)
		}
	case nil:
	default:
		e[name] = scalarText(v)
	}
}

// gitGenerator matches folders or files of the repository. Which repository is meant cannot be known; where nothing of
// this one matches, it is another.
func (f *finder) gitGenerator(o object, at source.Path) []element {
	var out []element
	dirs, files := o.list(at.Append("directories")), o.list(at.Append("files"))
	prefix := o.text(at.Append("pathParamPrefix"))
	for _, dir := range f.matching(dirs, f.folders) {
		e := element{}
		e.folder(prefix, dir)
		out = append(out, e)
	}
	for _, name := range f.matching(files, func() []string { return f.repo.Paths }) {
		out = append(out, f.fileElement(prefix, name))
	}
	values, _ := o.get(at.Append("values")).(map[string]any)
	for _, e := range out {
		if e != nil {
			e.flatten("values", values)
		}
	}
	if len(out) == 0 {
		return []element{nil}
	}
	return out
}

// matching are the paths that one of a list of {path, exclude} takes and none leaves out.
func (f *finder) matching(list []any, paths func() []string) []string {
	var take, leave []string
	for _, item := range list {
		m, _ := item.(map[string]any)
		pattern, _ := m["path"].(string)
		if exclude, _ := m["exclude"].(bool); exclude {
			leave = append(leave, pattern)
		} else {
			take = append(take, pattern)
		}
	}
	var out []string
	for _, pattern := range take {
		found, _ := f.glob(paths(), path.Clean(pattern))
		for _, name := range found {
			excluded := slices.ContainsFunc(leave, func(p string) bool {
				matched, err := doublestar.Match(p, name)
				return matched && err == nil
			})
			if !excluded && !slices.Contains(out, name) && len(out) <= maxElements {
				out = append(out, name)
			}
		}
	}
	return out
}

// fileElement is what a file of a git generator gives: its values and its folder.
func (f *finder) fileElement(prefix, name string) element {
	e, known := f.elements[name]
	if !known {
		e = f.readElement(name)
		if f.elements == nil {
			f.elements = map[string]element{}
		}
		f.elements[name] = e
	}
	if e == nil {
		return nil
	}
	e = maps.Clone(e)
	e.folder(prefix, path.Dir(name))
	e[dotted(prefix, "path.filename")] = path.Base(name)
	return e
}

// readElement is what stands in a file of a git generator; nil when it cannot be read.
func (f *finder) readElement(name string) element {
	if !f.included(name) {
		return nil
	}
	o, err := f.small(name)
	if err != nil {
		return nil
	}
	e := element{}
	e.flatten("", o.doc.Value)
	return e
}

var notInNames = regexp.MustCompile(`[^a-z0-9.-]+`)

// folder adds what both kinds of templates know of a folder, under a prefix if the generator gives one.
func (e element) folder(prefix, dir string) {
	add := func(name, text string) { e[dotted(prefix, name)] = text }
	add("path", dir)
	add("path.path", dir)
	add("path.basename", path.Base(dir))
	add("path.basenameNormalized", notInNames.ReplaceAllString(strings.ToLower(path.Base(dir)), "-"))
	for i, segment := range strings.Split(dir, "/") {
		add(fmt.Sprintf("path[%d]", i), segment)
		e[fmt.Sprintf("index .%s %d", dotted(prefix, "path.segments"), i)] = segment
	}
}

func dotted(prefix, name string) string { return strings.TrimPrefix(prefix+"."+name, ".") }
