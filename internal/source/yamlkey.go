package source

import "go.yaml.in/yaml/v3"

// KeySpan is the place of the key that a path ends with; false where no such key is written there, as far as its own map
// goes: what a merge key brings has none.
func (d *Document) KeySpan(path Path) (Span, bool) {
	l, ok := d.locator.(*yamlLocator)
	if !ok || len(path) == 0 {
		return Span{}, false
	}
	_, parent, _ := l.find(path[:len(path)-1])
	key, _ := childNode(parent, path[len(path)-1], maxDepth) // at that depth merge keys are not followed
	if key == nil {
		return Span{}, false
	}
	return l.nodeSpan(key, key.Column-1), true
}

// Own reports whether the value at a path, or the map or list that would hold it, is written there and there alone: no
// anchor lends it to others, no alias or merge key borrows it.
func (d *Document) Own(path Path) bool {
	l, ok := d.locator.(*yamlLocator)
	return ok && l.own(path)
}

func (l *yamlLocator) own(path Path) bool {
	node := l.root
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		node = node.Content[0]
	}
	for _, step := range path {
		if node.Kind == yaml.AliasNode || node.Anchor != "" {
			return false
		}
		_, next := childNode(node, step, maxDepth)
		if next == nil {
			return true
		}
		node = next
	}
	return node.Kind != yaml.AliasNode && node.Anchor == ""
}
