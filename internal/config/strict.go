package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"go.yaml.in/yaml/v3"
)

// check compares a node tree with the Config type and refuses what it does not know: keys, duplicates, wrong shapes.
func check(root *yaml.Node) error {
	return checkType(root, reflect.TypeFor[Config](), "the configuration")
}

func checkType(n *yaml.Node, t reflect.Type, what string) error {
	for n.Kind == yaml.AliasNode {
		return placed(n, fmt.Errorf("aliases are not read here; write the value out"))
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if n.Tag == "!!null" || readsItself(t) {
		return nil
	}
	switch t.Kind() {
	case reflect.Struct:
		if n.Kind != yaml.MappingNode {
			return placed(n, fmt.Errorf("%s must be a map", what))
		}
		return checkMap(n, func(key string) (reflect.Type, bool) {
			f, ok := Fields(t)[key]
			return f.Type, ok
		}, slices.Sorted(maps.Keys(Fields(t))))
	case reflect.Map:
		if n.Kind != yaml.MappingNode {
			return placed(n, fmt.Errorf("%s must be a map", what))
		}
		return checkMap(n, func(string) (reflect.Type, bool) { return t.Elem(), true }, nil)
	case reflect.Slice:
		if n.Kind != yaml.SequenceNode {
			return placed(n, fmt.Errorf("%s must be a list", what))
		}
		for _, item := range n.Content {
			if err := checkType(item, t.Elem(), what); err != nil {
				return err
			}
		}
	default:
		return checkScalar(n, t, what)
	}
	return nil
}

func checkScalar(n *yaml.Node, t reflect.Type, what string) error {
	switch {
	case t.Kind() == reflect.Interface:
		return nil
	case n.Kind != yaml.ScalarNode:
		return placed(n, fmt.Errorf("%s must be a single value", what))
	case t.Kind() == reflect.Int && n.Tag != "!!int":
		return placed(n, fmt.Errorf("%s must be a whole number", what))
	case t.Kind() == reflect.Bool && n.Tag != "!!bool":
		return placed(n, fmt.Errorf("%s must be true or false", what))
	}
	return nil
}

func checkMap(n *yaml.Node, typeOf func(string) (reflect.Type, bool), known []string) error {
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		t, ok := typeOf(key.Value)
		if !ok {
			message := fmt.Sprintf("unknown key %q", key.Value)
			if near := Nearest(key.Value, known); near != "" {
				message += fmt.Sprintf("; did you mean %q?", near)
			} else {
				message += "; known are " + strings.Join(known, ", ")
			}
			return &placedError{place{key.Line, key.Column}, message}
		}
		if seen[key.Value] {
			return &placedError{place{key.Line, key.Column}, fmt.Sprintf("key %q stands twice", key.Value)}
		}
		seen[key.Value] = true
		if err := checkType(value, t, key.Value); err != nil {
			return err
		}
	}
	return nil
}

// readsItself reports whether the type checks its own text.
func readsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[yaml.Unmarshaler]())
}

// Field is a key of the configuration and its meaning.
type Field struct {
	Type reflect.Type
	Doc  string
}

// Fields lists the keys that a struct of the configuration takes, by name.
func Fields(t reflect.Type) map[string]Field {
	out := map[string]Field{}
	for f := range t.Fields() {
		if name := f.Tag.Get("yaml"); name != "" {
			out[name] = Field{Type: f.Type, Doc: f.Tag.Get("doc")}
		}
	}
	return out
}

// Nearest is the known word that a misspelt one most likely means, or "" when none is near.
func Nearest(word string, known []string) string {
	best, distance := "", len(word)/2+1
	for _, k := range known {
		if d := levenshtein.Distance(word, k, nil); d < distance {
			best, distance = k, d
		}
	}
	return best
}
