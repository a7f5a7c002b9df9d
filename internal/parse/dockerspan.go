package parse

import (
	"bytes"
	"sort"
	"strings"
	"unicode"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// joined is the text of an instruction as the parser sees it, continued lines joined, and the way back to the file.
type joined struct {
	text   string
	pieces []piece // where the runs of the text stand; empty when that is not known
	after  int     // offset in the file of the line after it
}

// piece says that the text from at on stands at the offset in the file, up to the next piece.
type piece struct{ at, offset int }

// source is the offset in the file of a byte of the text.
func (j joined) source(at int) int {
	i := sort.Search(len(j.pieces), func(i int) bool { return j.pieces[i].at > at }) - 1
	p := j.pieces[max(i, 0)]
	return p.offset + at - p.at
}

// words is a range of a joined text.
type words struct {
	joined
	start, end int
}

// joinLines follows BuildKit's way of joining: indentation of the first line and comment lines between are dropped, and
// an escape character at the end of a line continues it.
func joinLines(text *source.Text, first int, escape byte) joined {
	var out strings.Builder
	var j joined
	for n := first; n <= text.Lines(); n++ {
		line := text.Line(n)
		offset := lineStart(text, n)
		j.after = offset + len(wholeLine(text.Data, offset))
		if n == first {
			body := bytes.TrimLeftFunc(bytes.TrimPrefix(line, []byte("\ufeff")), unicode.IsSpace)
			offset += len(line) - len(body)
			line = body
		} else if t := bytes.TrimLeftFunc(line, unicode.IsSpace); len(t) == 0 || t[0] == '#' {
			continue
		}
		line = bytes.TrimRight(line, "\r")
		body, more := trimContinuation(line, escape)
		j.pieces = append(j.pieces, piece{out.Len(), offset})
		out.Write(body)
		if !more {
			break
		}
	}
	j.text = out.String()
	return j
}

// trimContinuation takes off an escape character at the end of a line, unless another stands before it.
func trimContinuation(line []byte, escape byte) ([]byte, bool) {
	body := bytes.TrimRight(line, " \t")
	if len(body) == 0 || body[len(body)-1] != escape {
		return line, false
	}
	body = body[:len(body)-1]
	if len(body) > 0 && body[len(body)-1] == escape {
		return line, false
	}
	return body, true
}

func lineStart(text *source.Text, n int) int {
	return text.LineSpan(n).Start.Offset - indentation(text.Line(n))
}

func indentation(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " \t")) }

// wholeLine is the line that begins at an offset, with its line end.
func wholeLine(data []byte, at int) []byte {
	if at >= len(data) {
		return nil
	}
	if i := bytes.IndexByte(data[at:], '\n'); i >= 0 {
		return data[at : at+i+1]
	}
	return data[at:]
}

// dockerPlace tells where the parts of an instruction stand.
type dockerPlace struct {
	raw, cmd words
	flags    []words
	args     []words
	heredocs []words
	trigger  *dockerPlace
}

// dockerLocator finds the places of a Dockerfile's value.
type dockerLocator struct {
	file         *source.File
	text         *source.Text
	directives   map[string]words
	instructions []dockerPlace
}

// Locate implements source.Locator. The place of an instruction is its first line.
func (l *dockerLocator) Locate(path source.Path, text string) source.Trace {
	place, ok := l.find(path)
	if !ok || len(place.pieces) == 0 {
		return source.Trace{Location: source.FileStart(l.file.Path)}
	}
	start, end := place.start, place.end
	if i := strings.Index(place.text[start:end], text); text != "" && i >= 0 {
		start += i
		end = start + len(text)
	} else if len(path) <= 2 && len(place.pieces) > 1 {
		end = min(end, place.pieces[1].at)
	}
	from := l.offset(place.joined, start)
	span := l.text.Span(from, from)
	if end > start {
		span = l.text.Span(from, place.source(end-1)+1)
	}
	return source.Trace{Location: source.Location{Path: l.file.Path, Span: span}}
}

func (l *dockerLocator) offset(j joined, at int) int { return min(j.source(at), len(l.text.Data)) }

// find gives the words that a path leads to, or those of the nearest ancestor.
func (l *dockerLocator) find(path source.Path) (words, bool) {
	if len(path) < 2 {
		return words{}, false
	}
	if name, _ := path[1].(string); path[0] == "directives" {
		w, ok := l.directives[name]
		return w, ok
	}
	i, ok := path[1].(int)
	if path[0] != "instructions" || !ok || i < 0 || i >= len(l.instructions) {
		return words{}, false
	}
	return l.instructions[i].find(path[2:]), true
}

func (p *dockerPlace) find(path source.Path) words {
	if len(path) == 0 {
		return p.raw
	}
	var list []words
	switch path[0] {
	case "cmd":
		return p.cmd
	case "trigger":
		if p.trigger != nil {
			return p.trigger.find(path[1:])
		}
	case "flags":
		list = p.flags
	case "args":
		list = p.args
	case "heredocs":
		list = p.heredocs
	}
	if len(path) > 1 {
		if i, ok := path[1].(int); ok && i >= 0 && i < len(list) {
			return list[i]
		}
	}
	return p.raw
}

// readDirectives reads the comments at the top that direct the parser.
func (l *dockerLocator) readDirectives() map[string]any {
	out := map[string]any{}
	for _, name := range []string{"syntax", "escape", "check"} {
		value, whole, at, ok := parser.ParseDirective(name, l.text.Data)
		if !ok || len(at) == 0 {
			continue
		}
		if name != "syntax" {
			value = whole
		}
		out[name] = value
		line := at[0].Start.Line
		if i := bytes.Index(l.text.Line(line), []byte(value)); i >= 0 {
			w := words{end: len(value)}
			w.text, w.pieces = value, []piece{{0, lineStart(l.text, line) + i}}
			l.directives[name] = w
		}
	}
	return out
}
