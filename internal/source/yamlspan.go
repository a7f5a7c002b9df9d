package source

import (
	"bytes"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// yamlLocator finds places by walking the nodes with a path: lazily, since few paths are ever asked for.
type yamlLocator struct {
	yaml      *YAML
	root      *yaml.Node
	firstLine int

	wide sync.Map // places of the keys of a wide map: *yaml.Node to map[string]int
}

// wideMap is how many keys a map has before an index of them is worth its room.
const wideMap = 64

// child is one step down, by an index in a wide map: to look through it for each of its keys takes the square of their number.
func (l *yamlLocator) child(n *yaml.Node, step any) (key, value *yaml.Node) {
	name, named := step.(string)
	if !named || n == nil || n.Kind != yaml.MappingNode || len(n.Content) <= 2*wideMap {
		return childNode(n, step, 0)
	}
	known, ok := l.wide.Load(n)
	if !ok {
		index := make(map[string]int, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 { // the last of duplicate keys wins
			if !isMerge(n.Content[i]) {
				index[keyText(n.Content[i])] = i
			}
		}
		known, _ = l.wide.LoadOrStore(n, index)
	}
	if i, ok := known.(map[string]int)[name]; ok {
		return n.Content[i], n.Content[i+1]
	}
	return mergedChild(n, name, 0)
}

// Locate implements Locator. A map's place is its key; a list item that is a map is its first line.
func (l *yamlLocator) Locate(path Path, text string) Trace {
	key, node, indent := l.find(path)
	span := l.placeOf(key, node, indent)
	if text != "" && node != nil && node.Kind == yaml.ScalarNode {
		scalar := l.nodeSpan(node, indent)
		raw := l.yaml.text.Data[scalar.Start.Offset:scalar.End.Offset]
		if i := bytes.Index(raw, []byte(text)); i >= 0 {
			start := scalar.Start.Offset + i
			span = l.yaml.text.Span(start, start+len(text))
		}
	}
	return Trace{Location: Location{Path: l.yaml.file.Path, Span: span}}
}

// find walks as far as the path leads: the key and the node it reached, and the indentation of the map or list around it.
func (l *yamlLocator) find(path Path) (key, node *yaml.Node, indent int) {
	node = follow(l.root)
	for _, step := range path {
		k, next := l.child(node, step)
		if next == nil {
			break
		}
		switch {
		case k != nil:
			indent = k.Column - 1
		case node.Style&yaml.FlowStyle == 0:
			indent = node.Column - 1
		}
		key, node = k, follow(next)
	}
	return key, node, indent
}

func (l *yamlLocator) placeOf(key, node *yaml.Node, indent int) Span {
	switch {
	case node == nil:
		return FileStart(l.yaml.file.Path).Span
	case node.Kind == yaml.ScalarNode && (node.Value != "" || node.Style&^yaml.TaggedStyle != 0):
		return l.nodeSpan(node, indent)
	case key != nil:
		return l.nodeSpan(key, indent)
	case node.Kind == yaml.ScalarNode:
		return l.nodeSpan(node, indent)
	default:
		return l.firstLineSpan(node)
	}
}

// extent is the range of a value with all in it: from the first key of a map to the end of its last value.
func (l *yamlLocator) extent(path Path) (Span, bool) {
	node, indent := follow(l.root), 0
	for _, step := range path {
		key, next := l.child(node, step)
		if next == nil {
			return Span{}, false
		}
		if key != nil {
			indent = key.Column - 1
		}
		node = follow(next)
	}
	start := l.offset(node)
	return l.yaml.text.Span(start, max(start, l.end(node, indent))), true
}

// end is where the last value in a node ends; indent is the indentation of the map or list that holds the node.
func (l *yamlLocator) end(node *yaml.Node, indent int) int {
	switch {
	case node.Kind == yaml.ScalarNode:
		return l.nodeSpan(node, indent).End.Offset
	case len(node.Content) == 0 || node.Style&yaml.FlowStyle != 0:
		end := l.offset(node)
		for end < len(l.yaml.text.Data) && l.yaml.text.Data[end] != '\n' {
			end++
		}
		return end
	}
	end := 0
	for _, inner := range node.Content {
		end = max(end, l.end(follow(inner), node.Column-1))
	}
	return end
}

func (l *yamlLocator) firstLineSpan(n *yaml.Node) Span {
	start := l.offset(n)
	end := start
	if i := bytes.IndexByte(l.yaml.text.Data[start:], '\n'); i >= 0 {
		end += i
	} else {
		end = len(l.yaml.text.Data)
	}
	return l.yaml.text.Span(start, start+len(bytes.TrimRight(l.yaml.text.Data[start:end], " \t\r")))
}

func follow(n *yaml.Node) *yaml.Node {
	for n != nil {
		switch {
		case n.Kind == yaml.AliasNode:
			n = n.Alias
		case n.Kind == yaml.DocumentNode && len(n.Content) > 0:
			n = n.Content[0]
		default:
			return n
		}
	}
	return nil
}

// childNode is one step down: the key node (nil in a list) and the value node, through merge keys.
func childNode(n *yaml.Node, step any, depth int) (key, value *yaml.Node) {
	if n == nil || depth > maxDepth {
		return nil, nil
	}
	switch s := step.(type) {
	case int:
		if n.Kind == yaml.SequenceNode && s >= 0 && s < len(n.Content) {
			return nil, n.Content[s]
		}
	case string:
		if n.Kind != yaml.MappingNode {
			return nil, nil
		}
		for i := len(n.Content) - 2; i >= 0; i -= 2 { // the last of duplicate keys wins
			if k := n.Content[i]; !isMerge(k) && keyText(k) == s {
				return k, n.Content[i+1]
			}
		}
		return mergedChild(n, s, depth)
	}
	return nil, nil
}

func mergedChild(n *yaml.Node, name string, depth int) (key, value *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !isMerge(n.Content[i]) {
			continue
		}
		sources := []*yaml.Node{n.Content[i+1]}
		if sources[0].Kind == yaml.SequenceNode {
			sources = sources[0].Content
		}
		for _, src := range sources {
			if k, v := childNode(follow(src), name, depth+1); v != nil {
				return k, v
			}
		}
	}
	return nil, nil
}

func (l *yamlLocator) offset(n *yaml.Node) int {
	if n.Line == 0 {
		return l.yaml.LineOffset(l.firstLine)
	}
	start := l.yaml.LineOffset(l.firstLine + n.Line - 1)
	if start == 0 && bytes.HasPrefix(l.yaml.text.Data, []byte("\ufeff")) {
		start = len("\ufeff") // the reader does not count the byte order mark as a column
	}
	return runeOffset(l.yaml.text.Data, start, n.Column)
}

// nodeSpan covers a scalar's source: quotes and block indicators included. For a map or list it is its start.
// Parent is the indentation of the map or list that holds the node.
func (l *yamlLocator) nodeSpan(n *yaml.Node, parent int) Span {
	start := l.offset(n)
	if n.Kind != yaml.ScalarNode {
		return l.yaml.text.Span(start, start)
	}
	data := l.yaml.text.Data
	start = skipProperties(data, start, n)
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return l.yaml.text.Span(start, blockEnd(data, start, parent))
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return l.yaml.text.Span(start, doubleQuotedEnd(data, start))
	case n.Style&yaml.SingleQuotedStyle != 0:
		return l.yaml.text.Span(start, singleQuotedEnd(data, start))
	default:
		return l.yaml.text.Span(start, plainEnd(data, start, n.Value))
	}
}

