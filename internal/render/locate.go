package render

import (
	"bytes"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// locator gives a rendered document its places. It reads the rendered text's own places first, and looks for them in
// the sources only when it is asked: few places ever are.
func (r *Renderer) locator(unit Unit, run run, t text, doc *source.Document) source.Locator {
	switch {
	case t.Source == "" && t.Anchor.Path != "":
		return fixed{t.Anchor}
	case t.Source == "":
		return fixed{source.FileStart(unit.File)}
	case unit.Renderer == Kustomize:
		return &resourceLocator{files: r.files, built: doc, source: t.Source, inputs: run.Inputs}
	default:
		return &templateLocator{files: r.files, rendered: doc, text: []byte(t.Data), template: doc.File, values: t.Values}
	}
}

// fixed is the one place of a document that has no text in the repository.
type fixed struct{ at source.Location }

// Locate implements source.Locator.
func (f fixed) Locate(source.Path, string) source.Trace {
	at := f.at
	at.Span.Exact = false
	return source.Trace{Location: at}
}

// near is a line of a file: the part of it that reads like text, where there is one.
func near(file *source.File, line int, text string) source.Location {
	index := source.NewText(file.Data)
	span := index.LineSpan(line)
	if i := bytes.Index(index.Line(line), []byte(text)); text != "" && i >= 0 {
		start := span.Start.Offset - (span.Start.Column - 1) + i
		span = index.Span(start, start+len(text))
	}
	span.Exact = false
	return source.Location{Path: file.Path, Span: span}
}

// keysOf are the keys of a path, without its indexes.
func keysOf(path source.Path) []string {
	var keys []string
	for _, step := range path {
		if key, ok := step.(string); ok {
			keys = append(keys, key)
		}
	}
	return keys
}

// outline is a line of a template that gives a key or an item a value.
type outline struct {
	line  int      // 1-based
	chain []string // the keys that the indentation puts it under, its own last; an item's is ""
	rest  string   // what follows the key, without a comment's worth of care
}

// outlines reads the lines of a template as if it were YAML: templates mostly are, line by line.
func outlines(data []byte) []outline {
	type level struct {
		indent int
		key    string
	}
	var out []outline
	var stack []level
	for i, raw := range bytes.Split(data, []byte("\n")) {
		text := strings.TrimRight(string(raw), " \t\r")
		body := strings.TrimLeft(text, " ")
		indent, item := len(text)-len(body), false
		for strings.HasPrefix(body, "- ") {
			inner := strings.TrimLeft(body[1:], " ")
			indent, body, item = indent+len(body)-len(inner), inner, true
		}
		if body == "" || body[0] == '#' {
			continue
		}
		key, rest, ok := cutKey(body)
		switch {
		case !ok && !item:
			continue
		case !ok:
			key, rest = "", body
		}
		for len(stack) > 0 && stack[len(stack)-1].indent >= indent {
			stack = stack[:len(stack)-1]
		}
		stack = append(stack, level{indent, key})
		chain := make([]string, len(stack))
		for j, l := range stack {
			chain[j] = l.key
		}
		out = append(out, outline{line: i + 1, chain: chain, rest: rest})
	}
	return out
}

// cutKey takes the key off a line such as `image: {{ .Values.image }}`.
func cutKey(body string) (key, rest string, ok bool) {
	if strings.HasPrefix(body, "{{") {
		return "", "", false
	}
	key, rest, ok = strings.Cut(body, ":")
	if !ok || (rest != "" && rest[0] != ' ') || strings.ContainsAny(strings.Trim(key, `"'`), " \"'{}") {
		return "", "", false
	}
	return strings.Trim(key, `"'`), strings.TrimSpace(rest), true
}

// literal is what a value written in a template comes to, when no template action takes part.
func literal(rest string) (string, bool) {
	if rest == "" || strings.Contains(rest, "{{") || strings.ContainsAny(rest[:1], "|>&*[{") {
		return "", false
	}
	if i := strings.Index(rest, " #"); i >= 0 {
		rest = strings.TrimSpace(rest[:i])
	}
	return strings.Trim(rest, `"'`), true
}
