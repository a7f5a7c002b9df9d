package render

import (
	"bytes"
	"sync"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// page is what one template wrote with one set of values. Its documents share what is found out about it, which is done
// when the first place is asked for.
type page struct {
	drafts   *drafts
	unit     Unit
	variant  Variant
	text     text
	template *source.File
	docs     []*source.Document // with places in text

	once   sync.Once
	lines  *source.Text   // of the text
	counts map[string]int // how often each line stands in the text
	sketch *sketch
	wrote  []*node // of each document, the part of the sketch that wrote it; nil where none is known

	mu    sync.Mutex
	items map[listAt][]*node
}

// listAt is a list of the sketch as a rendered list.
type listAt struct {
	list *node
	path string
	doc  int
}

func (p *page) read() {
	p.lines, p.counts = source.NewText([]byte(p.text.Data)), map[string]int{}
	for n := 1; n <= p.lines.Lines(); n++ {
		p.counts[string(p.lines.Line(n))]++
	}
	p.items, p.wrote = map[listAt][]*node{}, make([]*node, len(p.docs))
	p.sketch = newSketch(p.drafts.template(p.template), p.drafts.defined(p.unit, p.template))
	parts := outline(p.sketch)
	values := make([]any, len(p.docs))
	for i, doc := range p.docs {
		values[i] = doc.Value
	}
	for i, part := range align(parts, values, nil, documentDepth) {
		p.wrote[i] = parts[part]
	}
}

// templateLocator finds the line of a template that a rendered value was written by.
type templateLocator struct {
	*page
	doc int // index in docs
}

// Locate implements source.Locator. A place is exact when it is proved: see proved.
func (l *templateLocator) Locate(path source.Path, text string) source.Trace {
	l.once.Do(l.read)
	rendered := l.docs[l.doc]
	if at, ok := l.proved(rendered.Locate(path, text).Span); ok {
		return source.Trace{Location: at}
	}
	found := l.find(path)
	if found.node == nil {
		return source.Trace{Location: source.FileStart(l.template.Path)}
	}
	value, _ := path.Get(rendered.Value)
	at := l.place(found, text, scalarText(value))
	trace := source.Trace{Location: at}
	for _, n := range append(l.includeNotes(found.node), l.valueNotes(found, value)...) {
		trace.Steps = append(trace.Steps, source.Step{Note: n})
	}
	return trace
}

// proved finds a line that the template writes as it stands. A text outside of all control actions is written exactly
// once, so when the output holds such a line once, that line wrote it.
func (l *templateLocator) proved(span source.Span) (source.Location, bool) {
	if !span.Exact || span.Start.Line != span.End.Line {
		return source.Location{}, false
	}
	line := l.lines.Line(span.Start.Line)
	if l.counts[string(line)] != 1 || bytes.Contains(line, []byte("{{")) {
		return source.Location{}, false
	}
	number, depth := 0, 0
	index := source.NewText(l.template.Data)
	for n := 1; n <= index.Lines(); n++ {
		raw := index.Line(n)
		if depth == 0 && bytes.Equal(raw, line) {
			if number > 0 {
				return source.Location{}, false
			}
			number = n
		}
		if depth += nesting(raw); depth < 0 {
			return source.Location{}, false // the actions of this template are beyond this reading
		}
	}
	if number == 0 || depth != 0 {
		return source.Location{}, false
	}
	start := index.LineSpan(number).Start
	from := start.Offset - (start.Column - 1)
	return source.Location{
		Path: l.template.Path, Span: index.Span(from+span.Start.Column-1, from+span.End.Column-1),
	}, true
}

// found is where a path leads in a sketch: a node, and what of the path is left when that node writes a value whole.
type found struct {
	node *node
	rest source.Path
}

// How deep values are compared to tell documents, and the parts of one, from each other.
const (
	documentDepth = 5
	partDepth     = 4
)

// find follows a path as far as the sketch does.
func (l *templateLocator) find(path source.Path) found {
	n, value := l.wrote[l.doc], l.docs[l.doc].Value
	if n == nil {
		return found{}
	}
	for i, step := range path {
		next, ok := source.Path{step}.Get(value)
		if !ok {
			return found{node: n} // it is missing from what stands here
		}
		rest := path[i:]
		var child *node
		if index, isIndex := step.(int); isIndex {
			child, rest = l.item(n, path[:i], index, path[i+1:])
		} else {
			child = l.key(n, step.(string), next, rest)
		}
		switch {
		case child == nil:
			return found{node: n, rest: path[i:]}
		case child.role == roleSplice:
			return found{node: child, rest: rest}
		}
		n, value = child, next
	}
	return found{node: n}
}

// key is the child that writes a key's value: one that says so, else an action that may.
func (l *templateLocator) key(n *node, key string, value any, rest source.Path) *node {
	var best, splice *node
	most := 0
	for _, c := range n.children {
		switch {
		case c.role == roleSplice:
			if splice == nil || !l.supplies(splice, rest) && l.supplies(c, rest) {
				splice = c
			}
		case c.role == roleKey && (c.key == key || fits(c.key, key) > otherText):
			points := likeness(c, value, partDepth)
			if c.key == key {
				points += sameText
			}
			if best == nil || points > most {
				best, most = c, points
			}
		}
	}
	if best == nil || splice != nil && most <= sameText+otherText {
		return splice
	}
	return best
}

// item is the child that writes an item of a list, and the rest of the path from there: of a list that an action writes,
// the index counts from that action's first item.
func (l *templateLocator) item(n *node, at source.Path, index int, below source.Path) (*node, source.Path) {
	list, _ := at.Get(l.docs[l.doc].Value)
	values, _ := list.([]any)
	wrote := l.aligned(n, at, values)
	if len(wrote) <= index {
		return nil, nil
	}
	first := index
	for first > 0 && wrote[first-1] == wrote[index] {
		first--
	}
	return wrote[index], append(source.Path{index - first}, below...)
}

// aligned are the children that wrote the items of a rendered list; it is worked out once.
func (l *templateLocator) aligned(n *node, at source.Path, values []any) []*node {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := listAt{list: n, path: at.String(), doc: l.doc}
	if known, ok := l.items[key]; ok {
		return known
	}
	var items, out []*node
	for _, c := range n.children {
		if c.role != roleKey {
			items = append(items, c)
		}
	}
	for _, i := range align(items, values, n.block, partDepth) {
		out = append(out, items[i])
	}
	l.items[key] = out
	return out
}
