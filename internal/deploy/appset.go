package deploy

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

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

// appSet is an ApplicationSet being read.
type appSet struct {
	*finder
	object
	title    string // "ApplicationSet/regions in apps/set.yaml"
	template source.Path
	used     map[string][]string // placeholders of the template, as they are written, by name
	goText   bool                // placeholders are Go templates
}

// applicationSet reads the Applications that an ApplicationSet makes from what stands in the repository.
func (f *finder) applicationSet(o object) {
	spec := source.Path{"spec"}
	s := appSet{
		finder: f, object: o, title: o.named() + " in " + o.doc.File.Path, template: spec.Append("template"), used: map[string][]string{},
	}
	s.goText, _ = o.get(spec.Append("goTemplate")).(bool)
	placeholders(o.get(s.template), s.used)
	var elements []element
	for i := range o.list(spec.Append("generators")) {
		at := spec.Append("generators", i)
		if !s.overridden(at) && len(elements) <= maxElements {
			elements = append(elements, f.generator(o, at, 0)...)
		}
	}
	if len(o.list(spec.Append("generators"))) == 0 {
		elements = []element{nil}
	}
	if len(elements) > maxElements || !f.afford(len(elements), o.get(s.template)) {
		f.miss("", o.place(spec.Append("generators")), s.title, "its generators give more applications than lint looks at")
		return
	}
	before := len(f.releases)
	for _, e := range elements {
		s.application(e, len(elements) > 1)
	}
	s.patched(before)
}

// application reads the Application that the template makes of an element, which may be one of several.
func (s *appSet) application(e element, several bool) {
	filled := s.object
	filled.fill, filled.open = e.fillings(s.used), e.open() || s.goText
	app := argoApp{spec: s.template.Append("spec"), title: s.title}
	name := filled.text(s.template.Append("metadata", "name"))
	switch {
	case name != "" && !placeholder.MatchString(name):
		app.name = name
		app.title = fmt.Sprintf("Application/%s of %s", name, s.title)
	case several:
		app.title = fmt.Sprintf("%s of %s", e, s.title)
	}
	s.finder.application(filled, app)
}

// overridden tells of a generator with a template of its own, whose fields take the place of the ApplicationSet's: what
// it deploys is not looked at.
func (s *appSet) overridden(generator source.Path) bool {
	m, _ := s.get(generator).(map[string]any)
	for _, kind := range slices.Sorted(maps.Keys(m)) {
		at := generator.Append(kind, "template")
		spec, _ := s.get(at.Append("spec")).(map[string]any)
		if len(spec) == 0 && s.text(at.Append("metadata", "name")) == "" {
			continue
		}
		charts := s.paths(at)
		if len(charts) == 0 {
			charts = s.paths(s.template)
		}
		for _, chart := range charts {
			s.miss(chart, s.place(at), "the template of a generator of "+s.title,
				"lint does not merge it with that of the ApplicationSet"+nameValues)
		}
		return true
	}
	return false
}

// paths are the roots of the charts that a template deploys.
func (s *appSet) paths(template source.Path) []string {
	text, _ := json.Marshal(s.get(template)) // it came from YAML
	return s.mentioned(argoPath, text)
}

// patched tells of a templatePatch, which may change every field of what the template makes: the releases since before.
func (s *appSet) patched(before int) {
	at := source.Path{"spec", "templatePatch"}
	patch, _ := s.get(at).(string)
	if strings.TrimSpace(patch) == "" {
		return
	}
	charts := s.mentioned(argoPath, []byte(patch))
	for i := range s.releases[before:] {
		r := &s.releases[before+i]
		r.Partial = true
		charts = append(charts, r.Chart)
	}
	slices.Sort(charts)
	for _, chart := range slices.Compact(charts) {
		s.miss(chart, s.place(at), "templatePatch of "+s.title, "lint does not apply it"+nameValues)
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
	eachText(value, func(text string) {
		for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
			name := strings.TrimPrefix(m[1], ".")
			if !slices.Contains(used[name], m[0]) {
				used[name] = append(used[name], m[0])
			}
		}
	})
}

// eachText calls f with every text of a value that is no key.
func eachText(value any, f func(string)) {
	switch v := value.(type) {
	case string:
		f(v)
	case []any:
		for _, item := range v {
			eachText(item, f)
		}
	case map[string]any:
		for _, item := range v {
			eachText(item, f)
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
