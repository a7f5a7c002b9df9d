package trace

import (
	"bytes"
	"slices"
	"strings"
)

// Piece is a range of a rendered text that one place wrote. It ends where the next one begins.
type Piece struct {
	Start   int   // byte offset in the text
	At      int   // place in the sources: of the first byte for text, of the action otherwise
	Frame   int32 // the calls that led there, an index of Record.Frames; -1 for the template itself
	Reads   int32 // the values that the action read, an index of Record.Sets; -1 for none
	Exact   int32 // the value that was printed as it is, an index of Record.Leaves; -1 when not known
	Control int32 // the innermost control action around, an index of Record.Controls; -1 for none
	Part    int32 // of a Folded piece: the text that it was made of, an index of Record.Parts; -1 when that is not kept
	Form    Form
}

// Form says how a piece came about.
type Form uint8

// The forms of a piece.
const (
	Text    Form = iota // the template's own text, byte by byte
	Action              // what an action printed
	Folded              // what an action made of a text that other places wrote, beyond telling which wrote what
	Skipped             // nothing: here a control action was evaluated
)

// Frame is the call of a named template, or of tpl.
type Frame struct {
	Parent int32 // the frame of the caller; -1 for the template itself
	Call   int   // place of the action in the sources
}

// Control is one evaluation of an if, with or range.
type Control struct {
	Parent int32 // the control action around; -1 for none
	Reads  int32 // the values that it read, an index of Record.Sets; -1 for none
	At     int   // place in the sources
}

// written is a text that a named template rendered to.
type written struct {
	text   string
	pieces []Piece
	reads  []int32
	number int32 // of the parts that are kept, counted from 1; 0 for none
}

// recorder takes what one execution of a template writes.
type recorder struct {
	tracer *tracer
	caller *recorder
	buf    []byte
	pieces []Piece
	frame  int32
	at     int     // place of the node at work
	header bool    // it is a control action
	reads  []int32 // values read since it began
	union  []int32 // and by all nodes so far
	parts  []*written
	exact  int32      // the value that trace_print saw last
	vars   []variable // that are in scope, the innermost last

	control int32 // the innermost control action at work, and the one that was when this execution began
	floor   int32
}

// Write implements io.Writer. A slice of the block is a template speaking of itself; anything else is what an action made.
func (r *recorder) Write(p []byte) (int, error) {
	b, offset, ok := r.tracer.find(p)
	switch {
	case !ok:
		r.printed(p)
	case len(p) == 0:
		r.enter(b, offset)
		_, r.header = b.control[offset]
	default:
		r.enter(b, offset)
		r.add(Piece{Start: len(r.buf), At: r.at, Reads: -1, Exact: -1, Control: r.control, Form: Text})
		r.buf = append(r.buf, p...)
	}
	return len(p), nil
}

// find tells which block a slice is of.
func (t *tracer) find(p []byte) (*block, int, bool) {
	if offset, ok := t.block.holds(p); ok {
		return t.block, offset, true
	}
	for _, b := range slices.Backward(t.later) {
		if offset, ok := b.holds(p); ok {
			return b, offset, true
		}
	}
	return nil, 0, false
}

// enter begins a node.
func (r *recorder) enter(b *block, offset int) {
	r.settle()
	within := -1
	if parent, ok := b.parents[offset]; ok {
		within = b.start + parent
	}
	for r.control != r.floor && r.tracer.causes[r.control].At != within {
		r.leave(r.control)
		r.control = r.tracer.causes[r.control].Parent
	}
	r.at, r.reads, r.parts, r.exact = b.start+offset, r.reads[:0], nil, -1
}

// settle ends the header of a control action: what follows stands in its body, or after it.
func (r *recorder) settle() {
	if !r.header {
		return
	}
	r.header = false
	t := r.tracer
	set := t.set(r.reads)
	t.causes = append(t.causes, Control{Parent: r.control, Reads: set, At: r.at})
	r.control = int32(len(t.causes) - 1)
	r.add(Piece{Start: len(r.buf), At: r.at, Reads: set, Exact: -1, Control: t.causes[r.control].Parent, Form: Skipped})
	if b, offset := t.at(r.at); b != nil {
		for _, name := range b.control[offset].vars {
			r.declare(name, r.reads)
		}
	}
}

// at is the block that holds a place, and the offset in it.
func (t *tracer) at(place int) (*block, int) {
	for _, b := range slices.Backward(t.later) {
		if place >= b.start {
			return b, place - b.start
		}
	}
	return t.block, place
}

func (r *recorder) add(p Piece) {
	if r.tracer.full {
		return
	}
	if r.tracer.count++; r.tracer.count > maxPieces {
		r.tracer.full = true
		return
	}
	p.Frame = r.frame
	if p.Form != Folded {
		p.Part = -1
	}
	r.pieces = append(r.pieces, p)
}

// printed takes what an action printed.
func (r *recorder) printed(p []byte) {
	start := len(r.buf)
	r.buf = append(r.buf, p...)
	whole := Piece{Start: start, At: r.at, Reads: r.tracer.set(r.reads), Exact: r.exact, Control: r.control, Form: Action}
	if len(r.parts) == 0 {
		r.add(whole)
		return
	}
	for _, part := range r.parts {
		r.note(part.reads)
	}
	whole.Form, whole.Reads = Folded, r.tracer.set(r.reads)
	r.join(whole, p)
}

// note records reads of the node at work.
func (r *recorder) note(reads []int32) {
	r.reads = union(r.reads, reads)
	r.union = union(r.union, reads)
}

// taken are the values that the node at work has read so far, those of the texts that it was given among them.
func (r *recorder) taken() []int32 {
	reads := slices.Clone(r.reads)
	for _, part := range r.parts {
		reads = union(reads, part.reads)
	}
	return reads
}

