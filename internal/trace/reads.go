package trace

import (
	"reflect"
	"slices"

	"helm.sh/helm/v3/pkg/chartutil"
)

// read is called with every value that a template reads. It hands the value on as it is.
func (t *tracer) read(id int, base, x reflect.Value) reflect.Value {
	if r := t.current; r != nil && !t.full {
		t.noteRead(r, t.idents[id], base, x)
	}
	return x
}

func (t *tracer) noteRead(r *recorder, idents []string, base, x reflect.Value) {
	value := plain(x)
	if s, ok := value.(string); ok && s != "" {
		if id, known := t.leaves.strings[address(s)]; known {
			r.note([]int32{id})
			return
		}
		if w, known := t.texts[address(s)]; known {
			r.parts = append(r.parts, w)
			return
		}
		if reads, known := t.derived[address(s)]; known {
			r.note(reads)
			return
		}
	}
	if m, ok := value.(map[string]any); ok {
		if w := t.texts[(*byte)(mapAddress(m))]; w != nil && !slices.Contains(r.parts, w) {
			r.parts = append(r.parts, w)
		}
	}
	if ids := t.container(value); ids != nil {
		r.note(ids)
		return
	}
	variable := ""
	if len(idents) > 0 && idents[0][0] == '$' {
		variable, idents = idents[0], idents[1:]
	}
	if len(idents) > 0 {
		if ids, ok := t.walk(plain(base), idents); ok {
			r.note(ids)
			return
		}
	}
	if variable != "" {
		r.note(r.variable(variable))
	} else if len(idents) == 0 {
		r.note(t.loop(r))
	}
}

// container is the value that a map or list is, or those that it was made of.
func (t *tracer) container(value any) []int32 {
	switch v := value.(type) {
	case map[string]any:
		if ids := t.leaves.maps[mapAddress(v)]; ids != nil {
			return ids
		}
		return t.derived[(*byte)(mapAddress(v))]
	case []any:
		if len(v) > 0 {
			p := listAddress(v)
			if id, ok := t.leaves.lists[p]; ok {
				return []int32{id}
			}
			return t.derived[(*byte)(p)]
		}
	}
	return nil
}

// walk follows keys down from a value and gives the leaf that they lead to, or the one that is not set there; of what a
// template has put there, what that is made of.
func (t *tracer) walk(base any, idents []string) ([]int32, bool) {
	for i, key := range idents {
		m, ok := base.(map[string]any)
		if !ok {
			return nil, false
		}
		next, there := m[key]
		next = table(next)
		if _, isMap := next.(map[string]any); !isMap || i == len(idents)-1 {
			return t.leaves.child(t.leaves.maps[mapAddress(m)], key, next, there)
		}
		base = next
	}
	return nil, false
}

// loop is what the innermost loop at work runs over: the source of a dot that says nothing about itself.
func (t *tracer) loop(r *recorder) []int32 {
	if r.control == r.floor {
		return nil
	}
	if set := t.causes[r.control].Reads; set >= 0 {
		return t.sets[set]
	}
	return nil
}

// derive records what a value that was made at run time was made of.
func (t *tracer) derive(value any, reads []int32) {
	if len(reads) == 0 {
		return
	}
	var p *byte
	switch v := value.(type) {
	case string:
		p = address(v)
		if _, known := t.leaves.strings[p]; known || t.texts[p] != nil {
			return
		}
	case map[string]any:
		p = (*byte)(mapAddress(v))
		if t.leaves.maps[mapAddress(v)] != nil {
			return
		}
	case []any:
		if len(v) > 0 {
			p = (*byte)(listAddress(v))
		}
	}
	if p != nil && len(t.derived) < maxDerived {
		t.derived[p] = slices.Clone(reads)
	}
}

// print is called with what an action prints that read several values.
func (t *tracer) print(x reflect.Value) reflect.Value {
	if r := t.current; r != nil && !t.full {
		if s, ok := plain(x).(string); ok {
			r.exact = t.leaves.ofString(s)
		}
	}
	return x
}

// plain is a template's value as what it is; nil for what it is not worth knowing of.
func plain(x reflect.Value) any {
	for x.IsValid() && x.Kind() == reflect.Interface {
		x = x.Elem()
	}
	if !x.IsValid() || !x.CanInterface() {
		return nil
	}
	switch x.Kind() {
	case reflect.Map, reflect.Slice, reflect.String, reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64:
		return table(x.Interface())
	}
	return nil
}

// table takes the name off a map of values.
func table(value any) any {
	if v, ok := value.(chartutil.Values); ok {
		return map[string]any(v)
	}
	return value
}
