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

// element is what a generator gives for one Application: texts by the name that placeholders use, without the dot that
// begins it in Go templates. Nil is that of a generator which asks a cluster or a service.
type element map[string]string

// elsewhere is the key of an element of which a part is known only to a cluster or a service.
const elsewhere = "\x00"

func (e element) open() bool {
	_, partly := e[elsewhere]
	return e == nil || partly
}

// applicationSet reads the Applications that an ApplicationSet makes from what stands in the repository.
func (f *finder) applicationSet(o object) {
	spec := source.Path{"spec"}
	template := spec.Append("template")
	title := o.named() + " in " + o.doc.File.Path
	goTemplate, _ := o.get(spec.Append("goTemplate")).(bool)
	elements := f.generators(o, spec.Append("generators"), 0)
	if len(elements) == 0 {
		elements = []element{nil}
	}
	if len(elements) > maxElements || !f.afford(len(elements), o.get(template)) {
		f.miss("", o.place(spec.Append("generators")), title, "its generators give more applications than lint looks at")
		return
	}
	used := map[string][]string{}
	placeholders(o.get(template), used)
	for _, e := range elements {
		filled := o
		filled.fill, filled.open = e.fillings(used), e.open() || goTemplate
		app := argoApp{spec: template.Append("spec"), title: title}
		name := filled.text(template.Append("metadata", "name"))
		switch {
		case name != "" && !placeholder.MatchString(name):
			app.name = name
			app.title = fmt.Sprintf("Application/%s of %s", name, title)
		case len(elements) > 1:
			app.title = fmt.Sprintf("%s of %s", e, title)
		}
		f.application(filled, app)
	}
}

// String tells an element from the others by its first texts.
func (e element) String() string {
	for _, key := range []string{"name", "path.path", "path", "cluster", "env", "environment"} {
		if e[key] != "" {
			return e[key]
		}
	}
	return "an element"
}

// placeholders adds those that a value's texts hold, as they are written, by the name of what they stand for.
func placeholders(value any, used map[string][]string) {
	switch v := value.(type) {
	case string:
		for _, m := range placeholder.FindAllStringSubmatch(v, -1) {
			name := strings.TrimPrefix(m[1], ".")
			if !slices.Contains(used[name], m[0]) {
				used[name] = append(used[name], m[0])
			}
		}
	case []any:
		for _, item := range v {
			placeholders(item, used)
		}
	case map[string]any:
		for _, item := range v {
			placeholders(item, used)
		}
	}
}

// fillings fills placeholders with the element's texts. A text of several lines would shift the places of what follows.
func (e element) fillings(used map[string][]string) []Filling {
	out := []Filling{}
	for name, all := range used {
		text, ok := e[name]
		if !ok || strings.ContainsAny(text, "\n\r") || strings.Contains(text, "{{") {
			continue
		}
		for _, written := range all {
			out = append(out, Filling{Placeholder: written, Text: text})
		}
	}
	slices.SortFunc(out, func(a, b Filling) int { return strings.Compare(a.Placeholder, b.Placeholder) })
	return out
}

// generators gives the elements of a list of generators, one after the other.
func (f *finder) generators(o object, at source.Path, depth int) []element {
	var out []element
	for i := range o.list(at) {
		if len(out) <= maxElements {
			out = append(out, f.generator(o, at.Append(i), depth)...)
		}
	}
	return out
}

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
	for _, dir := range f.matching(dirs, f.folders) {
		e := element{}
		e.folder(dir)
		out = append(out, e)
	}
	for _, name := range f.matching(files, func() []string { return f.repo.Paths }) {
		out = append(out, f.fileElement(name))
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
func (f *finder) fileElement(name string) element {
	if e, known := f.elements[name]; known {
		return maps.Clone(e)
	}
	if f.elements == nil {
		f.elements = map[string]element{}
	}
	f.elements[name] = nil
	o, err := f.small(name)
	if err != nil || !f.included(name) {
		return nil
	}
	e := element{}
	f.elements[name] = e
	e.flatten("", o.doc.Value)
	e.folder(path.Dir(name))
	e["path.filename"] = path.Base(name)
	return maps.Clone(e)
}

var notInNames = regexp.MustCompile(`[^a-z0-9.-]+`)

// folder adds what both kinds of templates know of a folder.
func (e element) folder(dir string) {
	e["path"], e["path.path"] = dir, dir
	e["path.basename"] = path.Base(dir)
	e["path.basenameNormalized"] = notInNames.ReplaceAllString(strings.ToLower(path.Base(dir)), "-")
	for i, segment := range strings.Split(dir, "/") {
		e[fmt.Sprintf("path[%d]", i)] = segment
		e[fmt.Sprintf("index .path.segments %d", i)] = segment
	}
}
