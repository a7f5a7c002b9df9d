package source

import "go.yaml.in/yaml/v3"

const maxDuplicates = 100

// Duplicate is a key that stands twice in a map, or more often.
type Duplicate struct {
	Path  Path `json:"path"`
	Equal bool `json:"equal"` // it has the same value each time, as far as the text tells
}

// duplicates finds the keys that stand twice in a map. What an alias repeats is found where it is written out.
func duplicates(n *yaml.Node, path Path, found []Duplicate, depth int) []Duplicate {
	if depth > maxDepth || len(found) >= maxDuplicates {
		return found
	}
	switch n.Kind {
	case yaml.DocumentNode:
		for _, inner := range n.Content {
			found = duplicates(inner, path, found, depth+1)
		}
	case yaml.SequenceNode:
		for i, item := range n.Content {
			found = duplicates(item, path.Append(i), found, depth+1)
		}
	case yaml.MappingNode:
		found = repeated(n, path, found)
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !isMerge(n.Content[i]) {
				found = duplicates(n.Content[i+1], path.Append(keyText(n.Content[i])), found, depth+1)
			}
		}
	}
	return found
}

// repeated finds the keys of one map that stand twice in it.
func repeated(n *yaml.Node, path Path, found []Duplicate) []Duplicate {
	values, at := map[string]*yaml.Node{}, map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if isMerge(n.Content[i]) {
			continue
		}
		key, value := keyText(n.Content[i]), n.Content[i+1]
		before, known := values[key]
		if !known {
			values[key] = value
			continue
		}
		if _, told := at[key]; !told {
			at[key], found = len(found), append(found, Duplicate{Path: path.Append(key), Equal: true})
		}
		d := &found[at[key]]
		d.Equal = d.Equal && sameNode(before, value, 0)
	}
	return found
}

// sameNode reports whether two nodes are written alike but for their quotes and layout.
func sameNode(a, b *yaml.Node, depth int) bool {
	if depth > maxDepth || a.Kind != b.Kind || a.Tag != b.Tag || a.Value != b.Value || len(a.Content) != len(b.Content) {
		return false
	}
	for i := range a.Content {
		if !sameNode(a.Content[i], b.Content[i], depth+1) {
			return false
		}
	}
	return true
}
