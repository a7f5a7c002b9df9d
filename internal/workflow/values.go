package workflow

import (
	"fmt"
	"strings"
	"sync"
)

// object gives a map, and nil for what is none.
func object(value any) map[string]any {
	m, _ := value.(map[string]any)
	return m
}

// text gives a scalar as text, and "" for what is none.
func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case nil, map[string]any, []any:
		return ""
	default:
		return fmt.Sprint(v)
	}
}

// texts gives a list of scalars, or one scalar, as a list.
func texts(value any) []string {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	var out []string
	for _, item := range list {
		if s := text(item); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// set is a table of words.
func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

// memo remembers what was worked out, by a key. It may be used at the same time; what is worked out twice is the same.
type memo[V any] struct{ known sync.Map }

func (m *memo[V]) get(key string) (V, bool) {
	v, ok := m.known.Load(key)
	if !ok {
		var none V
		return none, false
	}
	return v.(V), true
}

func (m *memo[V]) set(key string, v V) { m.known.Store(key, v) }
