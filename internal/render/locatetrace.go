package render

import (
	"bytes"
	"cmp"
	"fmt"
	"sync"

	"github.com/plimsoll-dev/plimsoll/internal/deploy"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/trace"
)

// tracedText is what one template wrote with one set of values, and all that tells where it comes from. Its documents
// share it.
type tracedText struct {
	files   *files
	tracing *tracing
	variant Variant
	text    text
	places  *deploy.Reader

	mu     sync.Mutex
	values map[int]source.Locator // of the layers that were asked for
}

// tracedLocator finds the lines and values that a rendered value was written by.
type tracedLocator struct {
	*tracedText
	doc *source.Document // with places in the text
}

// Locate implements source.Locator. The place is that of the value which supplied the text, where one did and it stands in
// the repository, else that of the template's line.
func (l *tracedLocator) Locate(path source.Path, text string) source.Trace {
	q := l.query(path, text)
	answer, ok := l.tracing.Record.Ask(q)
	if !ok {
		return source.Trace{Location: l.home()}
	}
	w := &way{tracedText: l.tracedText, query: q, asked: text}
	if part := version(q.Value); text == "" && part != "" && len(path) > 0 && path[len(path)-1] == "image" {
		// The version is what makes an image the one that it is.
		if narrow, ok := l.tracing.Record.Ask(l.query(path, part)); ok {
			answer.At, answer.Calls, answer.Sure = narrow.At, narrow.Calls, narrow.Sure
			answer.Values, w.ranked = trace.Unique(append(narrow.Values, answer.Values...)), true
		}
	}
	w.template(answer)
	w.supplied(answer.Values)
	w.because(answer.Because)
	return w.trace
}

// LocateKey implements source.KeyLocator: a key is written by a template though its value may come from elsewhere.
func (l *tracedLocator) LocateKey(path source.Path, first bool) source.Trace {
	span, ok := l.doc.KeySpan(path)
	if first {
		span, ok = l.doc.FirstKeySpan(path)
	}
	if !ok {
		return l.Locate(path, "")
	}
	q := l.query(path, "")
	q.Start, q.End, q.Scalar = span.Start.Offset, span.End.Offset, q.Value != ""
	answer, ok := l.tracing.Record.Ask(q)
	if !ok {
		return source.Trace{Location: l.home()}
	}
	w := &way{tracedText: l.tracedText, query: q, keyed: true}
	w.template(answer)
	w.supplied(answer.Values)
	w.because(answer.Because)
	return w.trace
}

// query asks for the scalar or key at a path; of a path that leads nowhere, for the nearest value around it.
func (l *tracedLocator) query(path source.Path, text string) trace.Query {
	q := trace.Query{
		Text: l.text.Data, Pieces: l.text.Pieces, Path: path, Asked: text, Read: readPart,
		Before: func(list source.Path, offset int) int { return trace.Before(l.doc, list, offset) },
	}
	value, there := path.Get(l.doc.Value)
	span := l.doc.Locate(path, text).Span
	q.Start, q.End = span.Start.Offset, span.End.Offset
	whole := l.doc.Locate(path, "").Span
	q.Whole = [2]int{whole.Start.Offset, whole.End.Offset}
	for n := len(path); !there && n > 0; n-- {
		if value, there = path[:n-1].Get(l.doc.Value); there {
			q.Path, q.Missing = path[:n-1], fmt.Sprint(path[n-1])
		}
	}
	q.Value, q.Scalar = scalarText(value), there && isScalar(value)
	if q.Missing != "" {
		q.Value = ""
		q.Body = [2]int{q.Start, q.End}
		if body, ok := l.doc.Extent(q.Path); ok {
			q.Body, q.Indent = [2]int{body.Start.Offset, body.End.Offset}, body.Start.Column-1
		}
	}
	return q
}

// version is the tag or digest of an image, "" for one without.
func version(image string) string {
	parts := splitImage(image)
	return cmp.Or(parts.digest, parts.tag)
}

// readPart reads a text that a template wrote to be read by another one.
func readPart(text string) *source.Document {
	docs, errs := parse.YAML(&source.File{Kind: source.Manifest, Data: []byte(text)}, source.Manifest, source.YAML11)
	if len(errs) > 0 || len(docs) != 1 {
		return nil
	}
	return docs[0]
}

