package trace

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Query asks for what wrote a range of a text.
type Query struct {
	Text       string
	Pieces     Pieces
	Start, End int         // the range, in bytes, half-open
	Whole      [2]int      // the range of all of the scalar, of which that may be a part
	Asked      string      // the text of that part; "" for all of the scalar
	Path       source.Path // of the value there in its object
	Value      string      // the scalar there as it is read; "" for a map or list
	Scalar     bool        // it is a scalar
	// Missing is the key that is not there, below the path; "" when nothing is missing. Then the values are those that could
	// put it into the map whose text is Body, a range as Start and End are.
	Missing string
	Body    [2]int
	Indent  int // of the keys of that map
	// Before counts the items of the list at a path that begin before an offset of the text.
	Before func(list source.Path, offset int) int
	// Read reads a text as the query's own was read; nil when it is none.
	Read func(text string) *source.Document
}

// Answer is what wrote a range.
type Answer struct {
	At      Place   // where the template writes it
	Calls   []Place // the actions that called for that template, the innermost first
	Values  []Value // what it was made of, the best first
	Because []Value // values that decided that it is written at all
	Sure    bool    // that At is the very place, rather than an action that made it of several
}

// Place is a range of a source.
type Place struct {
	Source     int // an index of Record.Sources
	Start, End int // offsets in it; of an action only Start, which is within its delimiters
	Action     bool
}

// Value is a value that took part.
type Value struct {
	Leaf  int32 // an index of Record.Leaves
	Role  Role
	Start int    // where in the text it stands, in bytes; of the piece that it is in where that is not known
	Part  string // of the value's own text, when only that is meant; "" for all of it
}

// Role says what a value has to do with a range.
type Role uint8

// The roles of a value, the strongest first.
const (
	Supplies Role = iota // the text in the range is the value's
	Changed              // it is made of this value alone, by a function
	Room                 // it is not set; setting it would write the range, or what is missing there
	Read                 // it was read, among others, on the way
)

// Ask answers a query. It reports false when no piece lies in the range.
func (r *Record) Ask(q Query) (Answer, bool) {
	over := overlapping(q)
	if len(over) == 0 {
		return Answer{}, false
	}
	var callers []piece
	for i, p := range over {
		callers = append(callers, r.callers(p)...)
		over[i] = r.remade(p)
	}
	first := over[0]
	if first.Form == Folded && first.Part >= 0 {
		if a, ok := r.anew(q, first); ok {
			return a, true
		}
	}
	var a Answer
	a.At, a.Sure = r.place(q, first), first.Form != Folded
	for frame := first.Frame; frame >= 0; frame = r.Frames[frame].Parent {
		a.Calls = append(a.Calls, r.action(r.Frames[frame].Call))
	}
	if q.Scalar && q.Value == "" {
		a.Values = r.unwritten(q)
	}
	if q.Missing != "" {
		a.Values = r.room(q)
		over = whole(q)
	}
	for _, p := range append(over, callers...) {
		if p.Form == Action || p.Form == Folded {
			a.Values = append(a.Values, r.values(q, p)...)
		}
	}
	slices.SortStableFunc(a.Values, func(x, y Value) int { return cmp.Compare(x.Role, y.Role) })
	a.Values = unique(a.Values)
	for c := first.Control; c >= 0; c = r.Controls[c].Parent {
		if set := r.Controls[c].Reads; set >= 0 {
			for _, id := range r.Sets[set] {
				a.Because = append(a.Because, Value{Leaf: id, Role: Read})
			}
		}
	}
	a.Because = unique(a.Because)
	return a, true
}

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

func unique(values []Value) []Value {
	var out []Value
	for _, v := range values {
		if !slices.ContainsFunc(out, func(o Value) bool { return o.Leaf == v.Leaf }) {
			out = append(out, v)
		}
	}
	return out
}

// remade is a piece of a text that values made and tpl rendered: what called tpl has printed it.
func (r *Record) remade(p piece) piece {
	for p.Form == Text && p.Frame >= 0 {
		from := r.Sources[r.source(p.At)]
		if !from.Made {
			break
		}
		p.leaf, p.made = from.Leaf, true
		if at := r.Sources[r.source(r.Frames[p.Frame].Call)]; !at.Made {
			p.Form = Action
		}
		p.At, p.Reads, p.Frame = r.Frames[p.Frame].Call, from.Reads, r.Frames[p.Frame].Parent
	}
	return p
}

// callers are the calls of tpl that rendered what an action stands in, where that text was made of values: a value that is
// a template is part of what it renders to.
func (r *Record) callers(p piece) []piece {
	var out []piece
	for at, frame := p.At, p.Frame; frame >= 0 && p.Form == Action; at, frame = r.Frames[frame].Call, r.Frames[frame].Parent {
		if from := r.Sources[r.source(at)]; from.Made && from.Leaf < 0 {
			call := p
			call.At, call.Reads, call.Exact, call.made = r.Frames[frame].Call, from.Reads, -1, true
			out = append(out, call)
		}
	}
	return out
}

