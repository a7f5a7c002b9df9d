package causal

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Survey is how much is tried on each unit. Which of what there is, a fixed seed decides.
type Survey struct {
	Scalars int           // rendered scalars of each unit and variant beside image and security fields
	Leaves  int           // leaves of each unit and variant
	Grave   int           // image and security fields of each unit and variant
	Budget  time.Duration // for one unit, after which no more is tried
	// Now tells the time.
	Now func() time.Time
}

// Finding is a claim that is wrong, or a cause that is missed.
type Finding struct {
	Class Class
	Text  string
}

// Report is what a survey found out.
type Report struct {
	Table
	Wrong, Missed []Finding
	Units         int
	Skipped       map[string]int // units and variants by why nothing was tried on them
	Unmatched     int            // documents that the plain library did not render the same
	Late          int            // samples left for want of time
	Unasked       int            // changed scalars of many lines in which the leaf's text is not told from others
	Renders       int
}

// NewReport is an empty report.
func NewReport() *Report { return &Report{Table: Table{}, Skipped: map[string]int{}} }

// Add adds another report.
func (r *Report) Add(o *Report) {
	r.Table.Add(o.Table)
	r.Wrong, r.Missed = append(r.Wrong, o.Wrong...), append(r.Missed, o.Missed...)
	r.Units, r.Unmatched, r.Late = r.Units+o.Units, r.Unmatched+o.Unmatched, r.Late+o.Late
	r.Unasked, r.Renders = r.Unasked+o.Unasked, r.Renders+o.Renders
	for why, n := range o.Skipped {
		r.Skipped[why] += n
	}
}

// sample is a rendered scalar to ask the product about.
type sample struct {
	product *source.Document
	plain   Doc
	path    source.Path
	value   any
	class   Class
}

// Unit surveys one unit, rendered by the product.
func (s Survey) Unit(ctx context.Context, repo *Repository, renderer *render.Renderer, unit render.Unit) *Report {
	report := NewReport()
	result := renderer.Render(ctx, unit)
	report.Units++
	if why := skips(result); why != "" {
		report.Skipped[why]++
		return report
	}
	random := rand.New(rand.NewPCG(1, uint64(len(unit.Root)))) //nolint:gosec // what is sampled has to be the same each time
	variants := slices.Clone(unit.Sets())
	end := s.Now().Add(s.Budget)
	for i, variant := range variants {
		u := &unitSurvey{Survey: s, report: report, random: random, repo: repo, unit: unit, variant: variant}
		u.end = s.Now().Add(end.Sub(s.Now()) / time.Duration(min(len(variants)-i, 3)))
		u.run(result.Documents)
	}
	return report
}

// skips says why the plain library cannot build what the product did.
func skips(result render.Result) string {
	for _, p := range result.Problems {
		if result.Unit.Renderer == render.Kustomize && p.Rule == render.NotEvaluated {
			return "kustomizations of which something is left out"
		}
	}
	if len(result.Documents) == 0 {
		return result.Unit.Renderer + " units without documents"
	}
	return ""
}

// unitSurvey is the survey of one unit with one variant.
type unitSurvey struct {
	Survey
	report  *Report
	random  *rand.Rand
	repo    *Repository
	unit    render.Unit
	variant render.Variant
	end     time.Time
	probe   *Probe
	docs    map[string]*source.Document // the product's, by group and index of the plain library's
}

func (u *unitSurvey) run(documents []*source.Document) {
	own := slices.DeleteFunc(slices.Clone(documents), func(d *source.Document) bool { return !u.isOf(d) })
	if len(own) == 0 {
		return
	}
	var err error
	if u.probe, err = u.repo.Probe(u.unit, u.variant, false); err != nil {
		u.report.Skipped[u.unit.Renderer+" variants that only the product renders"]++
		return
	}
	u.docs = map[string]*source.Document{}
	var samples []sample
	for _, d := range own {
		plain, ok := u.probe.Find(d)
		if !ok {
			if d.Object.Kind != "CustomResourceDefinition" {
				u.report.Unmatched++
			}
			continue
		}
		u.docs[docKey(plain)] = d
		scalars(d.Value, nil, func(at source.Path, value any) {
			if d.Object.Kind != "CustomResourceDefinition" && u.probe.Stable(plain, at) {
				samples = append(samples, sample{d, plain, at, value, ClassOf(d.Object, at, value)})
			}
		})
	}
	half := u.Now().Add(u.end.Sub(u.Now()) / 2)
	u.claims(samples, half)
	u.effects()
	u.report.Renders += u.probe.Renders
}

