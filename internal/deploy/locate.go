package deploy

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Locator tells where in the layer's file the parts of its values stand, by their path in these values. Of parameters it
// is the value that sets the path, or a part of it. The file is parsed once, here.
func (l Layer) Locator(file *source.File) source.Locator { return new(Reader).Locator(l, file) }

// Reader parses the files of layers once for all layers that stand in them. It is safe for concurrent use.
type Reader struct {
	mu     sync.Mutex
	parsed map[parsedFile][]*source.Document
}

// parsedFile is a file as it stands, or with its placeholders masked.
type parsedFile struct {
	path   string
	masked bool
}

// Locator is that of a layer, in the file that it names.
func (r *Reader) Locator(l Layer, file *source.File) source.Locator {
	nowhere := fixed(source.FileStart(l.File))
	if l.Form == Contents || len(l.At) == 0 && l.Form == Parameter {
		return nowhere
	}
	docs := r.documents(l, file)
	if l.Doc >= len(docs) {
		return nowhere
	}
	doc := docs[l.Doc]
	switch l.Form {
	case Map:
		return below{doc, l.At}
	case Text:
		if encoded, ok := parse.Encoded(doc, l.At); ok {
			return encoded
		}
		inner, _ := parse.Embedded(doc, l.At, source.ChartFile)
		if len(inner) == 0 {
			return fixed(doc.Locate(l.At, "").Location)
		}
		return inner[0]
	case Parameter:
		return scalar{doc, l.At}
	default:
		settings, _ := l.settings(l.masked(file).Data)
		return parameters{doc, l.At, settings}
	}
}

func (r *Reader) documents(l Layer, file *source.File) []*source.Document {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := parsedFile{path: file.Path, masked: l.Template}
	docs, known := r.parsed[key]
	if known && len(l.Fill) == 0 {
		return docs
	}
	docs = documentsOf(l.masked(file), source.ChartFile)
	if len(l.Fill) == 0 {
		if r.parsed == nil {
			r.parsed = map[parsedFile][]*source.Document{}
		}
		r.parsed[key] = docs
	}
	return docs
}

// masked writes placeholders in letters, as many as they take, so that braces do not stand in the way of parsing and every
// place stays what it was.
func (l Layer) masked(file *source.File) *source.File {
	if len(l.Fill) == 0 && !l.Template || isTerraform(file.Path) {
		return file
	}
	data := file.Data
	if a, ok := readActions(data); l.Template && ok {
		data = a.plain
	}
	for _, f := range l.Fill {
		data = bytes.ReplaceAll(data, []byte(f.Placeholder), []byte(strings.Repeat("x", len(f.Placeholder))))
	}
	return &source.File{Path: file.Path, Kind: file.Kind, Data: data}
}

// fixed is the place of everything, and not exact.
type fixed source.Location

// Locate implements source.Locator.
func (f fixed) Locate(source.Path, string) source.Trace {
	f.Span.Exact = false
	return source.Trace{Location: source.Location(f)}
}

// below are the places under a path of a document.
type below struct {
	doc *source.Document
	at  source.Path
}

// Locate implements source.Locator.
func (b below) Locate(path source.Path, text string) source.Trace {
	return b.doc.Locate(b.at.Append(path...), text)
}

// scalar is the one place of a value that a parameter sets.
type scalar struct {
	doc *source.Document
	at  source.Path
}

// Locate implements source.Locator.
func (s scalar) Locate(_ source.Path, text string) source.Trace { return s.doc.Locate(s.at, text) }

// parameters are the places of a list of parameters.
type parameters struct {
	doc      *source.Document
	at       source.Path
	settings []setting // in the order in which they are applied
}

// Locate implements source.Locator.
func (p parameters) Locate(path source.Path, text string) source.Trace {
	for _, s := range slices.Backward(p.settings) {
		if at, ok := keyPath(s.key); ok && (begins(path, at) || begins(at, path)) {
			return p.doc.Locate(s.at, text)
		}
	}
	return fixed(p.doc.Locate(p.at, "").Location).Locate(path, text)
}

// begins reports whether a path begins with another.
func begins(path, with source.Path) bool {
	if len(path) < len(with) {
		return false
	}
	for i, step := range with {
		if path[i] != step {
			return false
		}
	}
	return true
}
