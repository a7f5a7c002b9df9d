package source

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// PathAt gives the path of the scalar or the key that begins at a 1-based line and column of the file, both as YAML
// readers count them: lines also end at "\r" and at the Unicode line breaks, columns are runes. It knows only documents
// that are the text of their file, and of a value that an alias repeats only the place where it is written out.
func (d *Document) PathAt(line, column int) (Path, bool) {
	l, ok := d.locator.(*yamlLocator)
	if !ok {
		return nil, false
	}
	return pathAt(l.root, mark{line - l.firstLine + 1, column}, nil, 0)
}

// StartsAfter reports whether a document begins after a 1-based line of its file, as YAML readers count lines.
func (d *Document) StartsAfter(line int) bool {
	l, ok := d.locator.(*yamlLocator)
	return ok && l.firstLine > line
}

// mark is a place as a node tells it.
type mark struct{ line, column int }

func markOf(n *yaml.Node) mark { return mark{n.Line, n.Column} }

func (m mark) after(other mark) bool {
	return m.line > other.line || (m.line == other.line && m.column > other.column)
}

// pathAt descends to the last child that begins before the place or at it: nodes stand in the order of the text.
func pathAt(n *yaml.Node, at mark, path Path, depth int) (Path, bool) {
	if depth > maxDepth {
		return nil, false
	}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) > 0 {
			return pathAt(n.Content[0], at, path, depth+1)
		}
	case yaml.ScalarNode:
		return path, markOf(n) == at
	case yaml.SequenceNode:
		for i, item := range slices.Backward(n.Content) {
			if !markOf(item).after(at) {
				return pathAt(item, at, path.Append(i), depth+1)
			}
		}
	case yaml.MappingNode:
		return pathInMap(n, at, path, depth)
	}
	return nil, false
}

func pathInMap(n *yaml.Node, at mark, path Path, depth int) (Path, bool) {
	for i := len(n.Content) - 2; i >= 0; i -= 2 {
		key := n.Content[i]
		switch {
		case markOf(key).after(at):
		case isMerge(key):
			return pathAt(n.Content[i+1], at, path, depth+1)
		case markOf(key) == at:
			return path.Append(keyText(key)), true
		default:
			return pathAt(n.Content[i+1], at, path.Append(keyText(key)), depth+1)
		}
	}
	return nil, false
}

// LineCount is how many lines a text has as YAML readers count them; what follows the last line end is one, even if it
// is empty.
func LineCount(data []byte) int { return len(yamlBreaks(data)) }
