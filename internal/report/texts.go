package report

import (
	"unicode/utf8"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// maxColumnLine is how long, in bytes, a line may be for columns to be counted in it: counting starts at the line's
// beginning, so many findings on one endless line would take quadratic time.
const maxColumnLine = 16 << 10

// maxSource is how large, in bytes, a text may be to be looked into at all.
const maxSource = 8 << 20

// texts keeps the line index of each file that has a finding.
type texts struct {
	source Source
	known  map[string]*source.Text
}

func newTexts(src Source) *texts { return &texts{source: src, known: map[string]*source.Text{}} }

// of gives the text of a file, or nil when it is not known.
func (t *texts) of(path string) *source.Text {
	if t.source == nil {
		return nil
	}
	text, seen := t.known[path]
	if !seen {
		if data := t.source(path); data != nil && len(data) <= maxSource {
			text = source.NewText(data)
		}
		t.known[path] = text
	}
	return text
}

// line gives the bytes of a line without its line end, or nil when it is not known.
func (t *texts) line(path string, n int) []byte {
	text := t.of(path)
	if text == nil {
		return nil
	}
	return text.Line(n)
}

// utf16Column gives the 1-based column of a point in UTF-16 code units, as GitHub and editors count, or 0 when it cannot
// be told.
func (t *texts) utf16Column(path string, p source.Point) int {
	line := t.line(path, p.Line)
	if line == nil || len(line) > maxColumnLine || p.Column < 1 || p.Column > len(line)+1 {
		return 0
	}
	column := 1
	for before := line[:p.Column-1]; len(before) > 0; column++ {
		r, size := utf8.DecodeRune(before)
		if r > 0xffff {
			column++ // a surrogate pair
		}
		before = before[size:]
	}
	return column
}

// region is a span as GitHub and SARIF say it: columns in UTF-16 code units, the end exclusive; no columns when they are
// not known.
type region struct {
	startLine, startColumn, endLine, endColumn int
}

func (t *texts) region(l source.Location) region {
	start, end := l.Span.Start, l.Span.End
	g := region{startLine: max(1, start.Line), endLine: max(1, start.Line, end.Line)}
	if end.Column == 1 && g.endLine > g.startLine {
		g.endLine-- // the span ends with the line end before
		end.Line, end.Column = g.endLine, len(t.line(l.Path, g.endLine))+1
	}
	if !l.Span.Exact {
		return g
	}
	g.startColumn, g.endColumn = t.utf16Column(l.Path, start), t.utf16Column(l.Path, end)
	if g.startColumn == 0 || g.endColumn == 0 {
		g.startColumn, g.endColumn = 0, 0
	}
	return g
}