// home is the place of all that cannot be traced further.
func (t *tracedText) home() source.Location {
	at := source.FileStart(t.text.Source)
	if t.text.Source == "" {
		at = t.text.Anchor
		at.Span.Exact = false
	}
	return at
}

// way is the way of one value, as it is found out.
type way struct {
	*tracedText
	query trace.Query
	asked string // the part of the scalar that is asked for; "" for all of it
	// ranked says that the first value that supplied something is the one to name, rather than the last in the text.
	ranked bool
	keyed  bool // the key is asked for, not its value
	trace  source.Trace
}

func (w *way) step(at source.Location, cause bool, format string, args ...any) {
	for _, s := range w.trace.Steps {
		if s.Location == at {
			return
		}
	}
	note := source.Note{Message: fmt.Sprintf(format, args...), Location: at}
	w.trace.Steps = append(w.trace.Steps, source.Step{Note: note, Cause: cause})
}

// template notes the line that writes the value, and the calls that lead to it.
func (w *way) template(a trace.Answer) {
	at, own := w.place(a.At)
	at.Span.Exact = at.Span.Exact && a.Sure
	w.trace.Location = at
	if own {
		w.step(at, true, "the template writes it here")
	}
	for _, call := range a.Calls {
		at, ok := w.place(call)
		switch {
		case !ok:
			if !own { // the chart that calls for it, rather than one that only helps
				w.trace.Location = at
			}
		case own:
			w.step(at, false, "the template is included here")
		default:
			own, w.trace.Location = true, at
			w.step(at, true, "the template calls for it here")
		}
	}
	if !own {
		w.step(w.trace.Location, true, "the dependency is declared here")
	}
}

// Limits on what is told of one value.
const (
	maxSupplied = 6
	maxBecause  = 3
)

// supplied notes the values that took part. The one that supplied the text is the place to name; of several, the last in
// the text, as the end of an image's name decides its version.
func (w *way) supplied(values []trace.Value) {
	best, noted := -1, 0
	prefer := func(at source.Location, start int) {
		best, w.trace.Location = start, at
	}
	for _, v := range values {
		at, ok := w.value(v)
		if !ok || noted == maxSupplied {
			continue
		}
		noted++
		if w.isChartName(v.Leaf) {
			v.Role = trace.Read
		}
		switch key := w.key(v.Leaf); v.Role {
		case trace.Supplies:
			at = w.keyBefore(at, w.tracing.Record.Leaves[v.Leaf])
			w.step(at, true, "%s is set here", key)
			if best < 0 || !w.ranked && w.asked == "" && v.Start >= best {
				prefer(at, v.Start)
			}
		case trace.Changed:
			w.step(at, true, "it is made of %s, which is set here", key)
			if best < 0 {
				prefer(at, 0)
			}
		case trace.Room:
			w.step(at, w.query.Missing != "", "%s could be set here", key)
			if best < 0 && w.query.Missing != "" {
				prefer(at, 0)
			}
		case trace.Read:
			w.step(at, false, "%s is read on the way", key)
		}
	}
}

// isChartName reports whether a value is the name of a chart, which is in many names and is no place to change any of them.
func (w *way) isChartName(leaf int32) bool {
	one := w.tracing.Record.Leaves[leaf]
	return w.tracing.Record.Path(leaf) == nil && one.Key == "name"
}

// keyBefore is the place of a leaf whose value stands at a place: of a key, before that.
func (w *way) keyBefore(value source.Location, leaf trace.Leaf) source.Location {
	if leaf.Form != trace.Key {
		return value
	}
	data, key := w.files.get(value.Path, source.ChartFile).Data, leaf.Text
	if string(data[min(value.Span.Start.Offset, len(data)):min(value.Span.End.Offset, len(data))]) == key {
		return value // of a map, the key is the place
	}
	before := data[:min(value.Span.Start.Offset, len(data))]
	if i := bytes.LastIndex(before, []byte(key)); i >= 0 && value.Span.Exact && bytes.Count(before[i:], []byte("\n")) <= 1 {
		value.Span = source.NewText(data).Span(i, i+len(key))
	}
	return value
}

