package causal

import (
	"fmt"
	"io"
	"slices"
)

// Tally counts what was found out about one class of fields.
type Tally struct {
	Claims, Right, Wrong, Untestable int // of exact places to annotate, and of exact causes on the way to them
	Inexact                          int // scalars whose place to annotate is said not to be exact
	Effects, Hit                     int // scalars that changed with a leaf, and those whose trace names it
	SaysSo                           int // of the rest, those whose place is said not to be exact
	Control, ControlHit              int // scalars that a leaf decides upon, and those whose trace names it
}

// Table holds the tallies by renderer and class.
type Table map[string]map[Class]*Tally

// Of is the tally to count in.
func (t Table) Of(renderer string, class Class) *Tally {
	if t[renderer] == nil {
		t[renderer] = map[Class]*Tally{}
	}
	if t[renderer][class] == nil {
		t[renderer][class] = new(Tally)
	}
	return t[renderer][class]
}

// Add adds what another table counted.
func (t Table) Add(other Table) {
	for renderer, classes := range other {
		for class, from := range classes {
			to := t.Of(renderer, class)
			to.Claims += from.Claims
			to.Right += from.Right
			to.Wrong += from.Wrong
			to.Untestable += from.Untestable
			to.Inexact += from.Inexact
			to.Effects += from.Effects
			to.Hit += from.Hit
			to.SaysSo += from.SaysSo
			to.Control += from.Control
			to.ControlHit += from.ControlHit
		}
	}
}

// Sum adds up the tallies of the classes that are wanted, over all renderers.
func (t Table) Sum(wanted func(Class) bool) Tally {
	all := Table{}
	for _, classes := range t {
		for class, tally := range classes {
			if wanted(class) {
				all.Add(Table{"": {"": tally}})
			}
		}
	}
	return *all.Of("", "")
}

// Precision is the share of right claims among those that could be tested, 1 when there are none.
func (t Tally) Precision() float64 { return share(t.Right, t.Right+t.Wrong) }

// Recall is the share of the scalars that changed with a leaf whose trace names it, 1 when there are none.
func (t Tally) Recall() float64 { return share(t.Hit, t.Effects) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// Print writes the table as Markdown.
func (t Table) Print(w io.Writer) {
	fmt.Fprintln(w, "| | claims | right | wrong | untestable | precision | inexact | changed by a leaf | named | recall | says it is inexact | decided by a leaf | named |")
	fmt.Fprintln(w, "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
	var renderers []string
	for renderer := range t {
		renderers = append(renderers, renderer)
	}
	slices.Sort(renderers)
	for _, renderer := range renderers {
		for _, class := range Classes() {
			if tally, ok := t[renderer][class]; ok {
				tally.row(w, renderer+": "+string(class))
			}
		}
		Table{"": t[renderer]}.Sum(Class.counts).row(w, "**"+renderer+", all but checksums**")
	}
	t.Sum(Class.Grave).row(w, "**image and security**")
	t.Sum(Class.counts).row(w, "**all but checksums**")
}

// counts reports whether a class is held to the thresholds: of a checksum every leaf of what is summed is a part.
func (c Class) counts() bool { return c != Checksum }

func (t Tally) row(w io.Writer, name string) {
	fmt.Fprintf(w, "| %s | %d | %d | %d | %d | %.2f%% | %d | %d | %d | %.2f%% | %d | %d | %d |\n", name, t.Claims, t.Right, t.Wrong, t.Untestable,
		100*t.Precision(), t.Inexact, t.Effects, t.Hit, 100*t.Recall(), t.SaysSo, t.Control, t.ControlHit)
}

// Thresholds that the tables are held to, as shares.
const (
	GravePrecision = 1.00 // no claim about an image or security field is wrong
	GraveRecall    = 0.99
	AllRecall      = 0.95
)

// Fails says which thresholds are missed.
func (t Table) Fails() []string {
	var out []string
	grave, all := t.Sum(Class.Grave), t.Sum(Class.counts)
	if grave.Precision() < GravePrecision {
		out = append(out, fmt.Sprintf("%d of %d claims about image and security fields are wrong, and none may be", grave.Wrong, grave.Claims))
	}
	if grave.Recall() < GraveRecall {
		out = append(out, fmt.Sprintf("recall on image and security fields is %.2f%%, and has to be %.0f%%", 100*grave.Recall(), 100*GraveRecall))
	}
	if all.Recall() < AllRecall {
		out = append(out, fmt.Sprintf("recall on all fields is %.2f%%, and has to be %.0f%%", 100*all.Recall(), 100*AllRecall))
	}
	return out
}
