package source

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

// Text finds points in the bytes of one file.
type Text struct {
	Data  []byte
	lines []int // offset of each line's first byte
}

// NewText indexes the lines of data.
func NewText(data []byte) *Text {
	lines := make([]int, 1, 1+bytes.Count(data, []byte{'\n'}))
	for i, c := range data {
		if c == '\n' {
			lines = append(lines, i+1)
		}
	}
	return &Text{Data: data, lines: lines}
}

// Lines is how many lines the text has; an empty text has one.
func (t *Text) Lines() int { return len(t.lines) }

// Point gives the line and column of a byte offset; an offset outside the text is moved to its nearest end.
func (t *Text) Point(offset int) Point {
	offset = max(0, min(offset, len(t.Data)))
	line := sort.SearchInts(t.lines, offset+1)
	return Point{Line: line, Column: offset - t.lines[line-1] + 1, Offset: offset}
}

// Span gives the exact span between two byte offsets.
func (t *Text) Span(start, end int) Span {
	return Span{Start: t.Point(start), End: t.Point(max(start, end)), Exact: true}
}

// Line gives the bytes of a 1-based line without its line end, or nil where there is no such line.
func (t *Text) Line(n int) []byte {
	if n < 1 || n > len(t.lines) {
		return nil
	}
	end := len(t.Data)
	if n < len(t.lines) {
		end = t.lines[n] - 1
	}
	return bytes.TrimSuffix(t.Data[t.lines[n-1]:end], []byte{'\r'})
}

// Offset is the byte offset of a 1-based line and byte column, moved into the text where it lies outside.
func (t *Text) Offset(line, column int) int {
	switch {
	case line < 1:
		return 0
	case line > len(t.lines):
		return len(t.Data)
	}
	return min(t.lines[line-1]+max(column, 1)-1, len(t.Data))
}

// LineSpan spans a 1-based line without its indentation and line end.
func (t *Text) LineSpan(n int) Span {
	line := t.Line(n)
	if line == nil {
		return t.Span(0, 0)
	}
	start := t.lines[n-1]
	body := bytes.TrimLeft(line, " \t")
	return t.Span(start+len(line)-len(body), start+len(bytes.TrimRight(line, " \t")))
}

// yamlBreaks indexes lines as YAML 1.1 readers count them: also at "\r" and at the Unicode line breaks.
func yamlBreaks(data []byte) []int {
	lines := []int{0}
	for i := 0; i < len(data); {
		switch c := data[i]; {
		case c == '\n':
			i++
			lines = append(lines, i)
		case c == '\r':
			i++
			if i < len(data) && data[i] == '\n' {
				i++
			}
			lines = append(lines, i)
		case c < utf8.RuneSelf:
			i++
		default:
			r, size := utf8.DecodeRune(data[i:])
			i += size
			if r == '\u0085' || r == '\u2028' || r == '\u2029' {
				lines = append(lines, i)
			}
		}
	}
	return lines
}

// runeOffset is the offset of the rune at a 1-based column, counted in runes from start.
func runeOffset(data []byte, start, column int) int {
	at := start
	for ; column > 1 && at < len(data); column-- {
		_, size := utf8.DecodeRune(data[at:])
		at += size
	}
	return at
}