// because notes the values that decided that the line is written at all.
func (w *way) because(values []trace.Value) {
	for _, v := range values[:min(len(values), maxBecause)] {
		if at, ok := w.value(v); ok {
			w.step(at, false, "it is written because of %s", w.key(v.Leaf))
		}
	}
}

// key names a value in a message.
func (w *way) key(leaf int32) string {
	if path := w.tracing.Record.Path(leaf); path != nil {
		return "the value " + path.String()
	}
	return "the chart's " + w.tracing.Record.Leaves[leaf].Key
}

// value is where a value is set; ok is false for one that is not in the repository.
func (w *way) value(v trace.Value) (source.Location, bool) {
	layer, at := w.tracing.Record.Origin(v.Leaf)
	if !w.tracing.inRepository(layer) {
		return source.Location{}, false
	}
	in := w.layer(layer)
	if keys, ok := in.(source.KeyLocator); ok && w.keyed && v.Part == "" && v.Role == trace.Supplies {
		return keys.LocateKey(at, false).Location, true
	}
	return in.Locate(at, cmp.Or(w.asked, v.Part)).Location, true
}

// layer tells the places in a layer of values.
func (t *tracedText) layer(n int) source.Locator {
	t.mu.Lock()
	defer t.mu.Unlock()
	if known, ok := t.values[n]; ok {
		return known
	}
	layer := t.variant.layer(n, t.tracing.Layers)
	locator := t.places.Locator(layer, t.files.get(layer.File, source.ChartFile))
	if t.values == nil {
		t.values = map[int]source.Locator{}
	}
	t.values[n] = locator
	return locator
}

// place is a place in a template; ok is false when the template is not in the repository, or belongs to a dependency.
func (w *way) place(p trace.Place) (at source.Location, ok bool) {
	from := w.tracing.Record.Sources[p.Source]
	if from.Made {
		return w.made(p, from)
	}
	home := w.tracing.Homes[from.Name]
	switch {
	case home.Anchor.Path != "":
		at = home.Anchor
		at.Span.Exact = false
		return at, false
	case home.Path == "":
		return w.home(), false
	}
	file := w.files.get(home.Path, source.ChartFile)
	start, end := p.Start, p.End
	if bytes.HasPrefix(file.Data, []byte("\ufeff")) { // which Helm does not see
		start, end = start+len("\ufeff"), end+len("\ufeff")
	}
	return source.Location{Path: file.Path, Span: spanOf(file.Data, start, end, p.Action)}, true
}

// made is a place in a text that was rendered with tpl: the line of the value that the text is, where it is one.
func (w *way) made(p trace.Place, from trace.Source) (source.Location, bool) {
	if from.Leaf >= 0 {
		if layer, path := w.tracing.Record.Origin(from.Leaf); w.tracing.inRepository(layer) {
			line := []byte(w.tracing.Record.Leaves[from.Leaf].Text)
			span := spanOf(line, p.Start, p.End, p.Action)
			text := ""
			if span.End.Offset <= len(line) {
				text = string(line[span.Start.Offset:span.End.Offset])
			}
			return w.layer(layer).Locate(path, text).Location, true
		}
	}
	at := w.home()
	at.Span.Exact = false
	return at, w.text.Source != ""
}

// spanOf is a range of a template: of an action with its delimiters, of a text its first line without blanks around it.
func spanOf(data []byte, start, end int, action bool) source.Span {
	start, end = min(start, len(data)), min(end, len(data))
	if action {
		if i := bytes.LastIndex(data[:start], []byte("{{")); i >= 0 {
			start = i
		}
		if i := bytes.Index(data[start:], []byte("}}")); i >= 0 {
			end = start + i + len("}}")
		}
	} else {
		body := bytes.TrimLeft(data[start:end], " \t\r\n")
		start = end - len(body)
		line, _, _ := bytes.Cut(body, []byte("\n"))
		end = start + len(bytes.TrimRight(line, " \t\r"))
	}
	return source.NewText(data).Span(start, end)
}
