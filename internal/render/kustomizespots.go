package render

import (
	"encoding/binary"
	"maps"
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

// spots reads what spotsOf wrote.
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

// spotted is what spots say of one value: where its key was read, and the value itself when it is a scalar.
type spotted struct {
	key, self spot
	fields    map[string]*spotted
	items     []*spotted
}

// spread gives spots to the parts of the value that they were listed of; nil when they are not as many as it has.
func spread(list []byte, value any) *spotted {
	if len(list) == 0 {
		return nil
	}
	r := &spots{rest: list}
	if all := r.of(value); len(r.rest) == 0 {
		return all
	}
	return nil
}

func (r *spots) of(value any) *spotted {
	out := new(spotted)
	switch v := value.(type) {
	case map[string]any:
		out.fields = make(map[string]*spotted, len(v))
		for _, name := range slices.Sorted(maps.Keys(v)) {
			key := r.next()
			field := r.of(v[name])
			field.key = key
			out.fields[name] = field
		}
	case []any:
		out.items = make([]*spotted, len(v))
		for i, item := range v {
			out.items[i] = r.of(item)
		}
	default:
		out.self = r.next()
	}
	return out
}

// at gives what is told of the value at a path.
func (s *spotted) at(path source.Path) (*spotted, bool) {
	for _, step := range path {
		if s == nil {
			break
		}
		switch step := step.(type) {
		case string:
			s = s.fields[step]
		case int:
			if step >= len(s.items) {
				return nil, false
			}
			s = s.items[step]
		}
	}
	return s, s != nil
}

// within is the first spot in a value that says something.
func (s *spotted) within() spot {
	for _, name := range slices.Sorted(maps.Keys(s.fields)) {
		field := s.fields[name]
		if field.key.line > 0 {
			return field.key
		}
		if first := field.within(); first.line > 0 {
			return first
		}
	}
	for _, item := range s.items {
		if first := item.within(); first.line > 0 {
			return first
		}
	}
	return s.self
}
