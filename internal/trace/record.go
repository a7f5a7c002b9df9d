package trace

import (
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Record is how a rendering came about, apart from the pieces of each text. It holds no addresses and may be sent to
// another process.
type Record struct {
	Sources  []Source
	Frames   []Frame
	Sets     Sets
	Controls []Control
	Bodies   map[int][]BodyKey // the keys of maps that a control action's body writes, by the action's place
	Leaves   []Leaf
	Parts    []Part

	once  sync.Once
	below map[int32][]int32 // the leaves in each leaf, once they are asked for
}

// Part is a text that a template wrote and an action read and wrote anew, as with fromYaml and toYaml.
type Part struct {
	Text   string
	Pieces Pieces
}

// BodyKey is a key of a map in the text of a control action's body.
type BodyKey struct {
	Name   string
	Indent int // bytes before it on its line
}

// Source is one template, or a text that a template had rendered with tpl.
type Source struct {
	Name   string // the template's name in Helm; of a text, that of the template that it was rendered for
	Start  int    // the place of its first byte
	Length int    // in bytes
	Made   bool   // it is a text
	Leaf   int32  // the value that such a text is; -1 when it was made of others
	Reads  int32  // those others, an index of Record.Sets; -1 for none
}

// Leaf is a value that a rendering read, or one within such a value.
type Leaf struct {
	Parent int32  // -1 for the root chart's values and for what a chart says of itself
	Key    string // in its parent
	Index  int32  // in a list; -1 in a map
	Text   string // of a scalar, as a template would print it
	Form   LeafForm
	Gone   bool  // a template has put something else in its place
	Layer  int32 // where it was set, a number of the caller's; -1 when that is not known
	// Skip is how many steps of the leaf's path lead to where the layer's values are put, so that the rest is the way to the
	// value in that layer; -1 when the layer puts the value elsewhere, which Where tells.
	Skip  int32
	Where source.Path
}

// LeafForm says what a leaf is.
type LeafForm uint8

// The forms of a leaf.
const (
	Scalar LeafForm = iota
	Map
	List
	Key   // a key of a map, which a template printed
	Unset // nothing is there
)

// Origins know which layer of values set a value.
type Origins interface {
	// Value finds the value at a path of the root chart's values.
	Value(path source.Path) (layer int, at source.Path, ok bool)
	// Chart finds a field of Chart.yaml, of the chart of that path in Helm.
	Chart(chart, field string) (layer int, at source.Path, ok bool)
}

// Pieces are the pieces of a text in their order; nil when the template was too much to trace.
func (r *Result) Pieces(name string) Pieces { return r.pieces[name] }

const maxLeaves = 100_000

// Record takes down how the texts came about, without those of the named templates.
func (r *Result) Record(origins Origins) *Record {
	t := r.tracer
	out := &Record{Frames: t.frames, Controls: t.causes, Bodies: map[int][]BodyKey{}}
	w := recording{tracer: t, origins: origins, out: out, numbers: map[int32]int32{}, whole: map[int32]bool{}, inner: map[int32][]int32{}}
	for i, one := range t.leaves.all {
		if one.parent >= 0 {
			w.inner[one.parent] = append(w.inner[one.parent], int32(i))
		}
	}
	for _, b := range append([]*block{t.block}, t.later...) {
		for i, name := range b.names {
			end := len(b.bytes) - 1
			if i+1 < len(b.names) {
				end = b.offsets[i+1]
			}
			s := Source{Name: name, Start: b.start + b.offsets[i], Length: end - 1 - b.offsets[i], Made: b != t.block, Leaf: -1, Reads: b.reads}
			if b.leaf >= 0 {
				s.Leaf = w.leaf(b.leaf, false)
			}
			out.Sources = append(out.Sources, s)
		}
	}
	for _, c := range t.causes {
		if _, known := out.Bodies[c.At]; known {
			continue
		}
		b, offset := t.at(c.At)
		out.Bodies[c.At] = keysOf(b.control[offset].body)
	}
	out.Sets = make(Sets, len(t.sets))
	for i, set := range t.sets {
		out.Sets[i] = make([]int32, len(set))
		for j, id := range set {
			out.Sets[i][j] = w.leaf(id, true)
		}
	}
	for _, pieces := range r.pieces {
		w.number(pieces)
	}
	for _, part := range t.parts {
		pieces := slices.Clone(part.pieces)
		w.number(pieces)
		out.Parts = append(out.Parts, Part{Text: part.text, Pieces: pieces})
	}
	return out
}

// number gives the leaves that pieces printed their numbers in the record.
func (w *recording) number(pieces Pieces) {
	for i := range pieces {
		if pieces[i].Exact >= 0 {
			pieces[i].Exact = w.leaf(pieces[i].Exact, true)
		}
	}
}

// recording numbers the leaves that matter.
type recording struct {
	*tracer
	origins Origins
	out     *Record
	numbers map[int32]int32
	whole   map[int32]bool // all in them is taken down
	inner   map[int32][]int32
}

// leaf is the number of a leaf in the record; deep takes all in it along.
func (w *recording) leaf(id int32, deep bool) int32 {
	n, known := w.numbers[id]
	if !known {
		n = w.one(id)
	}
	if deep && id != root && !w.whole[id] && w.leaves.all[id].form <= listLeaf {
		w.whole[id] = true
		for _, child := range w.inner[id] {
			if len(w.out.Leaves) < maxLeaves && w.leaves.all[child].form != keyLeaf {
				w.leaf(child, true)
			}
		}
	}
	return n
}

// one takes down one leaf, and those that it is in.
func (w *recording) one(id int32) int32 {
	one := w.leaves.all[id]
	leaf := Leaf{Parent: -1, Index: -1, Layer: -1, Form: formOf(one), Text: printed(one.value), Gone: one.gone}
	if one.parent >= 0 {
		leaf.Parent = w.leaf(one.parent, false)
	}
	switch step := one.step.(type) {
	case string:
		leaf.Key = step
	case int:
		leaf.Index = int32(step)
	case chartField:
		leaf.Key = step.field
		if layer, at, ok := w.origins.Chart(step.chart, step.field); ok {
			leaf.Layer, leaf.Skip, leaf.Where = int32(layer), -1, at
		}
	}
	if one.form != chartLeaf && id != root && !w.leaves.isForeign(id) {
		w.locate(&leaf, id)
	}
	n := int32(len(w.out.Leaves))
	w.numbers[id] = n
	w.out.Leaves = append(w.out.Leaves, leaf)
	return n
}

// locate finds the layer of a leaf; of one that is not set, that of the map that it would be in.
func (w *recording) locate(leaf *Leaf, id int32) {
	path := w.leaves.path(id)
	if leaf.Form == Unset && len(path) > 0 {
		path = path[:len(path)-1]
	}
	layer, at, ok := w.origins.Value(path)
	if !ok {
		return
	}
	leaf.Layer = int32(layer)
	if skip := len(path) - len(at); skip >= 0 && slices.Equal(path[skip:], at) {
		leaf.Skip = int32(skip)
		return
	}
	leaf.Skip, leaf.Where = -1, at
}

func formOf(one leaf) LeafForm {
	switch one.form {
	case mapLeaf:
		return Map
	case listLeaf:
		return List
	case keyLeaf:
		return Key
	case unsetLeaf:
		return Unset
	default:
		return Scalar
	}
}

// printed is a scalar as a template prints it; numbers without an exponent.
func printed(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

// Origin is where a leaf was set: the layer, -1 when that is not known, and the way to the value in it. Of a leaf that is not
// set it is the map that it would be in.
func (r *Record) Origin(id int32) (layer int, at source.Path) {
	one := r.Leaves[id]
	if one.Skip < 0 || one.Layer < 0 {
		return int(one.Layer), one.Where
	}
	path := r.Path(id)
	if one.Form == Unset && len(path) > 0 {
		path = path[:len(path)-1]
	}
	return int(one.Layer), path[min(int(one.Skip), len(path)):]
}

// Path is the way to a leaf from the root chart's values; of a field of Chart.yaml it is nil.
func (r *Record) Path(id int32) source.Path {
	var steps source.Path
	for ; id >= 0 && r.Leaves[id].Parent >= 0; id = r.Leaves[id].Parent {
		switch one := r.Leaves[id]; {
		case one.Form == Key:
		case one.Index >= 0:
			steps = append(steps, int(one.Index))
		default:
			steps = append(steps, one.Key)
		}
	}
	slices.Reverse(steps)
	return steps
}
