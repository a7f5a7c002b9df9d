package trace

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// values tells which of the values that an action read are in what it printed.
func (r *Record) values(q Query, p piece) []Value {
	switch {
	case p.leaf >= 0:
		line, _, _ := strings.Cut(strings.TrimLeft(q.Text[max(p.Start, q.Start):min(p.End, q.End)], "\r\n"), "\n")
		return []Value{{Leaf: p.leaf, Role: Supplies, Start: p.Start, Part: strings.TrimSpace(line)}}
	case p.Exact >= 0 && r.Leaves[p.Exact].Form == Scalar:
		return []Value{{Leaf: p.Exact, Role: Supplies, Start: p.Start}}
	}
	if p.Reads < 0 {
		return nil
	}
	out := strings.Trim(q.Text[p.Start:p.End], " \t\r\n\"'")
	from, to := max(p.Start, q.Start), min(p.End, q.End)
	wider := q.wider(p)
	var equal, part, inner, empty, rest []int32
	for _, id := range r.Sets[p.Reads] {
		one := r.Leaves[id]
		switch {
		case one.Form == Map || one.Form == List:
			if found, ok := r.descend(q, p, id); ok {
				inner = append(inner, found)
			} else {
				rest = append(rest, id)
			}
		case one.Form == Scalar && one.Text == "" && out == "" && q.Scalar:
			equal = append(equal, id)
		case one.Form == Unset || one.Text == "":
			empty = append(empty, id)
		case sameText(out, one.Text) || q.Value != "" && sameText(q.Value, one.Text) && (!wider || r.fit(q, id) > 0):
			equal = append(equal, id)
		case r.within(q, p, one.Text, from, to) && (!wider || r.fit(q, id) > 0):
			part = append(part, id)
		default:
			rest = append(rest, id)
		}
	}
	return r.rank(q, p, equal, part, inner, empty, rest)
}

// wider reports whether a piece is more than the scalar. Then only the names in its text tell what is where.
func (q Query) wider(p piece) bool {
	return p.Start < q.Whole[0]-1 || p.End > q.Whole[1]+1
}

// rank makes values of leaves, by how well they fit.
func (r *Record) rank(q Query, p piece, equal, part, inner, empty, rest []int32) []Value {
	var out []Value
	as := func(role Role, ids []int32) {
		for _, id := range ids {
			start := p.Start
			if i := strings.LastIndex(q.Text[p.Start:p.End], r.Leaves[id].Text); i > 0 && role == Supplies {
				start += i
			}
			out = append(out, Value{Leaf: id, Role: role, Start: start})
		}
	}
	nearest := func(ids []int32) {
		slices.SortStableFunc(ids, func(a, b int32) int { return cmp.Compare(r.fit(q, b), r.fit(q, a)) })
	}
	nearest(equal)
	nearest(inner)
	slices.SortStableFunc(part, func(a, b int32) int { return cmp.Compare(len(r.Leaves[b].Text), len(r.Leaves[a].Text)) })
	switch {
	case len(equal) > 1 && r.fit(q, equal[0]) == r.fit(q, equal[1]):
		as(Read, equal) // which of them it was cannot be told
	case len(equal) > 0:
		as(Supplies, equal[:1])
		as(Read, equal[1:])
	case len(inner) > 0:
		as(Supplies, inner[:1])
		as(Read, inner[1:])
	case len(part) > 0:
		as(Supplies, part)
	case len(rest) == 1 && len(empty) == 0 && p.Form == Action && (r.Leaves[rest[0]].Form == Scalar || q.Scalar && !q.wider(p)):
		as(Changed, rest)
		rest = nil
	}
	as(Room, empty)
	as(Read, rest)
	return out
}

// within reports whether a value's text is part of what a piece printed, in the range that is asked about.
func (r *Record) within(q Query, p piece, text string, from, to int) bool {
	if len(text) < 2 {
		return false
	}
	printed := q.Text[p.Start:p.End]
	for at := 0; ; {
		i := strings.Index(printed[at:], text)
		if i < 0 {
			return false
		}
		start := p.Start + at + i
		if start < to && start+len(text) > from {
			return true
		}
		at += i + 1
	}
}

