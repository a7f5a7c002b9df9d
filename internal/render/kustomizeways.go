package render

import (
	"slices"

	"sigs.k8s.io/kustomize/kyaml/resid"
)

// findWay fills in the kustomizations that the object went through, the one that was applied last first, and what it was
// called on the way. An object that is reached in several ways has another name or namespace by each.
func (l *resourceLocator) findWay() {
	w := ways{stages: l.lineage.Stages, seen: map[int][][]int{}, owns: l.owns}
	if len(w.stages) == 0 {
		return
	}
	for n, way := range w.from(0) {
		stages := make([]*kustomization, len(way))
		for i, stage := range way {
			stages[i] = l.sources.kustomization(w.stages[stage].File)
		}
		ids, ends := l.goneBy(stages)
		if n == 0 || ends {
			l.stages, l.ids, l.faithful = stages, ids, ends
		}
		if ends {
			return
		}
	}
	if len(l.ids) == 0 {
		l.ids = []resid.ResId{idOf(l.built.Value)}
		return
	}
	l.ids = l.renamed(l.ids)
}

// owns reports whether a kustomization itself brings the object in.
func (l *resourceLocator) owns(s stage) bool {
	if chart := max(l.home.in.Chart, l.text.Chart); chart > 0 {
		return s.File == l.lineage.Charts[chart-1].By
	}
	if l.home.doc != nil && slices.Contains(s.Resources, l.home.in.File) {
		return true
	}
	if l.text.Anchor.Path != "" {
		return s.File == l.text.Anchor.Path
	}
	return l.text.Source != "" && slices.Contains(s.Resources, l.text.Source)
}

// maxWays is how many ways to one object are told apart.
const maxWays = 32

// ways follows the kustomizations that use one another.
type ways struct {
	stages []stage
	seen   map[int][][]int
	owns   func(stage) bool
}

// from gives the ways that an object may take in a kustomization and all that it uses: the stages that it goes through, the
// last one first. There is none when it does not come from there. A component changes what was there before it.
func (w ways) from(i int) [][]int {
	if known, ok := w.seen[i]; ok {
		return known
	}
	w.seen[i] = nil // until it is known; nothing leads back
	out := []int{i}
	var found [][]int
	add := func(inner [][]int) {
		for _, rest := range inner {
			if len(found) < maxWays {
				found = append(found, slices.Concat(out, rest))
			}
		}
	}
	for _, c := range slices.Backward(w.stages[i].Components) {
		add(w.from(c))
		out = w.component(slices.Clip(out), c)
	}
	for _, u := range w.stages[i].Uses {
		add(w.from(u))
	}
	if w.owns(w.stages[i]) {
		add([][]int{nil})
	}
	w.seen[i] = found
	return found
}

// component adds a component and those that it uses itself.
func (w ways) component(out []int, c int) []int {
	if slices.Contains(out, c) {
		return out
	}
	out = append(out, c)
	for _, inner := range slices.Backward(w.stages[c].Components) {
		out = w.component(out, inner)
	}
	return out
}
