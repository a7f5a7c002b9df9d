package kube

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/agext/levenshtein"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Misfit is a part of an object that the API of Kubernetes does not know, or not in this form. The API server drops a
// field that it does not know, unless it is told to be strict, and refuses a value of the wrong type.
type Misfit struct {
	Path    source.Path `json:"path"`
	Field   string      `json:"field"`            // the key that is not known; "" for a value of the wrong type
	Nearest string      `json:"nearest"`          // a field of that place with a similar name, "" where none is
	Holder  string      `json:"holder"`           // what does not have the field: Container, PodSpec
	Wanted  string      `json:"wanted,omitempty"` // of a value that is refused: "text", "a whole number", "one of A or B", …
	Found   string      `json:"found,omitempty"`  // likewise: what stands there
	// Missing is a field that has to be there and is not; the path is that of the map which lacks it.
	Missing string `json:"missing,omitempty"`
	// Definition is the file whose CustomResourceDefinition says so; "" where Kubernetes' own API does.
	Definition string `json:"definition,omitempty"`
}

// maxMisfits bounds what is said of one object.
const maxMisfits = 50

// misfits compares an object of Kubernetes' own kinds with their API types (https://pkg.go.dev/k8s.io/api); nothing is known
// of other kinds.
func misfits(object view) []Misfit {
	group, version, _ := strings.Cut(object.text("apiVersion"), "/")
	if version == "" {
		group, version = "", group
	}
	if group == "apiextensions.k8s.io" {
		return []Misfit{} // it speaks in schemas of other objects, and is large
	}
	typed, err := scheme.Scheme.New(schema.GroupVersionKind{Group: group, Version: version, Kind: object.text("kind")})
	if err != nil {
		return []Misfit{}
	}
	shape := reflect.TypeOf(typed).Elem()
	if _, stored := FieldsOf(shape)["metadata"]; !stored {
		return []Misfit{} // options of a request, which nobody deploys
	}
	c := comparison{found: []Misfit{}}
	c.value(unencrypted(object.value), shape, nil)
	return c.found
}

type comparison struct {
	found  []Misfit
	filled bool // something other than text is filled in by another tool
}

func (c *comparison) value(v any, t reflect.Type, path source.Path) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if v == nil || len(c.found) >= maxMisfits {
		return
	}
	if special, known := readers[t.String()]; known {
		c.fits(v, special, path)
		return
	}
	switch t.Kind() {
	case reflect.Struct:
		c.object(v, t, path)
	case reflect.Map:
		if m, ok := v.(map[string]any); ok {
			for _, key := range slices.Sorted(maps.Keys(m)) {
				c.value(m[key], t.Elem(), path.Append(key))
			}
			return
		}
		c.wrong(v, "a map", path)
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			c.fits(v, form{"text", isText}, path) // base64
			return
		}
		if list, ok := v.([]any); ok {
			for i, item := range list {
				c.value(item, t.Elem(), path.Append(i))
			}
			return
		}
		c.wrong(v, "a list", path)
	default:
		if form, known := forms[t.Kind()]; known {
			c.fits(v, form, path)
		}
	}
}

func (c *comparison) object(v any, t reflect.Type, path source.Path) {
	m, ok := v.(map[string]any)
	if !ok {
		c.wrong(v, "a map", path)
		return
	}
	fields := FieldsOf(t)
	for _, key := range slices.Sorted(maps.Keys(m)) {
		field, known := fields[key]
		switch {
		case known:
			c.value(m[key], field, path.Append(key))
		case isFilledIn(key):
		case len(c.found) < maxMisfits:
			c.found = append(c.found, Misfit{Path: path.Append(key), Field: key, Nearest: nearest(key, maps.Keys(fields)), Holder: t.Name()})
		}
	}
}

func (c *comparison) fits(v any, want form, path source.Path) {
	if !want.is(v) {
		c.wrong(v, want.name, path)
	}
}

// wrong notes a value of the wrong type, unless it is one that another tool, or a person, fills in first.
func (c *comparison) wrong(v any, want string, path source.Path) {
	if filledInLater(v) {
		c.filled = true
		return
	}
	if len(c.found) >= maxMisfits {
		return
	}
	c.found = append(c.found, Misfit{Path: path, Wanted: want, Found: kindOf(v)})
}