// fit is how many of the last steps of a value's path are those of the path in the object.
func (r *Record) fit(q Query, id int32) int {
	path, n := r.Path(id), 0
	for n < len(path) && n < len(q.Path) && sameStep(path[len(path)-1-n], q.Path[len(q.Path)-1-n]) {
		n++
	}
	return n
}

func sameStep(a, b any) bool {
	x, ok := a.(string)
	y, also := b.(string)
	if ok && also {
		return strings.EqualFold(x, y)
	}
	return a == b
}

// descend finds the value in a map or list that stands at the queried path: the one whose way from the map is the end of
// the path and whose text is that of the scalar, or a template itself where tpl rendered it.
func (r *Record) descend(q Query, p piece, id int32) (int32, bool) {
	for n := range q.Path { // the map stands at the path's first n steps
		found, ok := r.child(id, q.Path[n:])
		if !ok {
			continue
		}
		one := r.Leaves[found]
		if q.Scalar != (one.Form == Scalar) || q.Scalar && !r.renders(p, one, q.Value) {
			continue
		}
		return found, true
	}
	if found, ok := r.item(q, p, id); ok {
		return found, true
	}
	if q.Value == "" && !q.Scalar && len(q.Path) > 0 && r.Leaves[id].Form == Map {
		return id, true
	}
	return 0, false
}

// renders reports whether a scalar's text is, or may render to, the text of the one that is asked about.
func (r *Record) renders(p piece, one Leaf, text string) bool {
	return sameText(text, one.Text) || p.made && strings.Contains(one.Text, "{{")
}

// item finds a value in the items of a list that were put behind others: as many of the rendered list begin before what
// printed it.
func (r *Record) item(q Query, p piece, id int32) (int32, bool) {
	if r.Leaves[id].Form != List || q.Before == nil {
		return 0, false
	}
	for n, step := range q.Path {
		i, ok := step.(int)
		if !ok {
			continue
		}
		rest := q.Path[n+1:]
		before := q.Before(q.Path[:n], r.begin(q, p))
		if before == 0 || before > i {
			continue
		}
		found, ok := r.child(id, append(source.Path{i - before}, rest...))
		if ok && q.Scalar == (r.Leaves[found].Form == Scalar) && (!q.Scalar || r.renders(p, r.Leaves[found], q.Value)) {
			return found, true
		}
	}
	return 0, false
}

// begin is where all that one action printed begins: it may be pieces of several sources.
func (r *Record) begin(q Query, p piece) int {
	i, _ := slices.BinarySearchFunc(q.Pieces, p.Start+1, func(p Piece, at int) int { return cmp.Compare(p.Start, at) })
	for i--; i > 0; i-- {
		if !r.calledBy(q.Pieces[i-1], p.At, p.Frame) {
			break
		}
	}
	return q.Pieces[max(0, i)].Start
}

// calledBy reports whether an action printed a piece, or called what printed it.
func (r *Record) calledBy(p Piece, action int, frame int32) bool {
	at, of := p.At, p.Frame
	for {
		switch {
		case at == action && of == frame:
			return true
		case of < 0:
			return false
		}
		at, of = r.Frames[of].Call, r.Frames[of].Parent
	}
}

// child follows a path down from a leaf.
func (r *Record) child(id int32, path source.Path) (int32, bool) {
	for _, step := range path {
		next := int32(-1)
		for _, c := range r.inner(id) {
			one := r.Leaves[c]
			if i, ok := step.(int); ok && one.Index == int32(i) || one.Index < 0 && one.Key == step {
				next = c
				break
			}
		}
		if next < 0 {
			return 0, false
		}
		id = next
	}
	return id, true
}

// inner are the leaves in a leaf.
func (r *Record) inner(id int32) []int32 {
	r.once.Do(func() {
		r.below = map[int32][]int32{}
		for i, one := range r.Leaves {
			if one.Form != Key && !one.Gone {
				r.below[one.Parent] = append(r.below[one.Parent], int32(i))
			}
		}
	})
	return r.below[id]
}

// sameText compares two scalars, numbers by their values.
func sameText(a, b string) bool {
	if a == b {
		return true
	}
	x, err := strconv.ParseFloat(a, 64)
	y, also := strconv.ParseFloat(b, 64)
	return err == nil && also == nil && x == y
}
