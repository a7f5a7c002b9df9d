package engine

import (
	"path"
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// unprinted are the values of a chart without the images that a rendering of it printed, which are judged where they were
// printed; nil where there are no values, or no rule is for them.
func (r *run) unprinted(unit render.Unit, rendered []*source.Document) *source.Document {
	rules, _ := r.set.For(source.Values, r.ids)
	if unit.Renderer != render.Helm || len(rules) == 0 {
		return nil
	}
	file := r.file(path.Join(unit.Root, "values.yaml"))
	if file == nil {
		return nil
	}
	docs, _ := parse.YAML(file, source.Values, source.YAML11) // what is wrong with them, rendering tells
	if len(docs) != 1 {
		return nil
	}
	images := refs.ValuesImages(docs[0].Value)
	if len(images) == 0 {
		return nil
	}
	printed := printedImages(rendered, file.Path)
	for _, image := range images {
		extent, ok := docs[0].Extent(image.Path)
		if ok && slices.ContainsFunc(printed, func(s source.Span) bool { return within(extent, s) }) {
			remove(docs[0].Value, image.Path)
		}
	}
	return docs[0]
}

// file is one that was read; nil where the path leads to none.
func (r *run) file(name string) *source.File {
	i := slices.IndexFunc(r.found.Files, func(f *source.File) bool { return f.Path == name })
	if i < 0 || r.found.Files[i].Data == nil {
		return nil
	}
	return r.found.Files[i]
}

// printedImages are the places in a file that the images of rendered documents come from.
func printedImages(rendered []*source.Document, file string) []source.Span {
	var spans []source.Span
	for _, doc := range rendered {
		for _, ref := range refs.Extract(doc) {
			if ref.Kind != refs.Image {
				continue
			}
			trace := doc.Locate(ref.Path, "")
			if trace.Path == file {
				spans = append(spans, trace.Span)
			}
			for _, step := range trace.Steps {
				if step.Location.Path == file {
					spans = append(spans, step.Location.Span)
				}
			}
		}
	}
	return spans
}

// within reports whether a place lies in the lines of an extent.
func within(extent, span source.Span) bool {
	return extent.Start.Line <= span.Start.Line && span.Start.Line <= extent.End.Line
}

// remove takes a value out of what holds it.
func remove(root any, p source.Path) {
	holder, _ := p[:len(p)-1].Get(root)
	switch h := holder.(type) {
	case map[string]any:
		delete(h, p[len(p)-1].(string))
	case []any:
		h[p[len(p)-1].(int)] = nil
	}
}
