// Package render turns Helm charts and Kustomize directories into Kubernetes objects that know where they come from.
//
// A chart is a program and its author is not trusted. So rendering happens in child processes of this very binary that
// have no network, no environment and no files but the repository's, and that are killed past their time and memory.
package render

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/plimsoll-dev/plimsoll/internal/deploy"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// The renderers, as Unit.Renderer and source.Origin.Renderer name them.
const (
	Helm      = "helm"
	Kustomize = "kustomize"
)

// The rules that a Problem falls under.
const (
	// RenderError: what stands in the repository does not render, for anybody.
	RenderError = "render-error"
	// NotEvaluated: rendering needs something that is elsewhere by design, on the network or in a user's values.
	NotEvaluated = "not-evaluated"
)

// DefaultKubeVersion is the Kubernetes version that charts see unless Options say otherwise.
const DefaultKubeVersion = "v1.36.0"

// Options bound and place the rendering.
type Options struct {
	Root        string        // the repository's root, absolute; nothing outside of it is ever read
	Workers     int           // most children at a time; 0 means one for each processor
	Timeout     time.Duration // processor time for one variant of one unit; 0 means 10 s
	Memory      int64         // bytes a child may hold; 0 means 1 GiB
	LoadOutside bool          // kustomizations may load files outside of their directory; without it that is a problem
	KubeVersion string        // "v1.36.0"; "" means DefaultKubeVersion
	Command     []string      // program and arguments that run Worker; nil means this binary with WorkerArgument
	Watched     Watched       // what Result.Touched tells of
}

// Watched are places of a repository of which it is to be known whether a rendering depends on them. Paths are relative to
// the root, with slashes.
type Watched struct {
	Paths   map[string]bool // files that are not what they were
	Folders map[string]bool // folders in which something came or went, at any depth; "." for the root
}

// Watch makes what is to be watched of paths that differ; those that came or went are among them.
func Watch(differ, cameOrWent []string) Watched {
	w := Watched{Paths: map[string]bool{}, Folders: map[string]bool{}}
	for _, p := range differ {
		w.Paths[p] = true
	}
	for _, p := range cameOrWent {
		for dir := path.Dir(p); !w.Folders[dir]; dir = path.Dir(dir) {
			w.Folders[dir] = true
		}
	}
	return w
}

// Unit is one thing to render: a chart with all its sets of values, or a root kustomization.
type Unit struct {
	Renderer string    // Helm or Kustomize
	Root     string    // directory relative to the repository's root; "." for the root itself
	File     string    // its Chart.yaml or kustomization file, relative to the repository's root
	Variants []Variant // what to render it with, the defaults first; a kustomization has one
	siblings []sibling // the repository's charts, to resolve dependencies that are not vendored
	lone     bool      // a Component that no kustomization uses: built as if one did
	beyond   []Variant // sets of values past maxVariants
	misses   []Problem // what of the chart's deployments could not be read
	// Unread are the charts and kustomizations of the plan that do not parse, by path: see Problem.Told.
	unread map[string]bool
}

// Limits of one unit, whose variants are as many as somebody cares to write.
const (
	maxVariants = 100
	unitTime    = 6 // most processor time of all variants together, in time limits of one
)

// Variant is one way to render a chart: with which values, for which cluster.
type Variant struct {
	// Name is "default", the values file relative to the chart ("ci/ha-values.yaml"), or who deploys the chart with these
	// values; "" for a kustomization.
	Name               string
	Also               []string       // who else deploys the chart with the same values
	Layers             []deploy.Layer // values, of which a later one wins; none for the chart's own defaults
	Release, Namespace string         // "" for "release-name" and "default"
	KubeVersion        string         // "v1.36.0"; "" means Options.KubeVersion
	APIVersions        []string       // that the cluster serves beside Kubernetes' own, as "monitoring.coreos.com/v1"
	Deployed           bool           // somebody deploys the chart with these very values
	Partial            bool           // there are more values, which are not in the repository
	Bare               bool           // the chart's own values.yaml does not count but where it is a layer
}

// names are all who render the chart so; none for a kustomization.
func (v Variant) names() []string {
	if v.Name == "" {
		return nil
	}
	return append([]string{v.Name}, v.Also...)
}

