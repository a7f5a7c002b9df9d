package causal

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Flow is how a changed leaf reaches a rendered scalar.
type Flow int

// The flows.
const (
	Direct  Flow = iota // the leaf's text is in the scalar
	Derived             // what the scalar says depends on the text of the leaf: a part of it, a sum
	Control             // the leaf decides whether the scalar is there, or which of several
)

// Effect is a rendered scalar that changes with a leaf.
type Effect struct {
	Doc   Doc
	Path  source.Path
	Value any // as rendered before
	Flow  Flow
	Edit  Edit
}

// maxEffects bounds what is kept of one leaf: a name may well be in everything.
const maxEffects = 400

// Effects are the scalars that change with a leaf, all of them found by rendering. It is false when no change of the
// leaf renders.
func (p *Probe) Effects(l Leaf) ([]Effect, bool) {
	first, second, edit := p.twice(l)
	if first == nil {
		return nil, false
	}
	var out []Effect
	for _, group := range p.base.changed(first) {
		for _, doc := range p.base.Docs(group) {
			scalars(doc.Value, nil, func(at source.Path, value any) {
				if len(out) >= maxEffects || !p.Stable(doc, at) {
					return
				}
				fate, after := p.base.fate(doc, at, first)
				e := Effect{Doc: doc, Path: at, Value: value, Edit: edit, Flow: Control}
				switch fate {
				case Same:
					return
				case Changed:
					e.Flow = p.flow(e, l, after, second)
				}
				out = append(out, e)
			})
		}
	}
	return out, true
}

// twice renders two changes of a leaf: the first of them that does, and unless it changes nothing one more, nil when
// there is none.
func (p *Probe) twice(l Leaf) (first, second *Scene, edit Edit) {
	for _, e := range l.Edits(p.repo.read(l.File)) {
		scene := p.render(e)
		if scene == nil {
			continue
		}
		if first != nil {
			return first, scene, edit
		}
		first, edit = scene, e
		if len(p.base.changed(first)) == 0 {
			return first, nil, edit
		}
	}
	return first, nil, edit
}

// hashed is the end of a name that Kustomize makes of what a generated object holds.
var hashed = regexp.MustCompile(`-[a-z0-9]{10}$`)

// flow tells what kind of change it was, by a second change of the leaf when there is one. An empty leaf is no part of a
// text that is there without it: it is one that could be set.
func (p *Probe) flow(e Effect, l Leaf, after any, second *Scene) Flow {
	was, is := l.node.Value, leafText(l, e.Edit)
	before, now := text(e.Value), text(after)
	switch empty := was == "" || l.node.ShortTag() == "!!null"; {
	case empty && before != "", hashed.ReplaceAllString(before, "") == hashed.ReplaceAllString(now, ""):
		return Control
	case empty, strings.Contains(before, was) && strings.Contains(now, is):
		return Direct
	case second == nil, strings.Contains(now, is): // what was printed before is not the leaf: it is printed instead
		return Control
	}
	if fate, twice := p.base.fate(e.Doc, e.Path, second); fate == Changed && !equal(after, twice) {
		return Derived
	}
	return Control
}

// text is a scalar as a template prints it.
func text(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// Ask is the text to ask for in a scalar of many lines, so that it is told of this leaf and not of all that are in it. It is false
// where that text is not told from others.
func (e Effect) Ask(l Leaf) (string, bool) {
	whole, ok := e.Value.(string)
	if !ok || !strings.Contains(strings.TrimSpace(whole), "\n") {
		return "", true
	}
	return l.node.Value, e.Flow == Direct && len(l.node.Value) > 2 && strings.Count(whole, l.node.Value) == 1
}

// leafText is what an edit of the leaf puts into it.
func leafText(l Leaf, e Edit) string {
	if e.Start == l.Start && e.End == l.End {
		return strings.Trim(e.Text, `"'`)
	}
	if l.node.Value == "" {
		return strings.TrimSpace(e.Text)
	}
	switch {
	case e.Start >= l.End-1:
		return l.node.Value + e.Text
	case e.Start <= l.Start+1:
		return e.Text + l.node.Value
	}
	return e.Text
}

// Named says how a trace names a leaf.
type Named int

// The ways.
const (
	NotNamed Named = iota
	Because        // as a place that leads there
	Cause          // as what makes the value, or as the place to annotate
)

// Names reports how a trace of an effect names a leaf. Of a text that is made of a whole map, as a configuration file
// is, the map's key will do.
func (e Effect) Names(trace source.Trace, l Leaf) Named {
	if e.Flow != Direct || strings.Contains(text(e.Value), "\n") {
		for _, key := range l.Above {
			if at := trace.Location; at.Path == l.File && at.Span.Start.Offset == key[0] && at.Span.End.Offset == key[1] {
				return Cause
			}
		}
	}
	if covers(trace.Location, l) {
		return Cause
	}
	best := NotNamed
	for _, s := range trace.Steps {
		if covers(s.Location, l) {
			if s.Cause {
				return Cause
			}
			best = Because
		}
	}
	return best
}

// covers reports whether a place is that of the leaf: its bytes or those of its key.
func covers(at source.Location, l Leaf) bool {
	if at.Path != l.File || at == source.FileStart(at.Path) {
		return false
	}
	return at.Span.Start.Offset <= l.End && at.Span.End.Offset >= l.Key
}