// filledInLater reports whether a value stands for another: a template's expression, <port>, [YOUR_TOKEN], NUM_NODES, or the
// assertions of a test about an object.
func filledInLater(v any) bool {
	switch v := v.(type) {
	case string:
		return templated.MatchString(v) || isFilledIn(v)
	case []any:
		return len(v) == 1 && filledInLater(v[0])
	case map[string]any:
		return len(v) > 0 && !slices.ContainsFunc(slices.Collect(maps.Keys(v)), func(key string) bool { return !isFilledIn(key) })
	}
	return false
}

// templated is text that a tool puts another in the place of: ${REPLICAS}, $(PORT), {{ x }}.
var templated = regexp.MustCompile(`\$[({]|\{\{|^\*\*.+\*\*$`)

// filledIn are words that no API has as a key or takes as a number: (an assertion), <what to write here> and ITS_NAME.
var filledIn = regexp.MustCompile(`^(\(.*\)|<.*>|[A-Z][A-Z0-9]*(_[A-Z0-9]+)+)$`)

func isFilledIn(word string) bool { return filledIn.MatchString(word) }

// unencrypted is an object without what SOPS writes beside it, and takes away when it decrypts it.
func unencrypted(object map[string]any) map[string]any {
	if _, encrypted := object["sops"].(map[string]any); !encrypted {
		return object
	}
	plain := maps.Clone(object)
	delete(plain, "sops")
	return plain
}

// form is what a scalar must be.
type form struct {
	name string
	is   func(any) bool
}

// readers are the types that read a form of their own; one that takes anything is not looked into.
var readers = map[string]form{
	"resource.Quantity":    {"a quantity", func(v any) bool { return isText(v) || isNumber(v) }},
	"intstr.IntOrString":   {"a whole number or text", func(v any) bool { return isText(v) || isInteger(v) }},
	"v1.Time":              {"a time", isText},
	"v1.MicroTime":         {"a time", isText},
	"v1.Duration":          {"a duration", isText},
	"runtime.RawExtension": {"anything", isAnything},
	"runtime.Object":       {"anything", isAnything},
	"v1.FieldsV1":          {"anything", isAnything},
	"v1.JSON":              {"anything", isAnything},
}

var forms = map[reflect.Kind]form{
	reflect.String:  {"text", isText},
	reflect.Bool:    {"true or false", func(v any) bool { _, is := v.(bool); return is }},
	reflect.Int:     {"a whole number", isInteger},
	reflect.Int32:   {"a whole number", isInteger},
	reflect.Int64:   {"a whole number", isInteger},
	reflect.Float64: {"a number", isNumber},
}

func isAnything(any) bool { return true }

func isText(v any) bool { _, is := v.(string); return is }

func isNumber(v any) bool {
	switch v.(type) {
	case int, int64, uint64, float64, json.Number:
		return true
	}
	return false
}

func isInteger(v any) bool {
	f, is := v.(float64)
	return is && f == float64(int64(f)) || !is && isNumber(v)
}

func kindOf(v any) string {
	switch v := v.(type) {
	case map[string]any:
		return "a map"
	case []any:
		return "a list"
	case string:
		return "text"
	case bool:
		return fmt.Sprint(v)
	default:
		return fmt.Sprintf("the number %v", v)
	}
}

// shapes remembers the fields of types, which never change.
var shapes sync.Map //nolint:gochecknoglobals // a cache of facts about types

// FieldsOf gives the fields of a struct of Kubernetes' API by their names in JSON, those of embedded types among them. The map is
// shared, and not to be changed.
func FieldsOf(t reflect.Type) map[string]reflect.Type {
	if known, ok := shapes.Load(t); ok {
		return known.(map[string]reflect.Type)
	}
	fields := map[string]reflect.Type{}
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-":
		case name == "" && (field.Anonymous || strings.Contains(options, "inline")):
			inner := field.Type
			for inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			if inner.Kind() == reflect.Struct {
				maps.Copy(fields, FieldsOf(inner))
			}
		case name != "":
			fields[name] = field.Type
		}
	}
	shapes.Store(t, fields)
	return fields
}

// nearest is the field whose name is most like a word; "" where none is like it.
func nearest(word string, fields iter.Seq[string]) string {
	best, distance := "", len(word)/4+1
	for _, name := range slices.Sorted(fields) {
		if d := levenshtein.Distance(strings.ToLower(word), strings.ToLower(name), nil); d < distance {
			best, distance = name, d
		}
	}
	return best
}
