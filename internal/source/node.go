package source

import (
	"maps"
	"slices"
)

// Node is a value inside a plain document and the path to it, to walk the document without asking at each step whether
// anything is there: what isn't has a nil Value.
type Node struct {
	Value any
	Path  Path
}

// Key is the value under a map's key.
func (n Node) Key(name string) Node {
	m, _ := n.Value.(map[string]any)
	return Node{m[name], n.Path.Append(name)}
}

// Keys are a map's values in the order of their keys; none for what is no map.
func (n Node) Keys() []Node {
	m, _ := n.Value.(map[string]any)
	out := make([]Node, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, Node{m[k], n.Path.Append(k)})
	}
	return out
}

// Items are a list's values; none for what is no list.
func (n Node) Items() []Node {
	list, _ := n.Value.([]any)
	out := make([]Node, 0, len(list))
	for i, v := range list {
		out = append(out, Node{v, n.Path.Append(i)})
	}
	return out
}

// Text is the value if it is a string, else "".
func (n Node) Text() string {
	s, _ := n.Value.(string)
	return s
}