func docKey(d Doc) string { return fmt.Sprintf("%s#%d", d.Group, d.Index) }

// isOf reports whether a document is this variant's, and of no variant before it: its places are those of the first.
func (u *unitSurvey) isOf(d *source.Document) bool {
	if len(d.Origin.Variants) == 0 {
		return true
	}
	for _, v := range u.unit.Sets() {
		if slices.Contains(d.Origin.Variants, v.Name) {
			return v.Name == u.variant.Name
		}
	}
	return false
}

// claims tries what the product says of a sample of scalars: image and security fields first, some of each.
func (u *unitSurvey) claims(samples []sample, end time.Time) {
	u.random.Shuffle(len(samples), func(i, j int) { samples[i], samples[j] = samples[j], samples[i] })
	var picked []sample
	perClass := map[Class]int{}
	for _, s := range samples {
		most := u.Grave
		if !s.class.Grave() {
			most = max(u.Scalars/4, 1)
		}
		if perClass[s.class]++; perClass[s.class] <= most {
			picked = append(picked, s)
		}
	}
	slices.SortStableFunc(picked, func(a, b sample) int { return cmp.Compare(rank(a.class), rank(b.class)) })
	for _, s := range picked {
		if u.Now().After(end) {
			u.report.Late++
			continue
		}
		for _, part := range parts(s) {
			u.claim(s, part)
		}
	}
}

func rank(c Class) int {
	if c.Grave() {
		return 0
	}
	return 1
}

var imageTag = regexp.MustCompile(`^(?:([^/]+[.:][^/]*)/)?[^@]*?(?::([^:/@]+))?(?:@(.+))?$`)

// parts are the texts of a scalar that rules point at, "" for all of it.
func parts(s sample) []string {
	text, ok := s.value.(string)
	if s.class != Image || !ok {
		return []string{""}
	}
	out := []string{""}
	for _, part := range imageTag.FindStringSubmatch(text)[1:] {
		if part != "" && strings.Count(text, part) == 1 {
			out = append(out, part)
		}
	}
	return out
}

func (u *unitSurvey) claim(s sample, part string) {
	trace := s.product.Locate(s.path, part)
	tally := u.report.Of(u.unit.Renderer, s.class)
	if !trace.Span.Exact {
		tally.Inexact++
	}
	for _, c := range Claims(trace) {
		tally.Claims++
		if strings.HasSuffix(c.Path, "Chart.yaml") && c.Primary && vendored(s.plain) {
			tally.Untestable++ // the line of a dependency is a matter of where its owner works
			continue
		}
		verdict, why := u.probe.Check(s.plain, s.path, c.Part(part), c.Location)
		switch verdict {
		case Right:
			tally.Right++
		case Untestable:
			tally.Untestable++
		default:
			tally.Wrong++
			u.report.Wrong = append(u.report.Wrong, Finding{s.class, fmt.Sprintf("%s %s %s:%s [%s] = %.60q: %s:%d %q: %s", u.unit.Root, u.variant.Name,
				s.plain.Object, s.path, part, fmt.Sprint(s.value), c.Path, c.Span.Start.Line, u.text(c.Location), why)})
		}
	}
}

func vendored(d Doc) bool { return strings.Contains(d.Group, "/charts/") }

func (u *unitSurvey) text(at source.Location) string {
	data := u.repo.read(at.Path)
	text := string(data[at.Span.Start.Offset:min(at.Span.End.Offset, len(data))])
	return text[:min(len(text), 80)]
}

// graveKeys are the words in a leaf's path that make it worth trying first.
var graveKeys = regexp.MustCompile(`(?i)image|tag|repository|registry|digest|securityContext|privileg|host(?:Network|PID|IPC|Path)|runAs|capabilit|serviceAccount|rbac|rules`)

