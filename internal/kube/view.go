package kube

import (
	"math"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// view is a map inside an object and the path to it. The zero view is a map without keys, so that a walk through
// what isn't there needs no checks.
type view struct {
	value map[string]any
	path  source.Path
}

// child is the map under a key.
func (v view) child(key string) view {
	m, _ := v.value[key].(map[string]any)
	return view{value: m, path: v.path.Append(key)}
}

// items are the maps of the list under a key; other items are left out.
func (v view) items(key string) []view {
	list, _ := v.value[key].([]any)
	var out []view
	for i, item := range list {
		if m, ok := item.(map[string]any); ok {
			out = append(out, view{value: m, path: v.path.Append(key, i)})
		}
	}
	return out
}

// text is the string under a key; "" where there is none.
func (v view) text(key string) string {
	s, _ := v.value[key].(string)
	return s
}

// texts are the strings of the list under a key, with their places; never nil.
func (v view) texts(key string) []Setting[string] {
	list, _ := v.value[key].([]any)
	out := []Setting[string]{}
	for i, item := range list {
		if s, ok := item.(string); ok {
			out = append(out, Setting[string]{Value: s, Path: v.path.Append(key, i)})
		}
	}
	return out
}

// labels are those of an object's metadata; never nil.
func (v view) labels() map[string]string {
	labels := map[string]string{}
	for key, value := range v.child("labels").value {
		if text, ok := value.(string); ok {
			labels[key] = text
		}
	}
	return labels
}

// setting is the value of type T under a key; nil where there is none.
func setting[T any](v view, key string) *Setting[T] {
	value, ok := v.value[key].(T)
	if !ok {
		return nil
	}
	return &Setting[T]{Value: value, Path: v.path.Append(key)}
}

// number is the whole number under a key; nil where there is none.
func (v view) number(key string) *Setting[int64] {
	var n int64
	switch value := v.value[key].(type) {
	case int:
		n = int64(value)
	case int64:
		n = value
	case uint64:
		if value > math.MaxInt64 {
			return nil
		}
		n = int64(value)
	case float64: // as JSON has it
		if n = int64(value); float64(n) != value {
			return nil
		}
	default:
		return nil
	}
	return &Setting[int64]{Value: n, Path: v.path.Append(key)}
}
