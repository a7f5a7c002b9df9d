package fetch

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// node is a value and the path to it, to walk a plain document.
type node struct {
	value any
	path  source.Path
}

// key gives a map's value by its key, whatever the case: names in expressions have none.
func (n node) key(name string) node {
	m, _ := n.value.(map[string]any)
	if v, found := m[name]; found {
		return node{v, n.path.Append(name)}
	}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if strings.EqualFold(k, name) {
			return node{m[k], n.path.Append(k)}
		}
	}
	return node{path: n.path.Append(name)}
}

// at follows a path.
func (n node) at(path source.Path) node {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			n = n.key(step)
		case int:
			list, _ := n.value.([]any)
			if step < 0 || step >= len(list) {
				return node{}
			}
			n = node{list[step], n.path.Append(step)}
		}
	}
	return n
}

// keys gives a map's values in the order of their keys.
func (n node) keys() []node {
	m, _ := n.value.(map[string]any)
	out := make([]node, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, node{m[k], n.path.Append(k)})
	}
	return out
}

func (n node) items() []node {
	list, _ := n.value.([]any)
	out := make([]node, 0, len(list))
	for i, v := range list {
		out = append(out, node{v, n.path.Append(i)})
	}
	return out
}

// text is a scalar as text, and "" for what is none.
func (n node) text() string {
	switch v := n.value.(type) {
	case string:
		return v
	case int, float64, bool:
		return fmt.Sprint(v)
	}
	return ""
}
