package source

import "go.yaml.in/yaml/v3"

const maxDuplicates = 100

// duplicates finds the keys that stand twice in a map. What an alias repeats is found where it is written out.
func duplicates(n *yaml.Node, path Path, found []Path, depth int) []Path {
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
		seen := map[string]int{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if isMerge(n.Content[i]) {
				continue
			}
			key := path.Append(keyText(n.Content[i]))
			if seen[keyText(n.Content[i])]++; seen[keyText(n.Content[i])] == 2 {
				found = append(found, key)
			}
			found = duplicates(n.Content[i+1], key, found, depth+1)
		}
	}
	return found
}