// defaults reports whether the chart's own values are all there is.
func (v Variant) defaults() bool { return len(v.Layers) == 0 }

// excuses reports whether a demand for values is no fault of the variant: nobody deploys with the defaults alone, and
// what is not in the repository may well hold them.
func (v Variant) excuses() bool { return v.Partial || v.defaults() && !v.Deployed }

// sibling is a chart of the same repository.
type sibling struct {
	Name, Version string
	Root          string // directory relative to the repository's root
}

// Result is what became of a unit. Not every unit without documents has a problem: a chart may render to nothing, and of
// a Chart.yaml or kustomization of the plan that does not parse its own linting tells.
type Result struct {
	Unit Unit
	// Documents are Kubernetes objects, lists unpacked. The same document of several variants is one document whose
	// Origin names them all.
	Documents []*source.Document
	// Texts are what the documents were read from, word for word, in the order in which they were rendered.
	Texts []RenderedText
	// Untraced is how many rendered files have lines that could not be traced to their sources: places in them are those
	// of their template or chart as a whole, and not exact.
	Untraced int
	Problems []Problem
	Failed   bool // nothing of the unit was rendered, with no set of values
	// Touched: the rendering asked for one of Options.Watched, or it is not known to have not. A unit that did not renders
	// to the same where they are otherwise.
	Touched bool
}

// RenderedText is what one template wrote, or one object of a kustomization.
type RenderedText struct {
	// Source is the template or resource file in the repository that it is attributed to; for one that came out of an
	// archive or a generator, the file that brings that in.
	Source string
	Origin *source.Origin // that of its documents
	Data   string         // a stream of YAML; of a kustomization one object, as JSON
}

// Problem is a part of a unit that could not be rendered, at the place that causes it.
type Problem struct {
	Rule     string // RenderError or NotEvaluated
	Location source.Location
	What     string // what was not analysed: "chart charts/web", "base github.com/org/repo?ref=v1"; "" when nothing was left out
	Message  string // why, and what to do about it; without a final full stop
	// Told: a chart or kustomization of the plan does not parse, which linting that file by itself tells too.
	Told bool
}

// Renderer renders units in a pool of child processes. It is safe for concurrent use.
type Renderer struct {
	options Options
	pool    *pool
	files   *files
	sources *sources
}

// New fails when the repository's root cannot be opened. No child is started before there is something to render.
func New(options Options) (*Renderer, error) {
	options.Workers = cmp.Or(options.Workers, runtime.GOMAXPROCS(0))
	options.Timeout = cmp.Or(options.Timeout, 10*time.Second)
	options.Memory = cmp.Or(options.Memory, 1<<30)
	options.KubeVersion = cmp.Or(options.KubeVersion, DefaultKubeVersion)
	if len(options.Command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("render: find own binary: %w", err)
		}
		options.Command = []string{self, WorkerArgument}
	}
	tree, err := openTree(options.Root)
	if err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	if err := tree.close(); err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	files := newFiles(options.Root)
	return &Renderer{options: options, pool: newPool(options), files: files, sources: newSources(files)}, nil
}

// Close ends all children. Renders under way fail; documents that were rendered keep working.
func (r *Renderer) Close() { r.pool.close() }

// Render renders a unit with all its variants. It returns when ctx is done, with the problem that this is.
func (r *Renderer) Render(ctx context.Context, unit Unit) Result {
	runs := make([]run, len(unit.Variants))
	for i, v := range unit.Variants {
		runs[i].variant = v
	}
	if len(runs) == 0 {
		return Result{Unit: unit}
	}
	runs[0].outcome = r.run(ctx, unit, runs[0].variant)
	if runs[0].killed != nil { // the other variants of a chart that runs away would run away too
		return r.assemble(unit, runs[:1])
	}
	var spent atomic.Int64
	spent.Store(int64(runs[0].Spent))
	var group errgroup.Group
	group.SetLimit(r.options.Workers)
	for i := range runs[1:] {
		group.Go(func() error {
			run := &runs[i+1]
			if run.late = spent.Load() > int64(unitTime*r.options.Timeout); !run.late {
				run.outcome = r.run(ctx, unit, run.variant)
				spent.Add(int64(run.Spent))
			}
			return nil
		})
	}
	_ = group.Wait() // no error: an outcome holds its own
	return r.assemble(unit, runs)
}

