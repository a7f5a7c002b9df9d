package parse

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Limits of one YAML file. Every value costs some two hundred bytes, however short its text, so the size of the file
// alone does not bound the memory.
const (
	maxMarks     = 4_000_000 // bytes that can begin a value: brackets, commas, colons, dashes, line ends
	maxDocuments = 20_000
)

// YAML parses a stream of YAML or JSON documents. Each document is read on its own, so that one that is broken does not
// hide the others. Empty documents are left out. The dialect says how plain scalars such as "yes" are read.
func YAML(file *source.File, kind source.Kind, dialect source.Dialect) ([]*source.Document, []*source.SyntaxError) {
	return read(file, &stream{kind: kind, dialect: dialect})
}

// read fills a stream, of which the kind, the dialect and what amends the nodes are known, with the parts of a file.
func read(file *source.File, s *stream) ([]*source.Document, []*source.SyntaxError) {
	if err := refusal(file); err != nil {
		return nil, []*source.SyntaxError{err}
	}
	if marks(file.Data) > maxMarks {
		return nil, []*source.SyntaxError{atStart(file, fmt.Sprintf("the file holds more than %d values", maxMarks))}
	}
	parts := split(file.Data)
	if len(parts) > maxDocuments {
		return nil, []*source.SyntaxError{atStart(file, fmt.Sprintf("the file holds more than %d documents", maxDocuments))}
	}
	s.yaml = source.NewYAML(file)
	for _, part := range parts {
		s.part(part)
	}
	return s.docs, s.errs
}

// marks counts the bytes that can begin a value.
func marks(data []byte) int {
	n := 0
	for _, c := range []byte("\n\r,:[{-") {
		n += bytes.Count(data, []byte{c})
	}
	return n
}

// span is a half-open range of a file's bytes.
type span struct{ start, end int }

// split cuts a stream before each line that begins a document and after each that ends one. Directives and comments
// stay with the document that they stand before. A marker cannot be part of a value: YAML forbids it even in quoted
// and block scalars.
func split(data []byte) []span {
	var parts []span
	start, filled := 0, false // filled: the part being read holds more than directives and comments
	for at := 0; at < len(data); {
		end := len(data)
		if i := bytes.IndexByte(data[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		line := data[at:end]
		switch {
		case isMarker(line, "---"):
			if filled {
				parts = append(parts, span{start, at})
				start = at
			}
			filled = true
		case isMarker(line, "..."):
			parts = append(parts, span{start, end})
			start, filled = end, false
		case !filled:
			filled = !isPreamble(line)
		}
		at = end
	}
	if filled {
		parts = append(parts, span{start, len(data)})
	}
	return parts
}

func isMarker(line []byte, marker string) bool {
	if !bytes.HasPrefix(line, []byte(marker)) {
		return false
	}
	rest := line[len(marker):]
	return len(rest) == 0 || bytes.IndexByte([]byte(" \t\r\n"), rest[0]) >= 0
}

// isPreamble reports whether a line before a document's marker is blank, a comment or a directive.
func isPreamble(line []byte) bool {
	line = bytes.TrimPrefix(line, []byte("\ufeff"))
	if len(line) > 0 && line[0] == '%' {
		return true
	}
	line = bytes.TrimLeft(line, " \t\r\n")
	return len(line) == 0 || line[0] == '#'
}

// stream collects what the parts of one file give.
type stream struct {
	yaml    *source.YAML
	kind    source.Kind
	dialect source.Dialect
	amend   func(*yaml.Node) // changes the nodes before they are made values; nil for YAML as it stands
	docs    []*source.Document
	errs    []*source.SyntaxError
}

// part reads the documents of one part: one, save where only the YAML reader sees a line end before a marker.
func (s *stream) part(p span) {
	first := s.yaml.LineAt(p.start)
	text := hideVersion(s.yaml.Text().Data[p.start:p.end])
	plain, slashes := text, false
	if s.dialect == source.YAML12 {
		text, slashes = coverSlashes(text)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		root, err := decode(decoder)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil && json.Valid(plain) {
			s.json(plain, first)
			return
		}
		if err != nil {
			s.fail(s.syntaxError(err, text, first), text)
			return
		}
		if slashes {
			uncoverSlashes(root)
		}
		if !s.document(root, text, first) {
			return
		}
	}
}

// fail records an error. Braces in the text of anything but a workflow, where they are expressions, tell that some other
// tool is meant to fill it in first. Marks that may as well be text count only where the error is, or right before.
func (s *stream) fail(err *source.SyntaxError, text []byte) {
	here := s.yaml.Text().Line(err.Span.Start.Line)
	before := s.yaml.Text().Line(err.Span.Start.Line - 1)
	templated := looksTemplated(text) || templateMark.Match(here) || templateMark.Match(before)
	if templated && s.kind != source.Workflow && s.kind != source.Action {
		err.Message += "; " + templateHint
	}
	s.errs = append(s.errs, err)
}

// hideVersion makes a comment of the directive "%YAML 1.2", which the library refuses though it reads such documents.
func hideVersion(text []byte) []byte {
	at := bytes.Index(text, []byte("%YAML 1.2"))
	if at < 0 || (at > 0 && text[at-1] != '\n') || bytes.Contains(text[:at], []byte("\n---")) {
		return text
	}
	text = bytes.Clone(text)
	text[at] = '#'
	return text
}

// document adds what the nodes say, and reports whether it could be read.
func (s *stream) document(root *yaml.Node, text []byte, first int) bool {
	if s.amend != nil {
		s.amend(root)
	}
	doc, failed := s.yaml.Document(root, first, s.kind, s.dialect)
	switch {
	case failed != nil:
		s.fail(failed, text)
	case doc.Value != nil:
		s.docs = append(s.docs, doc)
	}
	return failed == nil
}

// decode reads the next document's nodes; a panic of the library is an error like any other.
func decode(decoder *yaml.Decoder) (root *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML reader gave up: %v", r)
		}
	}()
	root = new(yaml.Node)
	return root, decoder.Decode(root)
}
