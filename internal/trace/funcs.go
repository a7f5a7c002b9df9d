package trace

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"text/template"

	"github.com/BurntSushi/toml"
	"sigs.k8s.io/yaml"
	goyaml "sigs.k8s.io/yaml/goyaml.v3"
)

// funcs are the functions that templates may call: Sprig's and Helm's own
// (https://helm.sh/docs/chart_template_guide/function_list/), with what they hand on noted where it would get lost.
func (t *tracer) funcs(root *template.Template) template.FuncMap {
	f := maps.Clone(library())
	delete(f, "env")
	delete(f, "expandenv")
	f["getHostByName"] = func(string) string { return "" }
	f["lookup"] = func(string, string, string, string) (map[string]any, error) { return map[string]any{}, nil }
	f["toToml"], f["fromToml"] = toTOML, fromTOML
	f["toYaml"], f["toYamlPretty"] = toYAML, toYAMLPretty
	f["toJson"] = toJSON
	f["fromYaml"] = func(s string) map[string]any { return t.readFrom(s, made(t, object(s, yamlInto))) }
	f["fromYamlArray"] = func(s string) []any { return made(t, array(s, yamlInto)) }
	f["fromJson"] = func(s string) map[string]any { return t.readFrom(s, made(t, object(s, jsonInto))) }
	f["fromJsonArray"] = func(s string) []any { return made(t, array(s, jsonInto)) }
	f["include"], f["tpl"] = t.include(root), t.tpl(root)
	f["required"], f["fail"] = t.required, t.fail
	f[readFunc], f[setFunc], f[printFunc], f[templateFunc] = t.read, t.setVar, t.print, t.include(root)
	t.follow(f)
	return f
}

// selectors return one of the values that they are given, or one in it.
var selectors = map[string]bool{
	"default": true, "coalesce": true, "ternary": true, "index": true, "get": true, "dig": true, "pluck": true,
	"first": true, "last": true, "required": true, "or": true, "and": true, "mustFirst": true, "mustLast": true,
}

// required is Helm's function of that name.
func (t *tracer) required(message string, value any) (any, error) {
	if value == nil || value == "" {
		t.asked(message)
		return value, errRequired
	}
	return value, nil
}

// fail is Helm's function of that name.
func (t *tracer) fail(message string) (string, error) {
	t.asked(message)
	return "", errors.New("the template ends itself")
}

// asked notes what the chart wants of its user: of the values that the action read, the one that is not set.
func (t *tracer) asked(message string) {
	r := t.current
	if r == nil || t.want != nil {
		return
	}
	t.want = &Want{Message: message}
	b, offset := t.at(r.at)
	if r.at >= 0 {
		i := b.source(offset)
		t.want.Name, t.want.Offset = b.names[i], offset-b.offsets[i]
	}
	for _, id := range r.reads {
		one := t.leaves.all[id]
		if t.leaves.isForeign(id) {
			continue
		}
		if one.form == unsetLeaf || one.form == scalarLeaf && (one.value == nil || one.value == "") {
			t.want.Path = t.leaves.path(id)
		}
	}
}

// follow has the functions that copy maps say what the copies are copies of.
func (t *tracer) follow(f template.FuncMap) {
	t.followSet(f)
	for _, name := range []string{"deepCopy", "mustDeepCopy"} {
		switch inner := f[name].(type) {
		case func(any) any:
			f[name] = func(v any) any { return t.mirrored(inner(v), v) }
		case func(any) (any, error):
			f[name] = func(v any) (any, error) {
				out, err := inner(v)
				return t.mirrored(out, v), err
			}
		}
	}
	for name, later := range map[string]bool{"merge": false, "mustMerge": false, "mergeOverwrite": true, "mustMergeOverwrite": true} {
		switch inner := f[name].(type) {
		case func(map[string]any, ...map[string]any) any:
			f[name] = func(dst map[string]any, srcs ...map[string]any) any {
				order := t.order(dst, srcs, later)
				return t.merged(inner(dst, srcs...), order)
			}
		case func(map[string]any, ...map[string]any) (any, error):
			f[name] = func(dst map[string]any, srcs ...map[string]any) (any, error) {
				order := t.order(dst, srcs, later)
				out, err := inner(dst, srcs...)
				return t.merged(out, order), err
			}
		}
	}
	for _, name := range []string{"omit", "pick"} {
		if inner, ok := f[name].(func(map[string]any, ...string) map[string]any); ok {
			f[name] = func(m map[string]any, keys ...string) map[string]any {
				out := inner(m, keys...)
				t.mirrored(out, m)
				return out
			}
		}
	}
	if inner, ok := f["dict"].(func(...any) map[string]any); ok {
		f["dict"] = func(v ...any) map[string]any { return made(t, inner(v...)) }
	}
	for _, name := range []string{"list", "tuple"} {
		if inner, ok := f[name].(func(...any) []any); ok {
			f[name] = func(v ...any) []any { return made(t, inner(v...)) }
		}
	}
}

// made notes that a value was made of what the action at work has read.
func made[V map[string]any | []any](t *tracer, out V) V {
	if r := t.current; r != nil && !t.full {
		t.deriveAll(out, r.taken(), 0)
	}
	return out
}