// anew answers a query of a text that was read from another one and written anew: the value at the same path there.
func (r *Record) anew(q Query, p piece) (Answer, bool) {
	part := r.Parts[p.Part]
	doc := q.Read(part.Text)
	if doc == nil {
		return Answer{}, false
	}
	for n := range q.Path {
		rest := q.Path[n:]
		value, ok := rest.Get(doc.Value)
		text, scalar := scalarOf(value)
		if !ok || scalar != q.Scalar || text != q.Value {
			continue
		}
		span, whole := doc.Locate(rest, q.Asked).Span, doc.Locate(rest, "").Span
		inner := q
		inner.Text, inner.Pieces, inner.Path = part.Text, part.Pieces, rest
		inner.Start, inner.End, inner.Whole = span.Start.Offset, span.End.Offset, [2]int{whole.Start.Offset, whole.End.Offset}
		inner.Body = inner.Whole
		inner.Before = func(list source.Path, offset int) int { return Before(doc, list, offset) }
		if body, ok := doc.Extent(rest); ok {
			inner.Body = [2]int{body.Start.Offset, body.End.Offset}
		}
		return r.Ask(inner)
	}
	return Answer{}, false
}

func scalarOf(value any) (text string, scalar bool) {
	switch value.(type) {
	case map[string]any, []any:
		return "", false
	case nil:
		return "", true
	}
	return fmt.Sprint(value), true
}

// Before counts the items of a list in a document of YAML that begin before an offset.
func Before(doc *source.Document, list source.Path, offset int) int {
	value, _ := list.Get(doc.Value)
	items, _ := value.([]any)
	for i := range items {
		if at, ok := doc.Extent(list.Append(i)); ok && at.Start.Offset >= offset {
			return i
		}
	}
	return len(items)
}

// piece is a piece with its end.
type piece struct {
	Piece
	End  int
	leaf int32 // the value whose text it is, rendered with tpl; -1 for none
	made bool  // its text was made of values and rendered with tpl
}

// overlapping lists the pieces that wrote something in the range beside blanks and quotes, where there are any.
func overlapping(q Query) []piece {
	var all, telling []piece
	if q.Scalar && q.Value == "" { // what printed nothing stands after its key
		if i := strings.IndexByte(q.Text[q.End:], '\n'); i >= 0 {
			q.End += i + 1
		}
	}
	i, _ := slices.BinarySearchFunc(q.Pieces, q.Start+1, func(p Piece, at int) int { return cmp.Compare(p.Start, at) })
	for i > 0 && q.Pieces[i-1].Start >= q.Start {
		i--
	}
	for i = max(0, i-1); i < len(q.Pieces) && q.Pieces[i].Start < q.End; i++ {
		p := piece{Piece: q.Pieces[i], End: len(q.Text), leaf: -1}
		if i+1 < len(q.Pieces) {
			p.End = q.Pieces[i+1].Start
		}
		from, to := max(p.Start, q.Start), min(p.End, q.End, len(q.Text))
		if q.Scalar && q.Value == "" && p.Form == Action && p.Start == p.End && from == to {
			telling = append(telling, p)
		}
		if p.Form == Skipped || from >= to {
			continue
		}
		all = append(all, p)
		if strings.Trim(q.Text[from:to], " \t\r\n\"'") != "" {
			telling = append(telling, p)
		}
	}
	if len(telling) > 0 {
		return telling
	}
	return all
}

// place is where the part of a piece that lies in the range stands.
func (r *Record) place(q Query, p piece) Place {
	if p.Form != Text {
		return r.action(p.At)
	}
	from, to := max(p.Start, q.Start), min(p.End, q.End)
	i := r.source(p.At)
	start := p.At - r.Sources[i].Start + from - p.Start
	return Place{Source: i, Start: start, End: start + to - from}
}

func (r *Record) action(at int) Place {
	i := r.source(at)
	return Place{Source: i, Start: at - r.Sources[i].Start, End: at - r.Sources[i].Start, Action: true}
}

// source is the source that holds a place.
func (r *Record) source(at int) int {
	i, _ := slices.BinarySearchFunc(r.Sources, at+1, func(s Source, at int) int { return cmp.Compare(s.Start, at) })
	return max(0, i-1)
}

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
	for n := 0; n < len(q.Path); n++ { // the map stands at the path's first n steps
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
	var out []int32
	for i := range r.Leaves {
		if r.Leaves[i].Parent == id && r.Leaves[i].Form != Key {
			out = append(out, int32(i))
		}
	}
	return out
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

// sameText compares two scalars, numbers by their values.
func sameText(a, b string) bool {
	if a == b {
		return true
	}
	x, err := strconv.ParseFloat(a, 64)
	y, also := strconv.ParseFloat(b, 64)
	return err == nil && also == nil && x == y
}