// run is one variant and what became of it.
type run struct {
	variant Variant
	late    bool // not begun, for want of time
	outcome
}

// outcome is a child's answer, or why there is none.
type outcome struct {
	reply
	killed *death // why there is no answer; nil when there is one
}

func (r *Renderer) run(ctx context.Context, unit Unit, v Variant) outcome {
	ask := request{
		Renderer: unit.Renderer, Root: unit.Root, File: unit.File, Variant: v, Siblings: unit.siblings, Lone: unit.lone,
		LoadOutside: r.options.LoadOutside,
	}
	answer, err := r.pool.do(ctx, ask)
	if _, late := errors.AsType[errTime](err); err != nil && !late && ctx.Err() == nil {
		// It died of its memory or stack, and at what is a matter of chance. Careful, it dies at the same place each time.
		ask.Careful = true
		answer, err = r.pool.do(ctx, ask)
	}
	if err == nil {
		return outcome{reply: answer}
	}
	killed, ok := errors.AsType[*death](err)
	if !ok {
		killed = &death{cause: err}
	}
	return outcome{reply: reply{Spent: r.options.Timeout}, killed: killed} // how much it was died with the child
}

// assemble makes one result of a unit's runs.
func (r *Renderer) assemble(unit Unit, runs []run) Result {
	result := Result{Unit: unit}
	rendered := slices.ContainsFunc(runs, func(run run) bool { return run.killed == nil && !run.late && !run.Failed })
	result.Failed = !rendered
	result.Touched = len(runs) < len(unit.Variants)
	var late []Variant
	for _, run := range runs {
		if run.late {
			late = append(late, run.variant)
		}
		result.Touched = result.Touched || run.Touched || run.killed != nil || run.late
		if run.killed != nil {
			result.add(killedProblem(unit, run))
		}
		result.Untraced += run.Untraced
		for _, p := range run.Problems {
			// A chart that demands values is evaluated with those of its deployments, or that its author gives it in ci/.
			if p.Demand && rendered && run.variant.excuses() {
				continue
			}
			if run.variant.Partial && p.Rule == RenderError && !p.Unread {
				p.Rule, p.Message = NotEvaluated, p.Message+"; it may want the values that are not in the repository"
			}
			p.Told = p.Unread && unit.unread[p.Location.Path]
			result.add(p.Problem)
		}
	}
	for _, p := range unit.misses {
		result.add(p)
	}
	result.leave(late, fmt.Sprintf("all sets of values of a chart together get %s of processor time", unitTime*r.options.Timeout))
	result.leave(unit.beyond, fmt.Sprintf("lint renders a chart with at most %d sets of values", maxVariants))
	r.documents(&result, runs)
	return result
}

// add records a problem once: the variants of a chart share most of theirs.
func (r *Result) add(p Problem) {
	if !slices.Contains(r.Problems, p) {
		r.Problems = append(r.Problems, p)
	}
}

// leave records which sets of values were not rendered, and why.
func (r *Result) leave(variants []Variant, why string) {
	if len(variants) == 0 {
		return
	}
	names := make([]string, len(variants))
	for i, v := range variants {
		names[i] = v.Name
	}
	what := fmt.Sprintf("%s with %s", r.Unit.what(), someOf(names))
	r.add(Problem{
		Rule: NotEvaluated, Location: source.FileStart(r.Unit.File), What: what,
		Message: fmt.Sprintf("%s was not rendered: %s; keep fewer in ci/, or exclude those that are not to be linted", what, why),
	})
}

// someOf lists names in a message: the first few, and how many more there are.
func someOf(names []string) string {
	const most = 5
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

func killedProblem(unit Unit, run run) Problem {
	what := unit.what()
	if !run.variant.defaults() {
		what += " with " + run.variant.Name
	}
	return Problem{
		Rule: RenderError, Location: source.FileStart(cmp.Or(run.killed.template, unit.File)), What: what,
		Message: fmt.Sprintf("%s was not rendered: %s%s", what, run.killed, run.killed.during()),
	}
}

// what names a unit in messages.
func (u Unit) what() string {
	if u.Renderer == Helm {
		return "chart " + u.Root
	}
	return "kustomization " + u.Root
}
