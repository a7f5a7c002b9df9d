package source

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Path leads from a document's root to a value: string keys and int indexes.
type Path []any

// Append returns a new path that is one or more steps longer. The receiver is never changed, nor shared.
func (p Path) Append(steps ...any) Path {
	out := make(Path, 0, len(p)+len(steps))
	return append(append(out, p...), steps...)
}

// String gives the familiar form, spec.containers[0].image, with keys that hold a dot or bracket in quotes.
func (p Path) String() string {
	var b strings.Builder
	for _, step := range p {
		switch s := step.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", s)
		case string:
			if s == "" || strings.ContainsAny(s, `.[]"`) {
				fmt.Fprintf(&b, "[%s]", strconv.Quote(s))
				continue
			}
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s)
		}
	}
	return b.String()
}

// ParsePath reads what String prints: spec.containers[0].image, metadata.labels["app.kubernetes.io/name"]. An empty text is
// the empty path, the document itself.
func ParsePath(text string) (Path, error) {
	var p Path
	for rest := text; rest != ""; {
		step, after, err := parseStep(rest, len(p) > 0)
		if err != nil {
			return nil, fmt.Errorf("path %q: %w", text, err)
		}
		p, rest = append(p, step), after
	}
	return p, nil
}

// parseStep reads one step; inner is false for the first, which has no dot before it.
func parseStep(text string, inner bool) (step any, rest string, err error) {
	if inside, ok := strings.CutPrefix(text, "["); ok {
		return parseBracket(inside)
	}
	name, dotted := strings.CutPrefix(text, ".")
	if dotted != inner {
		if dotted {
			return nil, "", errors.New("it starts with a key or an index, not with a dot")
		}
		return nil, "", fmt.Errorf("a dot or a bracket is missing before %q", text)
	}
	end := strings.IndexAny(name, `.[]"`)
	if end < 0 {
		end = len(name)
	}
	switch {
	case end == 0:
		return nil, "", errors.New(`a key is missing after a dot; an empty one is written [""]`)
	case end < len(name) && (name[end] == ']' || name[end] == '"'):
		return nil, "", fmt.Errorf(`a key with %q in it is written in brackets and quotes, as ["a.b"]`, name[end])
	}
	return name[:end], name[end:], nil
}

// parseBracket reads what follows an opening bracket: an index, or a key in quotes.
func parseBracket(text string) (step any, rest string, err error) {
	if quoted, err := strconv.QuotedPrefix(text); err == nil && quoted[0] == '"' {
		key, err := strconv.Unquote(quoted)
		rest, closed := strings.CutPrefix(text[len(quoted):], "]")
		if err != nil || !closed {
			return nil, "", fmt.Errorf("a bracket is not closed after %s", quoted)
		}
		return key, rest, nil
	}
	inside, rest, closed := strings.Cut(text, "]")
	index, err := strconv.Atoi(inside)
	switch {
	case !closed:
		return nil, "", errors.New("a bracket is not closed")
	case err != nil || index < 0 || strconv.Itoa(index) != inside:
		return nil, "", fmt.Errorf(`[%s] is no index; a key in brackets stands in quotes, as ["a.b"]`, inside)
	}
	return index, rest, nil
}

// Get walks the path down a plain value and reports whether it leads anywhere.
func (p Path) Get(value any) (any, bool) {
	for _, step := range p {
		next, ok := child(value, step)
		if !ok {
			return nil, false
		}
		value = next
	}
	return value, true
}

func child(value, step any) (any, bool) {
	switch s := step.(type) {
	case string:
		m, ok := value.(map[string]any)
		if !ok {
			return nil, false
		}
		v, ok := m[s]
		return v, ok
	case int:
		l, ok := value.([]any)
		if !ok || s < 0 || s >= len(l) {
			return nil, false
		}
		return l[s], true
	}
	return nil, false
}

// namingKeys are the keys by which people tell the items of a list apart, best first.
var namingKeys = []string{"id", "name", "uses", "key", "image", "containerPort", "port"}

// Identity is the path with names in place of indexes where an item has one, so that it survives items being
// added before it: jobs.build.steps[uses=actions/checkout].with. The version of an action is left out of its name.
func (p Path) Identity(value any) string {
	var b strings.Builder
	for _, step := range p {
		next, ok := child(value, step)
		if i, isIndex := step.(int); isIndex {
			b.WriteString("[" + itemName(next, i) + "]")
		} else {
			b.WriteString("." + fmt.Sprint(step))
		}
		if !ok {
			next = nil
		}
		value = next
	}
	return strings.TrimPrefix(b.String(), ".")
}

func itemName(item any, index int) string {
	m, ok := item.(map[string]any)
	if !ok {
		return strconv.Itoa(index)
	}
	// Steps without a name and instructions of a Dockerfile are many alike, and more are put between them: which one of its
	// kind it is, the text that is offending tells, or else their order.
	if cmd, ok := m["cmd"].(string); ok && m["raw"] != nil {
		return "cmd=" + cmd
	}
	for _, key := range namingKeys {
		if v, ok := m[key]; ok && v != nil && v != "" {
			name := fmt.Sprint(v)
			if key == "uses" || key == "image" {
				name, _, _ = strings.Cut(name, "@")
			}
			return key + "=" + name
		}
	}
	if _, ok := m["run"].(string); ok {
		return "run"
	}
	return strconv.Itoa(index)
}