// union adds what a set lacks, up to a bound.
func union(set, more []int32) []int32 {
	for _, id := range more {
		if len(set) < maxReads && !slices.Contains(set, id) {
			set = append(set, id)
		}
	}
	return set
}

// set is the number of a set of values.
func (t *tracer) set(reads []int32) int32 {
	switch len(reads) {
	case 0:
		return -1
	case 1:
		if id, ok := t.singles[reads[0]]; ok {
			return id
		}
		t.singles[reads[0]] = int32(len(t.sets))
	}
	t.sets = append(t.sets, slices.Clone(reads))
	return int32(len(t.sets) - 1)
}

// join records what an action made of the texts that it was given, by finding them in what it printed: whole, a part of
// them, or line by line when they were indented or trimmed. A text that was read and written anew is kept instead.
func (r *recorder) join(whole Piece, p []byte) {
	whole.Part = -1
	r.add(whole)
	first := len(r.pieces) - 1
	from := 0
	for _, part := range r.parts {
		text := part.text
		if strings.TrimSpace(text) == "" {
			continue
		}
		if i := bytes.Index(p[from:], []byte(text)); i >= 0 {
			r.splice(whole, from+i, part, 0, len(text))
			from += i + len(text)
			continue
		}
		if i := strings.Index(text, string(bytes.TrimSpace(p[from:]))); i >= 0 {
			lead := len(p[from:]) - len(bytes.TrimLeft(p[from:], " \t\r\n"))
			length := len(bytes.TrimSpace(p[from:]))
			r.splice(whole, from+lead, part, i, i+length)
			from = len(p)
			continue
		}
		end, lines := r.joinLines(whole, p, from, part)
		if len(r.parts) == 1 && lines < countLines(p) && !r.tracer.full {
			r.pieces = r.pieces[:first+1]
			r.pieces[first].Part = r.tracer.part(part)
			return
		}
		from = end
	}
}

// countLines counts the lines that are not blank.
func countLines(p []byte) int {
	n := 0
	for line := range bytes.Lines(p) {
		if len(bytes.TrimSpace(line)) > 0 {
			n++
		}
	}
	return n
}

// part keeps a text for questions about what was made of it.
func (t *tracer) part(w *written) int32 {
	if w.number > 0 {
		return w.number - 1
	}
	if len(w.text) < minPart || t.kept+len(w.text) > maxParts {
		return -1
	}
	t.kept += len(w.text)
	t.parts = append(t.parts, w)
	w.number = int32(len(t.parts))
	return w.number - 1
}

// joinLines finds the lines of a text among those printed from an offset on, and returns where the last one ends and how
// many there are.
func (r *recorder) joinLines(whole Piece, p []byte, from int, part *written) (last, count int) {
	at := 0
	next := func() (start, end int) { // the next line of the text that is not blank, without blanks around it
		for at < len(part.text) {
			line, _, _ := strings.Cut(part.text[at:], "\n")
			body := strings.TrimLeft(line, " \t\r")
			start, end = at+len(line)-len(body), at+len(strings.TrimRight(line, " \t\r"))
			at += len(line) + 1
			if start < end {
				return start, end
			}
		}
		return -1, -1
	}
	start, end := next()
	last = from
	for offset := from; offset < len(p) && start >= 0; {
		line, _, _ := bytes.Cut(p[offset:], []byte("\n"))
		if i := bytes.Index(line, []byte(part.text[start:end])); i >= 0 {
			r.splice(whole, offset+i, part, start, end)
			last = offset + i + end - start
			count++
			start, end = next()
		}
		offset += len(line) + 1
	}
	return last, count
}

// splice says that the bytes printed at an offset are those of a part between two of its own.
func (r *recorder) splice(whole Piece, at int, part *written, from, to int) {
	shift := whole.Start + at - from
	i, _ := slices.BinarySearchFunc(part.pieces, from+1, func(p Piece, offset int) int { return p.Start - offset })
	for i = max(0, i-1); i < len(part.pieces) && part.pieces[i].Start < to; i++ {
		p := part.pieces[i]
		if p.Start < from && p.Form == Text {
			p.At += from - p.Start
		}
		p.Start = max(p.Start, from) + shift
		frame := p.Frame
		r.add(p)
		if !r.tracer.full {
			r.pieces[len(r.pieces)-1].Frame = frame
		}
	}
	whole.Start += at + to - from
	r.add(whole)
}

const noValue = "<no value>"

// cleaned is the text as Helm hands it on, without what Go writes for a value that is not there, and its pieces.
func (r *recorder) cleaned() ([]byte, []Piece) {
	if !bytes.Contains(r.buf, []byte(noValue)) {
		return r.buf, r.pieces
	}
	var out []byte
	var pieces []Piece
	next := 0 // the first piece that begins at or after the text that was taken over
	for at := 0; at < len(r.buf); {
		end, gap := len(r.buf), 0
		if i := bytes.Index(r.buf[at:], []byte(noValue)); i >= 0 {
			end, gap = at+i, len(noValue)
		}
		if next > 0 && at > 0 { // the piece that the gap cut goes on behind it
			rest := r.pieces[next-1]
			if rest.Form == Text {
				rest.At += at - rest.Start
			}
			rest.Start = len(out)
			pieces = append(pieces, rest)
		}
		for ; next < len(r.pieces) && r.pieces[next].Start < end+gap; next++ {
			p := r.pieces[next]
			p.Start = len(out) + min(p.Start, end) - at
			pieces = append(pieces, p)
		}
		out = append(out, r.buf[at:end]...)
		at = end + gap
	}
	return out, pieces
}
