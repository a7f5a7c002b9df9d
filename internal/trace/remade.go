package trace

import (
	"fmt"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// remade is a piece of a text that values made and tpl rendered: what called tpl has printed it.
func (r *Record) remade(p piece) piece {
	for p.Form == Text && p.Frame >= 0 {
		from := r.Sources[r.source(p.At)]
		if !from.Made {
			break
		}
		p.leaf, p.made = from.Leaf, true
		if at := r.Sources[r.source(r.Frames[p.Frame].Call)]; !at.Made {
			p.Form = Action
		}
		p.At, p.Reads, p.Frame = r.Frames[p.Frame].Call, from.Reads, r.Frames[p.Frame].Parent
	}
	return p
}

// callers are the calls of tpl that rendered what an action stands in, where that text was made of values: a value that is
// a template is part of what it renders to.
func (r *Record) callers(p piece) []piece {
	var out []piece
	for at, frame := p.At, p.Frame; frame >= 0 && p.Form == Action; at, frame = r.Frames[frame].Call, r.Frames[frame].Parent {
		if from := r.Sources[r.source(at)]; from.Made && from.Leaf < 0 {
			call := p
			call.At, call.Reads, call.Exact, call.made = r.Frames[frame].Call, from.Reads, -1, true
			out = append(out, call)
		}
	}
	return out
}

// anew answers a query of a text that was read from another one and written anew: the value at the same path there.
func (r *Record) anew(q Query, p piece) (Answer, bool) {
	part := r.Parts[p.Part]
	doc := q.Read(part.Text)
	if doc == nil {
		return Answer{}, false
	}
	for n := range q.Path {
		rest := q.Path[n:]
		value, ok := rest.Get(doc.Value)
		text, scalar := scalarOf(value)
		if !ok || scalar != q.Scalar || text != q.Value {
			continue
		}
		span, whole := doc.Locate(rest, q.Asked).Span, doc.Locate(rest, "").Span
		inner := q
		inner.Text, inner.Pieces, inner.Path = part.Text, part.Pieces, rest
		inner.Start, inner.End, inner.Whole = span.Start.Offset, span.End.Offset, [2]int{whole.Start.Offset, whole.End.Offset}
		inner.Body = inner.Whole
		inner.Before = func(list source.Path, offset int) int { return Before(doc, list, offset) }
		if body, ok := doc.Extent(rest); ok {
			inner.Body = [2]int{body.Start.Offset, body.End.Offset}
		}
		return r.Ask(inner)
	}
	return Answer{}, false
}

func scalarOf(value any) (text string, scalar bool) {
	switch value.(type) {
	case map[string]any, []any:
		return "", false
	case nil:
		return "", true
	}
	return fmt.Sprint(value), true
}

// Before counts the items of a list in a document of YAML that begin before an offset.
func Before(doc *source.Document, list source.Path, offset int) int {
	value, _ := list.Get(doc.Value)
	items, _ := value.([]any)
	for i := range items {
		if at, ok := doc.Extent(list.Append(i)); ok && at.Start.Offset >= offset {
			return i
		}
	}
	return len(items)
}
