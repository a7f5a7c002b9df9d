package report

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Why is the way of one rendered value back to what makes it what it is.
type Why struct {
	Origin finding.Origin // where the value stands; its Value is shown whole
	Trace  source.Trace
}

// causeWords tell the place at which findings stand from the steps that lead to it.
const causeWords = "the cause: a finding would stand here"

// steps are the trace's, and its own place where it is not among them: a cause of which no more is known.
func (y Why) steps() []source.Step {
	for _, s := range y.Trace.Steps {
		if s.Location == y.Trace.Location {
			return y.Trace.Steps
		}
	}
	own := source.Step{Note: source.Note{Location: y.Trace.Location}, Cause: true}
	return append([]source.Step{own}, y.Trace.Steps...)
}

// WriteWhy writes ways back for people: the rendered value, and under it each step with its line of text.
func WriteWhy(w io.Writer, o Options, all []Why) error {
	p := newPage(w, o)
	for i, y := range all {
		if i > 0 {
			p.printf("\n")
		}
		p.why(y)
	}
	return p.out.Flush()
}

func (p *page) why(y Why) {
	origin := y.Origin
	origin.Field, origin.Value = "", ""
	p.printf("%s\n", strings.TrimPrefix(originWords(&origin), "in "))
	field := Visible(y.Origin.Field)
	if field != "" {
		p.printf("%s: %s\n", p.paint(bold, field), clip(Visible(y.Origin.Value), maxMessage))
	}
	steps := y.steps()
	gutter := 0
	for _, s := range steps {
		gutter = max(gutter, 4+len(strconv.Itoa(s.Location.Span.Start.Line)))
	}
	for _, s := range steps {
		arrow, style := "<--", dim
		var words []string
		if s.Message != "" {
			words = append(words, sentence(s.Message))
		}
		if s.Location == y.Trace.Location {
			arrow, style = "<==", yellow
			words = append(words, causeWords)
		}
		p.printf("\n%s %s  %s\n", p.paint(style, arrow), p.paint(bold, stepPlace(s.Location)), strings.Join(words, "; "))
		p.frame(s.Location, gutter, style)
	}
}

// stepPlace is a place as file:line:column, which editors and terminals follow, with what is not known of it.
func stepPlace(l source.Location) string {
	start := l.Span.Start
	at := Visible(l.Path) + ":" + strconv.Itoa(start.Line) + ":" + strconv.Itoa(start.Column)
	switch {
	case wholeFile(l):
		return at + " (only the file is known)"
	case !l.Span.Exact:
		return at + " (not exact: it is on this line or nearby)"
	default:
		return at
	}
}

// whyJSON is the form of a Why for programs, its steps as in WriteWhy.
type whyJSON struct {
	Object   string     `json:"object"`
	Field    string     `json:"field"`
	Value    string     `json:"value"`
	Renderer string     `json:"renderer"`
	Root     string     `json:"root"`
	Variants []string   `json:"variants"`
	Steps    []stepJSON `json:"steps"`
}

type stepJSON struct {
	Path        string `json:"path"`
	StartLine   int    `json:"startLine"`
	StartColumn int    `json:"startColumn"`
	EndLine     int    `json:"endLine"`
	EndColumn   int    `json:"endColumn"`
	Exact       bool   `json:"exact"`
	Message     string `json:"message"`
	Cause       bool   `json:"cause"`   // a part of what makes the value what it is, not only on the way there
	Primary     bool   `json:"primary"` // where a finding stands
}

// WriteWhyJSON writes ways back as a JSON array.
func WriteWhyJSON(w io.Writer, all []Why) error {
	out := make([]whyJSON, len(all))
	for i, y := range all {
		o := y.Origin
		out[i] = whyJSON{Object: o.Object, Field: o.Field, Value: o.Value, Renderer: o.Renderer, Root: o.Root, Variants: append([]string{}, o.Variants...)}
		for _, s := range y.steps() {
			start, end := s.Location.Span.Start, s.Location.Span.End
			out[i].Steps = append(out[i].Steps, stepJSON{
				Path: s.Location.Path, StartLine: start.Line, StartColumn: start.Column, EndLine: end.Line, EndColumn: end.Column,
				Exact: s.Location.Span.Exact, Message: s.Message, Cause: s.Cause, Primary: s.Location == y.Trace.Location,
			})
		}
	}
	return WriteJSON(w, out)
}

// WriteJSON writes a value as indented JSON that is safe in a terminal and a log: see finding.DefuseJSON.
func WriteJSON(w io.Writer, value any) error {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(value); err != nil {
		return err
	}
	_, err := w.Write(finding.DefuseJSON([]byte(b.String())))
	return err
}
