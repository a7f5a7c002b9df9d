package parse

import (
	"bytes"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Embedded reads the YAML that a document holds as the text of a scalar: a patch within a kustomization, values within a
// ConfigMap, a manifest within a resource of Terraform. The documents' places are those in the file around them. In a literal block
// ("|", or "<<EOT" of Terraform) every place is exact; in a scalar that YAML folds or quotes it is that of the text that was asked for, or of the scalar. A path that leads to no
// text gives nothing.
func Embedded(doc *source.Document, path source.Path, kind source.Kind) ([]*source.Document, []*source.SyntaxError) {
	value, _ := path.Get(doc.Value)
	text, ok := value.(string)
	if !ok {
		return nil, nil
	}
	inner := &source.File{Path: doc.File.Path, Kind: kind, Data: []byte(text)}
	docs, errs := YAML(inner, kind, source.YAML11)
	outer := newEmbedding(doc, path, text)
	for i, d := range docs {
		docs[i] = d.WithLocator(embedded{inner: d, embedding: outer})
	}
	for i, err := range errs {
		errs[i] = &source.SyntaxError{Message: err.Message, Span: outer.span(err.Span)}
	}
	return docs, errs
}

// embedding is the way from a scalar's text to the file that holds the scalar.
type embedding struct {
	doc    *source.Document
	path   source.Path
	whole  source.Trace // the scalar
	text   *source.Text // of the file
	indent int          // bytes before each line of a literal block; -1 for other scalars
}

// isBlock reports whether a scalar has its text on the lines below: a literal block of YAML, or Terraform's here document.
func isBlock(text []byte) bool { return text[0] == '|' || bytes.HasPrefix(text, []byte("<<")) }

func newEmbedding(doc *source.Document, path source.Path, value string) *embedding {
	e := &embedding{doc: doc, path: path, whole: doc.Locate(path, ""), text: source.NewText(doc.File.Data), indent: -1}
	start := e.whole.Span.Start
	if !e.whole.Span.Exact || start.Offset >= len(doc.File.Data) || !isBlock(doc.File.Data[start.Offset:]) {
		return e
	}
	first, _, _ := bytes.Cut([]byte(value), []byte("\n"))
	for n, line := range bytes.Split([]byte(value), []byte("\n")) {
		outer := e.text.Line(start.Line + 1 + n)
		if len(bytes.TrimSpace(line)) > 0 && bytes.HasSuffix(outer, bytes.TrimSuffix(line, []byte("\r"))) {
			e.indent = len(outer) - len(bytes.TrimSuffix(line, []byte("\r")))
			break
		}
	}
	if len(first) == 0 && e.indent < 0 {
		e.indent = 0
	}
	return e
}

// span is a span of the text as one of the file.
func (e *embedding) span(s source.Span) source.Span {
	if e.indent < 0 {
		whole := e.whole.Span
		whole.Exact = false
		return whole
	}
	out := e.text.Span(e.offset(s.Start), e.offset(s.End))
	out.Exact = s.Exact
	return out
}

func (e *embedding) offset(p source.Point) int {
	line := e.whole.Span.Start.Line + p.Line
	return e.text.Offset(line, min(e.indent+p.Column, len(e.text.Line(line))+1))
}

// embedded is a document of an embedded text.
type embedded struct {
	inner *source.Document
	*embedding
}

// Locate implements source.Locator.
func (e embedded) Locate(path source.Path, text string) source.Trace {
	at := e.inner.Locate(path, text)
	if e.indent < 0 && text != "" {
		if found := e.doc.Locate(e.path, text); found.Span != e.whole.Span {
			return found
		}
	}
	return source.Trace{Location: source.Location{Path: e.whole.Path, Span: e.span(at.Span)}}
}
