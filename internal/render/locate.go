package render

import "github.com/plimsoll-dev/plimsoll/internal/source"

// locators give the documents of one rendered text their places. They look for them in the sources only when they are
// asked: few places ever are.
func (r *Renderer) locators(unit Unit, run run, t text, docs []*source.Document) []source.Locator {
	page := &page{drafts: r.drafts, unit: unit, variant: run.variant, text: t, docs: docs}
	out := make([]source.Locator, len(docs))
	for i, doc := range docs {
		switch {
		case t.Source == "" && t.Anchor.Path != "":
			out[i] = fixed{t.Anchor}
		case t.Source == "":
			out[i] = fixed{source.FileStart(unit.File)}
		case unit.Renderer == Kustomize:
			out[i] = &resourceLocator{files: r.files, built: doc, source: t.Source, inputs: run.Inputs}
		default:
			page.template = doc.File
			out[i] = &templateLocator{page: page, doc: i}
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
