package render

import (
	"slices"
	"strings"
	"unicode"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// composition is a text that was put together: pieces that replacements and variables copied into it, and between them what
// the author of the field wrote.
type composition struct {
	question
	pieces []piece
	whole  bool // a piece is all there is: what was done before it does not show
	loose  bool // not all of the text could be told apart
}

// piece is a part of the text, as bytes of it, that came from elsewhere.
type piece struct {
	start, end int
	told       []source.Location // of the entry that copies it
	mark       string            // that stands for it in the text as it was written, if any does
	from       supply
}

// free reports whether no piece is known yet for a part of the text.
func (c *composition) free(start, end int) bool {
	return !slices.ContainsFunc(c.pieces, func(p piece) bool { return start < p.end && p.start < end })
}

// slot is where in the text a replacement with that delimiter and index has put a word.
func (c *composition) slot(word, delimiter string, index int) (int, bool) {
	if delimiter == "" {
		if c.said == word && c.free(0, len(word)) {
			return 0, true
		}
		return c.only(word)
	}
	start := 0
	parts := strings.Split(c.said, delimiter)
	for _, part := range parts[:min(max(index, 0), len(parts)-1)] {
		start += len(part) + len(delimiter)
	}
	if !c.fitsAt(start, word, delimiter) && index > 0 && strings.HasSuffix(c.said, delimiter+word) { // added at the end
		start = len(c.said) - len(word)
	}
	return start, c.fitsAt(start, word, delimiter)
}

func (c *composition) fitsAt(start int, word, delimiter string) bool {
	rest, ok := strings.CutPrefix(c.said[start:], word)
	return ok && (rest == "" || strings.HasPrefix(rest, delimiter)) && c.free(start, start+len(word))
}

// only is where a word stands in the text, if it does so once.
func (c *composition) only(word string) (int, bool) {
	if word == "" || strings.Count(c.said, word) != 1 {
		return 0, false
	}
	start := strings.Index(c.said, word)
	return start, c.free(start, start+len(word))
}

// trace names the piece that holds the text that was asked for, or else the one that was put in last; and the field that
// it was put in, which is a cause as far as something is left of what stood there.
func (c *composition) trace() (source.Trace, bool) {
	if len(c.pieces) == 0 {
		return source.Trace{}, false
	}
	main, inner := 0, ""
	if at := strings.Index(c.said, c.text); c.text != "" && at >= 0 {
		main = slices.IndexFunc(c.pieces, func(p piece) bool { return at < p.end && at+len(c.text) > p.start })
		if main >= 0 && at >= c.pieces[main].start && at+len(c.text) <= c.pieces[main].end {
			inner = c.text
		}
	}
	trace := source.Trace{Steps: c.written()}
	if main < 0 {
		trace.Location = c.placeholder.locate(c.text).Location
		trace.Span.Exact = trace.Span.Exact && strings.Contains(wordOf(c.placeholder.value), c.text)
		trace.Steps = []source.Step{{Note: source.Note{Message: "this part stands here", Location: trace.Location}, Cause: true}}
	}
	for i, p := range c.pieces {
		text := ""
		if i == main {
			text = inner
		}
		from := p.from.locate(text)
		if i == main {
			trace.Location = from.Location
		}
		for _, at := range p.told {
			trace.Steps = append(trace.Steps, source.Step{Note: source.Note{Message: "what is copied is told here", Location: at}})
		}
		trace.Steps = append(trace.Steps, copiedFrom(from)...)
	}
	trace.Span.Exact = trace.Span.Exact && !c.loose
	return trace, true
}

// written are the steps that name the field itself.
func (c *composition) written() []source.Step {
	if c.placeholder.doc == nil {
		c.placeholder, _ = c.sameShape()
	}
	if c.placeholder.doc == nil {
		return c.stands(c.path)
	}
	var out []source.Step
	step := func(text, message string) {
		at := c.placeholder.locate(text).Location
		out = append(out, source.Step{Note: source.Note{Message: message, Location: at}, Cause: text != ""})
	}
	was := wordOf(c.placeholder.value)
	for _, p := range c.pieces {
		if p.mark != "" {
			step(p.mark, "the variable is used here")
		}
	}
	for _, left := range c.left() {
		if len(out) == 0 && strings.Contains(was, left) {
			step(left, "what is left of the value stands here")
		}
	}
	if len(out) == 0 {
		step("", "the value is put in here")
	}
	return out
}

// left are the parts of the text that are no pieces, without the marks at their ends that only separate.
func (c *composition) left() []string {
	var out []string
	at := 0
	for _, p := range slices.SortedFunc(slices.Values(c.pieces), func(a, b piece) int { return a.start - b.start }) {
		out = append(out, c.said[at:max(at, p.start)])
		at = max(at, p.end)
	}
	out = append(out, c.said[at:])
	for i := range out {
		out[i] = strings.TrimFunc(out[i], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// copiedFrom are the steps that lead on from where a piece was copied.
func copiedFrom(from source.Trace) []source.Step {
	out := []source.Step{{Note: source.Note{Message: "the value is copied from here", Location: from.Location}, Cause: true}}
	for _, s := range from.Steps {
		if s.Location != from.Location {
			out = append(out, s)
		}
	}
	return out
}
