package trace

import (
	"cmp"
	"slices"
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
	a.Values = Unique(a.Values)
	if first.Form == Action && q.Scalar && q.wider(first) && (len(a.Values) == 0 || a.Values[0].Role != Supplies) {
		a.Sure = false // it printed much, and what of it is this is not known
	}
	a.Because = r.because(first)
	return a, true
}

// because are the values that the control actions around a piece read.
func (r *Record) because(p piece) []Value {
	var out []Value
	for c := p.Control; c >= 0; c = r.Controls[c].Parent {
		if set := r.Controls[c].Reads; set >= 0 {
			for _, id := range r.Sets[set] {
				out = append(out, Value{Leaf: id, Role: Read})
			}
		}
	}
	return Unique(out)
}

// Unique keeps the first of what is said of each value.
func Unique(values []Value) []Value {
	var out []Value
	for _, v := range values {
		if !slices.ContainsFunc(out, func(o Value) bool { return o.Leaf == v.Leaf }) {
			out = append(out, v)
		}
	}
	return out
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
