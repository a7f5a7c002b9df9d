package source

import (
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
	for _, key := range namingKeys {
		if v, ok := m[key]; ok && v != nil && v != "" {
			name := fmt.Sprint(v)
			if key == "uses" || key == "image" {
				name, _, _ = strings.Cut(name, "@")
			}
			return key + "=" + name
		}
	}
	return strconv.Itoa(index)
}
