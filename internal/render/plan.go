package render

import (
	"cmp"
	"maps"
	"path"
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/deploy"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Plan is what there is to render in a repository.
type Plan struct {
	// Units are every chart that is not vendored in another one nor a library, and every kustomization that no other
	// one uses, in the order of their roots. Kustomizations that use each other in a circle count as one root.
	// A Component that nothing uses is a unit too: it is built as if a kustomization used it alone.
	Units []Unit
	// Covered are the files that are linted through a unit and mean nothing alone, by path: the resources, patches and
	// generator inputs of the kustomizations. The kustomizations themselves are not among them.
	Covered map[string]bool
	// Problems are what the plan leaves out that belongs to no unit: values that the configuration names for no chart.
	Problems []Problem

	members map[string]member // the kustomizations, by directory
}

// member is a kustomization, and what it is made of.
type member struct {
	unit  Unit     // itself, built on its own
	uses  []string // directories of kustomizations
	files []string // manifests
}

// Rest is what was to be linted through kustomizations that did not build: those that they use, and their manifests. Built
// and failed are directories; what is reached from one that was built is left to that one, and nothing that was tried is
// tried again. Manifests are by path.
func (p Plan) Rest(built, failed []string) (units []Unit, manifests map[string]bool) {
	reached, tried := map[string]bool{}, map[string]bool{}
	files := map[string]bool{}
	for open := slices.Clone(built); len(open) > 0; {
		dir := open[len(open)-1]
		open = open[:len(open)-1]
		if !reached[dir] {
			reached[dir] = true
			open = append(open, p.members[dir].uses...)
			for _, f := range p.members[dir].files {
				files[f] = true
			}
		}
	}
	for _, dir := range failed {
		tried[dir] = true
	}
	manifests = map[string]bool{}
	for _, dir := range failed {
		for _, used := range p.members[dir].uses {
			if !reached[used] && !tried[used] {
				tried[used] = true
				units = append(units, p.members[used].unit)
			}
		}
		for _, f := range p.members[dir].files {
			if !files[f] {
				manifests[f] = true
			}
		}
	}
	slices.SortFunc(units, func(a, b Unit) int { return cmp.Compare(a.Root, b.Root) })
	return units, manifests
}

// NewPlan plans the rendering of a repository's files. Of charts, kustomizations and manifests it needs the text, of others
// only the path. It fails on nothing: what is not as it should be becomes a unit, and that unit's problem.
func NewPlan(files []*source.File, options PlanOptions) Plan {
	plan := Plan{Covered: map[string]bool{}}
	unread := map[string]bool{}
	siblings := plan.charts(files, unread, options)
	plan.kustomizations(files, unread)
	for i := range plan.Units {
		plan.Units[i].unread, plan.Units[i].siblings = unread, siblings
	}
	for dir, m := range plan.members {
		m.unit.unread, m.unit.siblings = unread, siblings
		plan.members[dir] = m
	}
	slices.SortFunc(plan.Units, func(a, b Unit) int {
		return cmp.Or(cmp.Compare(a.Root, b.Root), cmp.Compare(a.Renderer, b.Renderer), cmp.Compare(a.File, b.File))
	})
	return plan
}

// charts adds the repository's charts, and notes those whose Chart.yaml does not parse. It gives all that are not vendored.
func (p *Plan) charts(files []*source.File, unread map[string]bool, options PlanOptions) []sibling {
	roots, values := map[string]bool{}, map[string]any{}
	for _, f := range files {
		if f.Kind != source.Chart {
			continue
		}
		roots[path.Dir(f.Path)] = true
		docs, errs := parse.File(f)
		unread[f.Path] = len(errs) > 0
		if len(docs) > 0 {
			values[f.Path] = docs[0].Value
		}
	}
	var siblings, deployable []sibling
	for _, f := range files {
		if f.Kind != source.Chart || vendored(f.Path, roots) {
			continue
		}
		value := values[f.Path]
		s := sibling{Name: field(value, "name"), Version: field(value, "version"), Root: path.Dir(f.Path)}
		siblings = append(siblings, s)
		if field(value, "type") != "library" {
			deployable = append(deployable, s)
		}
	}
	byRoot := func(a, b sibling) int { return cmp.Compare(a.Root, b.Root) }
	slices.SortFunc(siblings, byRoot)
	slices.SortFunc(deployable, byRoot)
	planned := planVariants(files, deployable, options)
	p.Problems = planned.misses[""]
	for _, c := range deployable {
		all, misses := planned.of(c.Root)
		most := min(len(all), maxVariants)
		p.Units = append(p.Units, Unit{
			Renderer: Helm, Root: c.Root, File: path.Join(c.Root, "Chart.yaml"),
			Variants: all[:most:most], beyond: all[most:], misses: misses,
		})
	}
	return siblings
}

// Reads reports whether one of the files that a chart's values come from, or should come from, is such as asked.
func (u Unit) Reads(asked func(path string) bool) bool {
	values := func(v Variant) bool {
		return slices.ContainsFunc(v.Layers, func(l deploy.Layer) bool { return asked(l.File) })
	}
	return slices.ContainsFunc(u.Variants, values) ||
		slices.ContainsFunc(u.misses, func(p Problem) bool { return asked(p.Location.Path) })
}

// vendored reports whether a Chart.yaml stands in the charts/ directory of a chart.
func vendored(name string, roots map[string]bool) bool {
	for dir := path.Dir(path.Dir(name)); ; dir = path.Dir(dir) {
		if path.Base(dir) == "charts" && roots[path.Dir(dir)] {
			return true
		}
		if dir == "." || dir == "/" {
			return false
		}
	}
}

// kustomizationPlan finds which kustomizations use which.
type kustomizationPlan struct {
	paths   map[string]bool           // all files
	found   map[string]*kustomization // by directory
	uses    map[string][]string       // directories that a directory's kustomization uses
	used    map[string]bool
	covered map[string]bool
	files   map[string][]string // manifests that a directory's kustomization has as they are
}

// kustomization is a kustomization as a unit of its own.
func (p *Plan) kustomization(k *kustomization) Unit {
	return Unit{Renderer: Kustomize, Root: k.dir(), File: k.file.Path, Variants: []Variant{{}}, lone: k.component()}
}

// kustomizations adds the root kustomizations, and notes those that do not parse.
func (p *Plan) kustomizations(files []*source.File, unread map[string]bool) {
	k := kustomizationPlan{
		paths: map[string]bool{}, found: map[string]*kustomization{}, uses: map[string][]string{},
		used: map[string]bool{}, covered: p.Covered, files: map[string][]string{},
	}
	for _, f := range files {
		k.paths[f.Path] = true
	}
	for _, f := range files {
		dir := path.Dir(f.Path)
		if first, _ := kustomizationIn(dir, func(name string) bool { return k.paths[name] }); f.Kind == source.Kustomization && first == f.Path {
			k.found[dir] = readKustomization(f)
			unread[f.Path] = k.found[dir].unread
		}
	}
	dirs := slices.Sorted(maps.Keys(k.found))
	for _, dir := range dirs {
		k.follow(dir)
	}
	p.members = map[string]member{}
	for _, dir := range dirs {
		p.members[dir] = member{unit: p.kustomization(k.found[dir]), uses: k.uses[dir], files: k.files[dir]}
	}
	reached := map[string]bool{}
	add := func(dir string) {
		p.Units = append(p.Units, p.members[dir].unit)
		k.reach(dir, reached)
	}
	for _, dir := range dirs {
		if !k.used[dir] {
			add(dir)
		}
	}
	for _, dir := range dirs {
		if !reached[dir] { // a circle, which nothing leads into
			add(dir)
		}
	}
}

// follow notes what the kustomization in a directory uses.
func (k *kustomizationPlan) follow(dir string) {
	for _, e := range k.found[dir].entries() {
		if e.inline() || e.remote() || path.IsAbs(e.value) {
			continue
		}
		at := path.Join(dir, e.value)
		switch {
		case k.paths[at]:
			k.covered[at] = true
			if e.takes == target {
				k.files[dir] = append(k.files[dir], at)
			}
		case k.found[at] != nil && at != dir && (e.takes == target || e.takes == plugin):
			k.uses[dir] = append(k.uses[dir], at)
			k.used[at] = true
		}
	}
}

// reach marks all that a root leads to.
func (k *kustomizationPlan) reach(dir string, reached map[string]bool) {
	for open := []string{dir}; len(open) > 0; {
		dir, open = open[len(open)-1], open[:len(open)-1]
		if !reached[dir] {
			reached[dir] = true
			open = append(open, k.uses[dir]...)
		}
	}
}
