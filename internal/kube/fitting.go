package kube

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// fitting compares an object with the schema of its kind.
type fitting struct {
	comparison
	definition *Definition
}

// root compares an object, or one within another, whose metadata are Kubernetes' own business. Its status is the
// controller's: what a manifest says of it is put aside.
func (f *fitting) root(object map[string]any, s *shape, path source.Path) {
	f.comparison.value(object["metadata"], reflect.TypeFor[metav1.ObjectMeta](), path.Append("metadata"))
	own := []string{"apiVersion", "kind", "metadata", "status"}
	rest := maps.Clone(object)
	maps.DeleteFunc(rest, func(key string, _ any) bool { return slices.Contains(own, key) })
	inner := *s
	inner.required = slices.DeleteFunc(slices.Clone(s.required), func(name string) bool { return slices.Contains(own, name) })
	inner.object = false
	f.object(rest, &inner, path)
}

func (f *fitting) value(v any, s *shape, path source.Path) {
	if v == nil || s == nil || len(f.found) >= maxMisfits {
		return // null is dropped, or stands for the default
	}
	if s.intOrText {
		if !isText(v) && !isInteger(v) {
			f.refused(v, "a whole number or text", path)
		}
		return
	}
	switch s.is {
	case "array":
		list, ok := v.([]any)
		if !ok {
			f.refused(v, "a list", path)
			return
		}
		for i, item := range list {
			f.value(item, s.item(), path.Append(i))
		}
	case "object", "":
		m, ok := v.(map[string]any)
		switch {
		case ok && s.object:
			f.root(m, s, path)
		case ok && (s.is != "" || len(s.fields) > 0):
			f.object(m, s, path)
		case !ok && s.is != "":
			f.refused(v, "a map", path)
		}
	default:
		f.scalar(v, s, path)
	}
}

// scalars are the JSON types of schemas without an inside.
var scalars = map[string]form{
	"string":  forms[reflect.String],
	"boolean": forms[reflect.Bool],
	"integer": forms[reflect.Int],
	"number":  forms[reflect.Float64],
}

func (f *fitting) scalar(v any, s *shape, path source.Path) {
	want, known := scalars[s.is]
	if !known {
		return
	}
	text, isText := v.(string)
	switch {
	case !want.is(v):
		f.refused(v, want.name, path)
	case isText && len(s.enum) > 0 && !slices.Contains(s.enum, text) && !filledInLater(text):
		f.add(Misfit{Path: path, Wanted: oneOf(s.enum), Found: fmt.Sprintf("%q", shortened(text))})
	}
}

func (f *fitting) object(m map[string]any, s *shape, path source.Path) {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		field, known := s.fields[key]
		switch {
		case known:
			f.value(m[key], field, path.Append(key))
		case s.mapped:
			f.value(m[key], s.values, path.Append(key))
		case !s.keeps() && !f.definition.keeps && m[key] != nil && !isFilledIn(key):
			f.add(Misfit{Path: path.Append(key), Field: key, Nearest: nearest(key, maps.Keys(s.fields)), Holder: f.holder(path)})
		}
	}
	for _, name := range s.required {
		if m[name] == nil {
			f.add(Misfit{Path: path, Missing: name, Holder: f.holder(path)})
		}
	}
}

// holder names the map at a path.
func (f *fitting) holder(path source.Path) string {
	if len(path) == 0 {
		return f.definition.Kind
	}
	return fmt.Sprintf("%s of %s", path, f.definition.Kind)
}

func (f *fitting) refused(v any, want string, path source.Path) {
	if !filledInLater(v) {
		f.add(Misfit{Path: path, Wanted: want, Found: kindOf(v)})
	}
}

func (f *fitting) add(m Misfit) {
	if len(f.found) < maxMisfits {
		m.Definition = f.definition.file
		f.found = append(f.found, m)
	}
}

// maxChoices is how many of the texts that a field takes are listed.
const maxChoices = 8

func oneOf(choices []string) string {
	quoted := make([]string, 0, maxChoices)
	for _, c := range choices[:min(len(choices), maxChoices)] {
		quoted = append(quoted, fmt.Sprintf("%q", shortened(c)))
	}
	if len(choices) > maxChoices {
		quoted = append(quoted, "…")
	}
	return "one of " + strings.Join(quoted, ", ")
}

// maxShown is how much of a text a message repeats, in bytes.
const maxShown = 60

func shortened(text string) string {
	if len(text) <= maxShown {
		return text
	}
	return strings.ToValidUTF8(text[:maxShown], "") + "…"
}
