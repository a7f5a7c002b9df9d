package render

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// The library keeps the line that a value was read at through all that it does to it, save where it writes the value
// anew. So the documents that it reads are moved down by empty lines, each to lines of its own: the line of a value in
// what was built then tells the document, and the line in it.

// origin is one document that the library reads, and where it puts its lines.
type origin struct {
	File  string      // in the repository: a resource, a patch, a kustomization that holds a patch; "" for a chart's text
	At    source.Path // of the patch's text in the kustomization; nil for a file
	Chart int         // 1-based index of the chart in reply.Charts whose text this is; 0 for none
	Text  int         // 0-based index of that text in the chart's reply
	First int         // 1-based line of the text at which the document begins, as YAML readers count lines
	Lines int         // of the document
	Pad   int         // empty lines before it, so that its first line is Pad+1 to the library
	Patch bool
}

// input is one text that the library reads, cut into documents.
type input struct {
	name  string // as the overlay knows it
	parts []part
}

// part is the text of one document with the line that separates it from the next.
type part struct {
	start, end int
	origin     int // index in the origins
}

// pads knows the texts that are moved.
type pads struct {
	origins []origin
	inputs  map[string]*input
	texts   map[string][]byte // what is moved, by name
	bytes   int               // of all texts
}

// add takes a text. What is at another place than the template of its origin is filled in.
func (p *pads) add(name string, data []byte, as origin) {
	if p.inputs == nil {
		p.inputs = map[string]*input{}
	}
	if p.inputs[name] != nil {
		return
	}
	in := &input{name: name}
	p.inputs[name], p.texts[name] = in, data
	p.bytes += len(data)
	lines := 1
	for start := 0; start < len(data); {
		end := documentEnd(data, start)
		as.First, as.Lines = lines, source.LineCount(data[start:end])
		in.parts = append(in.parts, part{start: start, end: end, origin: len(p.origins)})
		p.origins = append(p.origins, as)
		lines += as.Lines - 1
		start = end
	}
}

// documentEnd is where the document that begins at start ends, as the library cuts a stream: after the next line that
// begins with three dashes.
func documentEnd(data []byte, start int) int {
	i := bytes.Index(data[start:], []byte("\n---"))
	if i < 0 {
		return len(data)
	}
	at := start + i + 1
	end := bytes.IndexByte(data[at:], '\n')
	if end < 0 {
		return len(data)
	}
	return at + end + 1
}

// plan gives each document its lines, the shortest first, so that little has to be added: the sum of the lines above
// each. From is the first line to use. Documents that would take more than their share keep their own lines.
func (p *pads) plan(from int) {
	const least = 1 << 20 // bytes of empty lines that are always worth it
	order := make([]int, len(p.origins))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p.origins[a].Lines, p.origins[b].Lines) })
	next, left := from, max(least, p.bytes)
	for _, i := range order {
		o := &p.origins[i]
		if left -= next; left < 0 {
			o.Pad = 0
			continue
		}
		o.Pad = next
		next += o.Lines + 1
	}
}

// pad is a text with its documents moved. It reports whether it knows the text.
func (p *pads) pad(name string) ([]byte, bool) {
	if p == nil || p.inputs[name] == nil {
		return nil, false
	}
	in, data := p.inputs[name], p.texts[name]
	size := len(data)
	for _, part := range in.parts {
		size += p.origins[part.origin].Pad
	}
	out := make([]byte, 0, size)
	for _, part := range in.parts {
		text := data[part.start:part.end]
		head := preambleEnd(text)
		out = append(out, text[:head]...)
		for range p.origins[part.origin].Pad {
			out = append(out, '\n')
		}
		out = append(out, text[head:]...)
	}
	return out, true
}

// preambleEnd is what has to stay first in a text: a byte order mark, and a line of three dashes, which after an empty
// line would end a document.
func preambleEnd(text []byte) int {
	at := 0
	if bytes.HasPrefix(text, []byte("\ufeff")) {
		at = len("\ufeff")
	}
	if bytes.HasPrefix(text[at:], []byte("---")) {
		if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
			return at + i + 1
		}
		return len(text)
	}
	return at
}

// find gives the index of the document that a line of the library belongs to, and the line in the document's text.
func find(origins []origin, line int) (index, at int) {
	for i, o := range origins { // few, and only for places that are asked for
		if o.Pad > 0 && line > o.Pad && line <= o.Pad+o.Lines {
			return i, o.First + line - o.Pad - 1
		}
	}
	return -1, 0
}

// unmoved is how many lines are left to objects that the library writes anew, and so gives lines of its own.
const unmoved = 200

// first is the last line that no document was moved to.
func (s *scan) first() int {
	if s.loose {
		return unmoved
	}
	return 1
}

// movable is a text that is moved.
type movable struct {
	name  string // as the overlay knows it
	data  []byte
	short []byte // the same with marks for schemas, nil for as it is
	as    origin
}

// text is what the library is to read.
func (m movable) text(short bool) []byte {
	if short && m.short != nil {
		return m.short
	}
	return m.data
}

// move decides where the documents go that the library is to read, with or without the schemas in them.
func (s *scan) move(short bool) *pads {
	p := &pads{texts: map[string][]byte{}}
	for _, m := range s.moved {
		if !s.asis[m.name] {
			p.add(m.name, m.text(short), m.as)
		}
	}
	p.plan(s.first())
	s.pads = p
	return p
}

// shortens reports whether schemas are kept from the library.
func (s *scan) shortens() bool {
	return !s.deep && slices.ContainsFunc(s.moved, func(m movable) bool { return m.short != nil && !s.asis[m.name] })
}
