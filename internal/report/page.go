package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// page is what is written for people in a terminal or a log.
type page struct {
	out   *bufio.Writer // keeps the first error until Flush
	texts *texts
	paint painter
	width int
}

func newPage(w io.Writer, o Options) *page {
	p := &page{out: bufio.NewWriter(w), texts: newTexts(o.Source), paint: plain, width: o.Width}
	if o.Colour {
		p.paint = ansi
	}
	if p.width <= 0 {
		p.width = defaultWidth
	}
	return p
}

func (p *page) printf(format string, args ...any) { fmt.Fprintf(p.out, format, args...) }

func (p *page) note(gutter int, words string) {
	p.printf("%*s %s %s\n", gutter, "", p.paint(dim, "="), words)
}

// frame shows the first line of a place, marked: with ^ where the place is exact, with ~ where it is near. The number of
// the line takes gutter columns.
func (p *page) frame(at source.Location, gutter int, style string) {
	span := at.Span
	line := p.texts.line(at.Path, span.Start.Line)
	if len(strings.TrimSpace(string(line[:min(len(line), 4096)]))) == 0 || wholeFile(at) {
		return
	}
	from, to, mark, more := span.Start.Column-1, span.End.Column-1, "^", ""
	if span.End.Line > span.Start.Line {
		to = len(line)
		if span.End.Line > span.Start.Line+1 || span.End.Column > 1 {
			more = fmt.Sprintf(" to line %d", span.End.Line)
		}
	}
	if !span.Exact {
		mark = "~"
	}
	text, marks := drawLine(line, from, to, p.width, mark)
	bar := p.paint(dim, "|")
	p.printf("%s %s %s\n", p.paint(dim, fmt.Sprintf("%*d", gutter, span.Start.Line)), bar, text)
	blanks := len(marks) - len(strings.TrimLeft(marks, " "))
	p.printf("%*s %s %s%s\n", gutter, "", bar, marks[:blanks], p.paint(style, marks[blanks:]+more))
}

// painter gives a text a style.
type painter func(style, text string) string

// Styles, as parameters of the terminal's "select graphic rendition".
const (
	bold   = "1"
	dim    = "2"
	red    = "1;31"
	green  = "1;32"
	yellow = "1;33"
	blue   = "1;34"
	cyan   = "1;36"
)

func plain(_, text string) string { return text }

func ansi(style, text string) string { return "\x1b[" + style + "m" + text + "\x1b[0m" }
