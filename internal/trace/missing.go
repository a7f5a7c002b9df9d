package trace

import (
	"slices"
	"strings"
)

// whole is the one piece that wrote all of a map, if there is one.
func whole(q Query) []piece {
	text := q.Text[q.Body[0]:q.Body[1]]
	q.Start = q.Body[0] + len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	q.End = q.Body[0] + len(strings.TrimRight(text, " \t\r\n"))
	if over := overlapping(q); len(over) == 1 {
		return over
	}
	return nil
}

// room finds where what is missing from a range could be set: the values that an action in it was left out for, whose
// body would have written the key.
func (r *Record) room(q Query) []Value {
	var out []Value
	for _, p := range q.Pieces {
		within := p.Start >= q.Start && p.Start <= q.Body[1]+len(q.Text[q.Body[1]:])-len(strings.TrimLeft(q.Text[q.Body[1]:], " \t\r\n"))
		if p.Form != Skipped || !within || p.Reads < 0 || !r.writes(p, q) {
			continue
		}
		for _, id := range r.Sets[p.Reads] {
			out = append(out, Value{Leaf: id, Role: Room, Start: p.Start})
		}
	}
	return out
}

// unwritten finds the values for want of which nothing was written after a key.
func (r *Record) unwritten(q Query) []Value {
	var out []Value
	end := q.End + len(q.Text[q.End:]) - len(strings.TrimLeft(q.Text[q.End:], ": \t\r\n"))
	for _, p := range q.Pieces {
		if p.Form != Skipped || p.Start < q.End || p.Start > end || p.Reads < 0 {
			continue
		}
		for _, id := range r.Sets[p.Reads] {
			out = append(out, Value{Leaf: id, Role: Room, Start: p.Start})
		}
	}
	return out
}

// writes reports whether the body of a control action would have written the key that is missing: at the indentation of its
// map, which only a template that is not indented as a whole keeps to.
func (r *Record) writes(p Piece, q Query) bool {
	return slices.ContainsFunc(r.Bodies[p.At], func(k BodyKey) bool {
		return k.Name == q.Missing && (k.Indent == q.Indent || p.Frame >= 0)
	})
}
