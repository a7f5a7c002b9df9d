package source

import "go.yaml.in/yaml/v3"

// KeySpan is the place of the key that a path ends with; false where no such key is written there, as far as its own map
// goes: what a merge key brings has none.
func (d *Document) KeySpan(path Path) (Span, bool) {
	if l, ok := d.locator.(*yamlLocator); ok {
		return l.keySpan(path, false)
	}
	return Span{}, false
}

// FirstKeySpan is that of a key which stands twice where it stands first; see KeySpan, which gives the last.
func (d *Document) FirstKeySpan(path Path) (Span, bool) {
	if l, ok := d.locator.(*yamlLocator); ok {
		return l.keySpan(path, true)
	}
	return Span{}, false
}

// KeyLocator is a Locator that also tells the places of keys.
type KeyLocator interface {
	Locator
	// LocateKey gives the place of the key that a path ends with, of one that stands twice the last or the first. Where no
	// key is known there it gives what Locate does.
	LocateKey(path Path, first bool) Trace
}

// LocateKey implements KeyLocator.
func (d *Document) LocateKey(path Path, first bool) Trace {
	if l, ok := d.locator.(KeyLocator); ok {
		return l.LocateKey(path, first)
	}
	return d.Locate(path, "")
}

// LocateKey implements KeyLocator.
func (l *yamlLocator) LocateKey(path Path, first bool) Trace {
	if span, ok := l.keySpan(path, first); ok {
		return Trace{Location: Location{Path: l.yaml.file.Path, Span: span}}
	}
	return l.Locate(path, "")
}

func (l *yamlLocator) keySpan(path Path, first bool) (Span, bool) {
	if len(path) == 0 {
		return Span{}, false
	}
	step := path[len(path)-1]
	_, parent, _ := l.find(path[:len(path)-1])
	key, _ := childNode(parent, step, maxDepth) // at that depth merge keys are not followed
	if key == nil {
		return Span{}, false
	}
	for i := 0; first && i+1 < len(parent.Content); i += 2 {
		if k := parent.Content[i]; !isMerge(k) && keyText(k) == step {
			key, first = k, false
		}
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
