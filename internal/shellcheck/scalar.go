package shellcheck

import (
	"bytes"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// scalar knows where the bytes of a script stand in its file.
type scalar struct {
	text  *source.Text
	whole source.Span
	at    []int // the offset in the file of each byte of the script; nil where they could not be followed
}

func newScalar(doc *source.Document, s workflow.PosixScript) scalar {
	span := doc.Locate(s.Path, "").Span
	out := scalar{text: source.NewText(doc.File.Data), whole: span}
	if raw := doc.File.Data[span.Start.Offset:span.End.Offset]; span.Exact {
		out.at = follow(raw, s.Text)
		for i := range out.at {
			out.at[i] += span.Start.Offset
		}
	}
	return out
}

// span is where a part of the script stands; the whole scalar where that cannot be told.
func (s scalar) span(start, end int) source.Span {
	if start >= len(s.at) || start >= end {
		return s.whole
	}
	return s.text.Span(s.at[start], s.at[min(end, len(s.at))-1]+1)
}

// follow goes through a scalar as it is written beside its value, and gives the offset of each byte of the value. Indentation
// and folding differ in white space alone, quotes in their escapes. Nil says that an escape was met that is not followed.
func follow(raw []byte, value string) []int {
	if len(raw) == 0 {
		return nil
	}
	w := begin(raw)
	at := make([]int, len(value))
	for k := range len(value) {
		c := value[k]
		if !isSpace(c) {
			w.skipSpace()
		}
		width := w.width(c)
		if width == 0 && !isSpace(c) {
			return nil
		}
		at[k] = min(w.at, len(raw)-1)
		if width == 0 && w.at < len(raw) && isSpace(raw[w.at]) { // a fold, or the end of a block
			width = 1
		}
		w.at += width
	}
	return at
}

// writing is a scalar as it is written, and how far it was read.
type writing struct {
	raw   []byte
	at    int
	quote byte // what it begins with: a quote, "|" or ">", or its own first byte
}

func begin(raw []byte) writing {
	w := writing{raw: raw, quote: raw[0]}
	switch w.quote {
	case '|', '>':
		header, _, _ := bytes.Cut(raw, []byte{'\n'})
		w.at = min(len(header)+1, len(raw))
	case '"', '\'':
		w.at = 1
	}
	return w
}

// skipSpace passes over white space, and over line ends that double quotes leave out.
func (w *writing) skipSpace() {
	for w.at < len(w.raw) {
		switch {
		case isSpace(w.raw[w.at]):
			w.at++
		case w.quote == '"' && bytes.HasPrefix(w.raw[w.at:], []byte("\\\n")):
			w.at += 2
		default:
			return
		}
	}
}

// width is in how many bytes a byte of the value is written next; 0 when something else is.
func (w *writing) width(c byte) int {
	rest := w.raw[w.at:]
	switch {
	case len(rest) == 0:
		return 0
	case w.quote == '\'' && c == '\'' && bytes.HasPrefix(rest, []byte("''")):
		return 2
	case w.quote == '"' && rest[0] == '\\' && len(rest) > 1:
		if escape := strings.IndexByte(`"\/nt `, rest[1]); escape >= 0 && c == "\"\\/\n\t "[escape] {
			return 2
		}
		return 0
	case rest[0] == c:
		return 1
	}
	return 0
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
