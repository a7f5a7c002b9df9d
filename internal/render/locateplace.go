package render

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

var (
	opens  = regexp.MustCompile(`\{\{-?\s*(?:if|with|range|define|block)\b`)
	closes = regexp.MustCompile(`\{\{-?\s*end\b`)
	// A comment or an action over several lines hides its lines from the output.
	leftOpen = regexp.MustCompile(`\{\{`)
	leftShut = regexp.MustCompile(`\}\}`)
)

// nesting is how many control actions a line opens less those that it closes. What stands inside an action counts too.
func nesting(line []byte) int {
	count := func(r *regexp.Regexp) int { return len(r.FindAllIndex(line, -1)) }
	return count(opens) - count(closes) + count(leftOpen) - count(leftShut)
}

// place is where a node stands in its file, as it would be in a file that is no template: a text or scalar where there is
// one, the key of a map or list, the first line of an item. Of a line that actions take part in, it is all.
func (p *page) place(f found, text, said string) source.Location {
	n := f.node
	if n.role == roleDocument {
		n = nameplate(n)
	}
	at := n.at
	if n.role == roleItem && n.value != "" {
		at = n.valueAt
	}
	own := p.sketch.pieceAt(at)
	index := source.NewText(own.file.Data)
	whole := index.LineSpan(index.Point(p.offset(at)).Line)
	line := lineOfFile{file: own.file, start: whole.Start.Offset, end: whole.End.Offset}
	start, end := line.start, line.end
	value, ok := p.inLine(n.valueAt, line)
	switch {
	case n.role == roleSplice:
	case n.isBlock || n.value == "":
		start, end = p.heading(n, line)
	case ok && text != "" && bytes.Contains(own.file.Data[value:end], []byte(text)):
		start = value + bytes.Index(own.file.Data[value:end], []byte(text))
		end = start + len(text)
	case ok && bytes.HasPrefix(own.file.Data[value:end], []byte(n.value)):
		start, end = value, value+len(n.value)
		if n.flow != nil && len(f.rest) > 0 {
			from, to := inFlow(n.value, said)
			start, end = value+from, value+to
		}
	}
	span := index.Span(start, end)
	span.Exact = false
	return source.Location{Path: own.file.Path, Span: span}
}

// lineOfFile is a line of a file by its offsets, without blanks around it.
type lineOfFile struct {
	file       *source.File
	start, end int
}

// heading is the range of a key, or of what follows the dash of an item.
func (p *page) heading(n *node, line lineOfFile) (start, end int) {
	if n.role == roleItem && len(n.children) > 0 {
		if first, ok := p.inLine(n.children[0].at, line); ok {
			return first, line.end
		}
	}
	if key, ok := p.inLine(n.at, line); ok && n.key != "" && bytes.HasPrefix(line.file.Data[key:line.end], []byte(n.key)) {
		return key, key + len(n.key)
	}
	return line.start, line.end
}

// inLine is where a byte of the sketch stands in its file, and whether that is in a line.
func (p *page) inLine(at int, line lineOfFile) (int, bool) {
	offset := p.offset(at)
	return offset, p.sketch.pieceAt(at).file == line.file && line.start <= offset && offset <= line.end
}

// nameplate is the line that tells what a document is.
func nameplate(doc *node) *node {
	for _, c := range doc.children {
		if c.key == "kind" {
			return c
		}
	}
	return doc.children[0]
}

// offset is where a byte of the sketch stands in its file.
func (p *page) offset(at int) int {
	own := p.sketch.pieceAt(at)
	if own.action {
		return own.offset
	}
	return own.offset + at - own.start
}

// inFlow is the range of a scalar in a flow list or map, its quotes included; all of it where the scalar is not found.
func inFlow(flow, said string) (start, end int) {
	for _, as := range []string{`"` + said + `"`, `'` + said + `'`, said} {
		if i := strings.Index(flow, as); said != "" && i >= 0 {
			return i, i + len(as)
		}
	}
	return 0, len(flow)
}

// includeNotes names the line of the template that brings a named template's text in.
func (p *page) includeNotes(n *node) []source.Note {
	from := p.sketch.pieceAt(n.at).from
	if from == nil {
		return nil
	}
	for from.up != nil {
		from = from.up
	}
	index := source.NewText(from.file.Data)
	at := source.Location{Path: from.file.Path, Span: index.LineSpan(index.Point(from.offset).Line)}
	return []source.Note{{Message: "the named template is included here", Location: at}}
}
