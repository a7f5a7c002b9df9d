package render

import (
	"encoding/binary"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// spot is where the library read a key or a scalar: its line and column there, or zeros.
type spot struct{ line, column int }

// spotsOf lists the spots of an object: of each key of a map, the keys in order, and of each scalar, written as the
// differences from one to the next. It gives nothing when no spot is past the line from: nothing was moved then.
func spotsOf(object *yaml.Node, from int) []byte {
	w := spotWriter{from: from}
	w.value(object)
	if !w.any {
		return nil
	}
	return w.out
}

type spotWriter struct {
	out  []byte
	last spot
	from int
	any  bool
}

func (w *spotWriter) value(n *yaml.Node) {
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) > 0 {
			w.value(n.Content[0])
		}
	case yaml.MappingNode:
		order := make([]int, 0, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			order = append(order, i)
		}
		slices.SortFunc(order, func(a, b int) int {
			switch x, y := n.Content[a].Value, n.Content[b].Value; {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return a - b
		})
		for _, i := range order {
			w.spot(n.Content[i])
			w.value(n.Content[i+1])
		}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			w.value(item)
		}
	default:
		w.spot(n)
	}
}

func (w *spotWriter) spot(n *yaml.Node) {
	s := spot{n.Line, n.Column}
	if s.line <= w.from {
		s = spot{}
	}
	w.any = w.any || s.line > 0
	w.out = binary.AppendVarint(w.out, int64(s.line-w.last.line))
	w.out = binary.AppendVarint(w.out, int64(s.column-w.last.column))
	w.last = s
}

// spots reads what spotsOf wrote, along the value that was built.
type spots struct {
	rest []byte
	last spot
}

func (r *spots) next() spot {
	line, n := binary.Varint(r.rest)
	if n <= 0 {
		r.rest = nil
		return spot{}
	}
	r.rest = r.rest[n:]
	column, n := binary.Varint(r.rest)
	if n <= 0 {
		r.rest = nil
		return spot{}
	}
	r.rest = r.rest[n:]
	r.last = spot{r.last.line + int(line), r.last.column + int(column)}
	return r.last
}

// told is what spots say of one value: where its key was read, the value itself when it is a scalar, and else the first
// key or scalar within.
type told struct{ key, self, within spot }

// whole reports whether the spots are those of the value: as many as it has keys and scalars.
func (r spots) whole(value any) bool {
	r.skip(value)
	return len(r.rest) == 0
}

// at gives what is told of the value at a path, which has to be there.
func (r spots) at(value any, path source.Path) told {
	var out told
	for _, step := range path {
		out.key = spot{}
		switch v := value.(type) {
		case map[string]any:
			for _, key := range sortedKeys(v) {
				s := r.next()
				if key == step {
					out.key, value = s, v[key]
					break
				}
				r.skip(v[key])
			}
		case []any:
			i, _ := step.(int)
			for _, item := range v[:i] {
				r.skip(item)
			}
			value = v[i]
		}
	}
	switch value.(type) {
	case map[string]any, []any:
		out.within = r.skip(value)
	default:
		out.self = r.next()
	}
	return out
}

// skip passes a value, and gives the first spot in it that says something.
func (r *spots) skip(value any) spot {
	var first spot
	note := func(s spot) {
		if first.line == 0 {
			first = s
		}
	}
	switch v := value.(type) {
	case map[string]any:
		for _, key := range sortedKeys(v) {
			note(r.next())
			note(r.skip(v[key]))
		}
	case []any:
		for _, item := range v {
			note(r.skip(item))
		}
	default:
		note(r.next())
	}
	return first
}