// skipProperties moves over an anchor or tag that stands before a scalar.
func skipProperties(data []byte, at int, n *yaml.Node) int {
	if n.Anchor == "" && n.Style&yaml.TaggedStyle == 0 {
		return at
	}
	for at < len(data) && (data[at] == '&' || data[at] == '!') {
		for at < len(data) && !isSpace(data[at]) {
			at++
		}
		for at < len(data) && isSpace(data[at]) {
			at++
		}
	}
	return at
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func doubleQuotedEnd(data []byte, start int) int {
	for i := start + 1; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(data)
}

func singleQuotedEnd(data []byte, start int) int {
	for i := start + 1; i < len(data); i++ {
		if data[i] != '\'' {
			continue
		}
		if i+1 < len(data) && data[i+1] == '\'' {
			i++
			continue
		}
		return i + 1
	}
	return len(data)
}

// plainEnd matches the value against the text; a line fold in the text stands for a space or line feeds of the value.
func plainEnd(data []byte, start int, value string) int {
	if bytes.HasPrefix(data[start:], []byte(value)) {
		return start + len(value)
	}
	at := start
	for word := range strings.FieldsSeq(value) {
		for at < len(data) && isSpace(data[at]) {
			at++
		}
		if !bytes.HasPrefix(data[at:], []byte(word)) {
			return at
		}
		at += len(word)
	}
	return at
}

// blockEnd is the end of a literal or folded scalar whose "|" or ">" is at start: after its last line with text.
func blockEnd(data []byte, start, parent int) int {
	header, rest, found := bytes.Cut(data[start:], []byte{'\n'})
	end := start + len(bytes.TrimRight(header, " \t\r"))
	if !found {
		return end
	}
	at := start + len(header) + 1
	indent := explicitIndent(header, parent)
	for len(rest) > 0 {
		line, tail, _ := bytes.Cut(rest, []byte{'\n'})
		body := bytes.TrimLeft(line, " ")
		width := len(line) - len(body)
		if text := bytes.TrimRight(body, " \t\r"); len(text) > 0 {
			if indent < 0 {
				indent = max(width, parent+1)
			}
			if width < indent {
				break
			}
			end = at + width + len(text)
		}
		at += len(line) + 1
		rest = tail
	}
	return end
}

// explicitIndent reads the digit of a block header such as "|2-", or gives -1.
func explicitIndent(header []byte, parent int) int {
	for _, c := range header {
		if c == '#' {
			break
		}
		if c >= '1' && c <= '9' {
			return parent + int(c-'0')
		}
	}
	return -1
}