// effects changes a sample of leaves and asks the product about what changes with them.
func (u *unitSurvey) effects() {
	var leaves []Leaf
	for _, name := range u.leafFiles() {
		found := Leaves(name, u.repo.read(name))
		if path.Base(name) == "Chart.yaml" {
			found = slices.DeleteFunc(found, func(l Leaf) bool { return l.Path.String() != "appVersion" })
		}
		leaves = append(leaves, found...)
	}
	u.random.Shuffle(len(leaves), func(i, j int) { leaves[i], leaves[j] = leaves[j], leaves[i] })
	var first, rest []Leaf
	for _, l := range leaves {
		if graveKeys.MatchString(l.Path.String()) {
			first = append(first, l)
		} else {
			rest = append(rest, l)
		}
	}
	picked := slices.Concat(first[:min(len(first), u.Leaves)], rest[:min(len(rest), u.Leaves)])
	u.random.Shuffle(len(picked), func(i, j int) { picked[i], picked[j] = picked[j], picked[i] })
	for _, l := range picked {
		if u.Now().After(u.end) {
			u.report.Late++
			continue
		}
		effects, _ := u.probe.Effects(l)
		u.effect(l, effects)
	}
}

// leafFiles are the files of values that a variant is rendered with, or the sources of a kustomization.
func (u *unitSurvey) leafFiles() []string {
	var names []string
	if u.unit.Renderer == render.Kustomize {
		names = append(u.sources(), u.unit.File)
	} else {
		names = u.valuesFiles()
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return len(u.repo.read(name)) == 0 })
}

// sources are the files that the product says the objects of a kustomization to come from.
func (u *unitSurvey) sources() []string {
	var names []string
	for _, d := range u.docs {
		for _, at := range []source.Path{nil, {"metadata", "name"}, {"kind"}} {
			names = append(names, d.Locate(at, "").Path)
		}
	}
	return names
}

func (u *unitSurvey) valuesFiles() []string {
	names := []string{path.Join(u.unit.Root, "values.yaml"), path.Join(u.unit.Root, "Chart.yaml")}
	for _, layer := range u.variant.Layers {
		if len(layer.At) == 0 {
			names = append(names, layer.File)
		}
	}
	for group := range u.probe.base.Texts {
		for _, dir := range strings.Split(group, "/charts/")[1:] {
			chart, _, _ := strings.Cut(dir, "/")
			names = append(names, path.Join(u.unit.Root, "charts", chart, "values.yaml"))
		}
	}
	return names
}

// maxAsked is about how many effects of one leaf the product is asked.
const maxAsked = 24

func (u *unitSurvey) effect(l Leaf, effects []Effect) {
	asked := 0
	for i, e := range effects {
		d := u.docs[docKey(e.Doc)]
		class := ClassOf(e.Doc.Object, e.Path, e.Value)
		if d == nil || class == Checksum || !class.Grave() && len(effects) > maxAsked && i%(len(effects)/maxAsked) != 0 {
			continue
		}
		if asked++; asked > 2*maxAsked {
			return
		}
		part, ok := e.Ask(l)
		if !ok {
			u.report.Unasked++
			continue
		}
		trace := d.Locate(e.Path, part)
		named := e.Names(trace, l)
		tally := u.report.Of(u.unit.Renderer, class)
		if e.Flow == Control {
			tally.Control++
			if named != NotNamed {
				tally.ControlHit++
			}
			continue
		}
		tally.Effects++
		switch {
		case named != NotNamed:
			tally.Hit++
			continue
		case !trace.Span.Exact:
			tally.SaysSo++
		}
		u.report.Missed = append(u.report.Missed, Finding{class, fmt.Sprintf("%s %s %s:%s = %.60q changes with %s:%s (%s) and is said to be at %s:%d %q, exact %t", u.unit.Root, u.variant.Name,
			e.Doc.Object, e.Path, fmt.Sprint(e.Value), l.File, l.Path, e.Edit, trace.Path, trace.Span.Start.Line, u.text(trace.Location), trace.Span.Exact)})
	}
}
