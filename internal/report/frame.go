package report

import (
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

// tabWidth is how many blanks a tab is shown as.
const tabWidth = 4

// cell is one rune of a line as it is shown.
type cell struct {
	text  string
	width int // columns of the terminal
	at    int // byte offset in the line
}

// drawLine shows a line of source in at most width columns, cut around the bytes start to end, and the marks that go
// under those bytes. At least one column is marked.
func drawLine(line []byte, start, end, width int, mark string) (text, marks string) {
	start = max(0, min(start, len(line)))
	end = max(start, min(end, len(line)))
	cells, cutLeft, cutRight := window(line, start, width)
	cells, left, right := fit(cells, start, width)
	cutLeft, cutRight = cutLeft || left, cutRight || right
	var t, m strings.Builder
	if cutLeft {
		t.WriteString("…")
		m.WriteByte(' ')
	}
	marked := false
	for _, c := range cells {
		t.WriteString(c.text)
		switch {
		case c.at >= start && (c.at < end || !marked):
			m.WriteString(strings.Repeat(mark, max(c.width, b2i(!marked))))
			marked = true
		case c.at < start:
			m.WriteString(strings.Repeat(" ", c.width))
		}
	}
	if cutRight {
		t.WriteString("…")
	}
	if !marked {
		m.WriteString(mark) // after the line's last rune
	}
	return strings.TrimRight(t.String(), " "), m.String()
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// window makes cells of the part of the line around start that can be shown at all: a line may be megabytes long.
func window(line []byte, start, width int) (cells []cell, cutLeft, cutRight bool) {
	reach := utf8.UTFMax * width
	from, to := max(0, start-reach), min(len(line), start+reach)
	for from > 0 && !utf8.RuneStart(line[from]) {
		from--
	}
	var e escaper
	for at := from; at < to; {
		r, size := utf8.DecodeRune(line[at:])
		shown := e.rune(r, string(line[at:at+size]))
		if r == '\t' {
			shown = strings.Repeat(" ", tabWidth)
		}
		next := at + size
		if at < start && next > start {
			at = start // a span never starts inside a rune; if it did, mark the rune
		}
		cells = append(cells, cell{text: shown, width: displaywidth.String(shown), at: at})
		at = next
	}
	return cells, from > 0, to < len(line)
}

// fit drops cells until they fit: on the left until what is marked comes early enough, then on the right.
func fit(cells []cell, start, width int) (kept []cell, cutLeft, cutRight bool) {
	total, before := 0, 0
	for _, c := range cells {
		total += c.width
		if c.at < start {
			before += c.width
		}
	}
	for len(cells) > 0 && total > width && before > width/3 && cells[0].at < start {
		total, before = total-cells[0].width, before-cells[0].width
		cells, cutLeft = cells[1:], true
	}
	for len(cells) > 0 && total > width {
		last := len(cells) - 1
		total -= cells[last].width
		cells, cutRight = cells[:last], true
	}
	return cells, cutLeft, cutRight
}