// readFrom notes the text that a map was read from, when a template rendered it.
func (t *tracer) readFrom(text string, out map[string]any) map[string]any {
	if w := t.texts[address(text)]; w != nil && text != "" {
		t.texts[(*byte)(mapAddress(out))] = w
	}
	return out
}

const maxFollowed = 8 // levels of a map that was made at run time

func (t *tracer) deriveAll(value any, reads []int32, depth int) {
	if depth > maxFollowed {
		return
	}
	t.derive(value, reads)
	switch v := value.(type) {
	case map[string]any:
		if depth > 0 && t.leaves.maps[mapAddress(v)] != nil {
			return
		}
		for _, inner := range v {
			t.deriveAll(inner, reads, depth+1)
		}
	case []any:
		for _, inner := range v {
			t.deriveAll(inner, reads, depth+1)
		}
	}
}

// mirrored registers a copy as what it is a copy of.
func (t *tracer) mirrored(out, of any) any {
	return t.merged(out, []any{of})
}

// order is the maps of a merge, the one that wins first.
func (t *tracer) order(dst map[string]any, srcs []map[string]any, later bool) []any {
	order := []any{t.still(dst, 0)}
	for _, src := range srcs {
		if later {
			order = append([]any{src}, order...)
		} else {
			order = append(order, src)
		}
	}
	return order
}

// still is a map as it is before a merge changes it: only what it is known as matters.
func (t *tracer) still(m map[string]any, depth int) any {
	out := &snapshot{ids: t.leaves.maps[mapAddress(m)], inner: map[string]any{}, plain: map[string]any{}}
	for key, value := range m {
		if inner, ok := table(value).(map[string]any); ok && depth < maxFollowed {
			out.inner[key] = t.still(inner, depth+1)
		} else if len(out.ids) == 0 {
			out.plain[key] = value
		}
	}
	return out
}

// snapshot is what a map and the maps in it were known as.
type snapshot struct {
	ids   []int32
	inner map[string]any
	plain map[string]any // what else is in it, of one that a template made
}

// merged registers the maps of a merge's result as all the maps that they were made of.
func (t *tracer) merged(out any, of []any) any {
	if !t.full {
		t.alias(table(out), of, 0)
	}
	return out
}

func (t *tracer) alias(out any, of []any, depth int) {
	m, ok := out.(map[string]any)
	if !ok || depth > maxFollowed {
		return
	}
	if slices.ContainsFunc(of, func(one any) bool { return len(t.known(one)) > 0 }) {
		var ids []int32
		for _, one := range of {
			ids = union(ids, t.knownAs(one))
		}
		t.leaves.maps[mapAddress(m)] = ids
	}
	for key, value := range m {
		inner, ok := table(value).(map[string]any)
		if sources := mapsAt(of, key); ok && len(sources) > 0 {
			t.alias(inner, sources, depth+1)
		}
	}
}

// mapsAt are the maps at a key of maps.
func mapsAt(of []any, key string) []any {
	var out []any
	for _, one := range of {
		switch v := one.(type) {
		case *snapshot:
			if s, ok := v.inner[key]; ok {
				out = append(out, s)
			}
		case map[string]any:
			if s, ok := table(v[key]).(map[string]any); ok {
				out = append(out, s)
			}
		}
	}
	return out
}

func (t *tracer) known(one any) []int32 {
	switch v := table(one).(type) {
	case *snapshot:
		return v.ids
	case map[string]any:
		return t.leaves.maps[mapAddress(v)]
	}
	return nil
}

// knownAs is what a map is known as, or what it is to be known as in a merge.
func (t *tracer) knownAs(one any) []int32 {
	if ids := t.known(one); len(ids) > 0 {
		return ids
	}
	switch v := table(one).(type) {
	case *snapshot:
		return []int32{t.foreign(v.plain)}
	case map[string]any:
		return []int32{t.foreign(v)}
	}
	return nil
}

func toYAML(v any) string {
	data, err := yaml.Marshal(v)
	if err != nil {
		return "" // as Helm: a template has no way to handle it
	}
	return strings.TrimSuffix(string(data), "\n")
}

func toYAMLPretty(v any) string {
	var b bytes.Buffer
	encoder := goyaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if encoder.Encode(v) != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func toJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(data)
}

func toTOML(v any) string {
	var b bytes.Buffer
	if err := toml.NewEncoder(&b).Encode(v); err != nil {
		return err.Error()
	}
	return b.String()
}

func fromTOML(s string) map[string]any {
	return object(s, toml.Unmarshal)
}

func yamlInto(data []byte, into any) error { return yaml.Unmarshal(data, into) }
func jsonInto(data []byte, into any) error { return json.Unmarshal(data, into) }

// object reads a map; what cannot be read becomes its key Error, as Helm has it.
func object(s string, read func([]byte, any) error) map[string]any {
	m := map[string]any{}
	if err := read([]byte(s), &m); err != nil {
		m["Error"] = err.Error()
	}
	return m
}

// array reads a list; what cannot be read becomes its only item, as Helm has it.
func array(s string, read func([]byte, any) error) []any {
	a := []any{}
	if err := read([]byte(s), &a); err != nil {
		a = []any{err.Error()}
	}
	return a
}
