package render

import (
	"fmt"

	"github.com/plimsoll-dev/plimsoll/internal/deploy"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// locators give the documents of one rendered text their places. They look for them in the sources only when they are
// asked: few places ever are.
func (r *Renderer) locators(unit Unit, run run, t text, docs []*source.Document) []source.Locator {
	traced := &tracedText{files: r.files, tracing: &run.Tracing, variant: run.variant, text: t, places: run.Tracing.places}
	if traced.places == nil {
		traced.places = new(deploy.Reader)
	}
	out := make([]source.Locator, len(docs))
	for i, doc := range docs {
		switch {
		case unit.Renderer == Kustomize:
			out[i] = newResourceLocator(r, unit, run, t, doc)
		case t.Pieces != nil && run.Tracing.Record != nil:
			out[i] = &tracedLocator{tracedText: traced, doc: doc}
		case t.Source == "" && t.Anchor.Path != "":
			out[i] = fixed{t.Anchor}
		case t.Source == "":
			out[i] = fixed{source.FileStart(unit.File)}
		default:
			out[i] = fixed{source.FileStart(t.Source)}
		}
	}
	return out
}

// fixed is the one place of a document that has no text in the repository.
type fixed struct{ at source.Location }

// Locate implements source.Locator.
func (f fixed) Locate(source.Path, string) source.Trace {
	at := f.at
	at.Span.Exact = false
	return source.Trace{Location: at}
}

// scalarText is a scalar as text, "" for anything else.
func scalarText(value any) string {
	switch value.(type) {
	case nil, map[string]any, []any:
		return ""
	}
	return fmt.Sprint(value)
}
