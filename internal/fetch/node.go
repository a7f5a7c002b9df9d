package fetch

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// keyOf gives a map's value by its key, whatever the case: names in expressions have none.
func keyOf(n source.Node, name string) source.Node {
	m, _ := n.Value.(map[string]any)
	if _, found := m[name]; found {
		return n.Key(name)
	}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if strings.EqualFold(k, name) {
			return n.Key(k)
		}
	}
	return n.Key(name)
}

// nodeAt follows a path.
func nodeAt(n source.Node, path source.Path) source.Node {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			n = keyOf(n, step)
		case int:
			list, _ := n.Value.([]any)
			if step < 0 || step >= len(list) {
				return source.Node{}
			}
			n = source.Node{Value: list[step], Path: n.Path.Append(step)}
		}
	}
	return n
}

// textOf is a scalar as text, and "" for what is none.
func textOf(n source.Node) string {
	switch v := n.Value.(type) {
	case string:
		return v
	case int, float64, bool:
		return fmt.Sprint(v)
	}
	return ""
}
