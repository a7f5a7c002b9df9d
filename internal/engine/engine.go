// Package engine is the pipeline, wired: lint one repository, from its files to a report. It prints nothing.
package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/discover"
	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/podsecurity"
	"github.com/plimsoll-dev/plimsoll/internal/policy"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/shellcheck"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/syntax"
	"github.com/plimsoll-dev/plimsoll/internal/triage"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// Options say what to lint and by what.
type Options struct {
	Target   *Target
	Config   *config.Config
	Settings []*source.File // what GitHub enforces on repositories, as package settings writes it; none when nobody asked
	Policies []string       // folders of further policies, absolute
	Rules    []string       // rules, or patterns, to keep to; none means all
	Skip     []string       // rules, or patterns, to leave out
	Change   *Change        // what the run is about; nil when everything counts
	Baseline *triage.Baseline
	// BaselineFile is where the baseline was read from, absolute; "" for none.
	BaselineFile string
	Today        string   // as 2027-01-31
	Version      string   // of the program
	Worker       []string // program and arguments of a render worker; nil for this very binary
}

// ErrUsage marks errors that the user can mend: rules, policies, revisions.
var ErrUsage = errors.New("usage")

func usagef(err error) error { return fmt.Errorf("%w%w", hidden{ErrUsage}, err) }

// hidden lets an error carry a mark that is not printed.
type hidden struct{ error }

func (hidden) Error() string   { return "" }
func (h hidden) Unwrap() error { return h.error }

// Result is a report, and the texts that it speaks of.
type Result struct {
	Report *finding.Report
	Source func(path string) []byte // of a linted file; nil when it was not read
}

// Lint lints one repository. An error means that there is no verdict: ErrUsage when the user can mend it, the context's
// when it was cancelled, else a failure of our own.
func Lint(ctx context.Context, o Options) (*Result, error) {
	change, notice, err := o.Target.findChange(ctx, o.Change)
	if err != nil {
		return nil, err
	}
	defer change.close()
	set, err := policy.Load(ctx, policies.FS, o.Policies)
	if err != nil {
		return nil, usagef(err)
	}
	r, err := newRun(ctx, o, set, change)
	if err != nil {
		return nil, err
	}
	defer r.close()
	if err := r.lint(ctx); err != nil {
		return nil, err
	}
	r.readCited()
	if err := r.compare(ctx); err != nil {
		return nil, err
	}
	if notice != "" {
		r.stats.Notices = append(r.stats.Notices, notice)
	}
	return &Result{Report: r.report(), Source: TextsOf(append(r.found.Files, o.Settings...))}, nil
}

// newRun chooses among the rules and finds the files. The run must be closed.
func newRun(ctx context.Context, o Options, set *policy.Set, c *change) (*run, error) {
	linkPages(set, o.Version)
	ids, err := selectRules(set, o)
	if err != nil {
		return nil, usagef(err)
	}
	if err := checkParams(ctx, set, o.Config); err != nil {
		return nil, usagef(err)
	}
	found, err := walk(ctx, o)
	if err != nil {
		return nil, err
	}
	r := &run{options: o, set: set, ids: ids, found: found, change: c, seen: sightings{}, rest: map[string]bool{}}
	r.addedFails = o.addedFail()
	r.scope = o.scope(c, set)
	pods, err := podsecurity.New(string(o.Config.Pods.Level), string(o.Config.Pods.Version))
	if err != nil {
		return nil, usagef(err)
	}
	r.judge = &judge{set: set, ids: ids, params: o.Config.Params()}
	files := o.Target.Repository(found)
	if c == nil {
		r.judge.repo = facts.In(files)
		r.judge.deployed = r.judge.repo
	} else {
		r.memory = newMemory()
		r.judge.repo = facts.In(r.memory.listen(files, r.memory.others))
		r.judge.deployed = facts.In(r.memory.listen(files, r.memory.deployed))
	}
	r.judge.repo.HoldPodsTo(pods)
	r.judge.deployed.HoldPodsTo(pods)
	if rules, _ := set.For(source.Whole, ids); len(rules) > 0 {
		r.judge.images = &gathering{}
	}
	if r.scope != nil && !r.scope.All {
		r.judge.changed = r.scope.ChangedAt
	}
	if slices.Contains(ids, shellcheck.RuleID) {
		if r.shellcheck, err = shellcheck.Find(o.Target.Root); err != nil {
			return nil, usagef(err)
		}
	}
	return r, nil
}

func (r *run) close() {
	if r.shellcheck != nil {
		_ = r.shellcheck.Close() // an empty directory of the system's temporary ones
	}
}

func stopped(ctx context.Context) error {
	return fmt.Errorf("lint was stopped before its end, so there is no verdict: %w", context.Cause(ctx))
}

// linkPages gives each rule of ours the address of its page, at the tag of the release that judges by it.
func linkPages(set *policy.Set, version string) {
	if !release.MatchString(version) {
		version = "main"
	}
	for _, r := range set.Rules() {
		if page, ok := policies.Page(r.ID); ok {
			r.HelpURL = "https://github.com/plimsoll-dev/plimsoll/blob/" + version + "/policies/" + page
		}
	}
}

var release = regexp.MustCompile(`^v\d+\.\d+\.\d+$`)

func walk(ctx context.Context, o Options) (*discover.Result, error) {
	files, err := o.Target.files(ctx)
	if err != nil {
		return nil, err
	}
	found, err := discover.Walk(ctx, discover.Options{
		Root: o.Target.Root, Files: files, Paths: o.Target.Paths,
		Include: globs(o.Config.Include), Exclude: globs(o.Config.Exclude), MaxFileSize: int64(o.Config.Limits.FileSize),
	})
	if err != nil && ctx.Err() == nil {
		return nil, usagef(err)
	}
	return found, err
}

func globs(in []config.Glob) []string {
	out := make([]string, len(in))
	for i, g := range in {
		out[i] = string(g)
	}
	return out
}

// run is one lint under way.
type run struct {
	options Options
	set     *policy.Set
	ids     []string
	found   *discover.Result
	judge   *judge
	change  *change       // what the run is about; nil when it is about everything
	scope   *triage.Scope // what of it counts; nil when all does
	memory  *memory       // of what the jobs came to; nil where nobody asks for it
	// addedFails: ignores that the change adds do not count for the verdict; what it came from may say so too.
	addedFails bool
	past       *past // of a run over a later state of the files; nil where there was none
	kin        kinship
	// actionlint is the repository's own configuration of actionlint, for the labels and variables it declares; may be nil.
	actionlint *syntax.Config
	shellcheck *shellcheck.Program // nil where it was not asked for

	findings []*finding.Finding
	seen     sightings
	rest     map[string]bool // manifests that are linted as they are, for want of a kustomization that builds
	missed   []finding.Miss
	stats    finding.Stats
}

// maxParsed is how many bytes of text are parsed at a time. Parsed, a text takes up to eighty times its size.
const maxParsed = 12 << 20

// job is a piece of work and the size of the text that it parses.
type job struct {
	bytes int64
	do    func(context.Context) part
	// What it is about: files that are read as they stand, sorted, or a unit that is rendered.
	files []*source.File
	unit  *render.Unit
}

// part is what one file or unit adds. Parts are joined in the order of the jobs, not of their ends.
type part struct {
	findings  []*finding.Finding
	seen      sightings
	missed    []finding.Miss
	documents int
	rendered  int
	untraced  int
	unit      render.Unit // that was rendered, if it was
	failed    bool        // nothing of it was
	touched   bool        // the rendering depends on a file that is not what it was
	images    *gathering
}

func (r *run) lint(ctx context.Context) error {
	r.readActionlint()
	plan := r.options.plan(r.found)
	r.unplanned(plan)
	renderer, err := r.options.renderer(r.change.watched())
	if err != nil {
		return err
	}
	defer renderer.Close()

	jobs := r.renderJobs(renderer, plan.Units) // first: they take longest
	parts := r.work(ctx, append(jobs, r.fileJobs(plan)...))
	for ctx.Err() == nil {
		more := r.work(ctx, r.restJobs(renderer, plan, parts))
		if len(more) == 0 {
			break
		}
		parts = append(parts, more...)
	}
	if err := ctx.Err(); err != nil {
		return stopped(ctx)
	}
	r.problems()
	for _, p := range parts {
		r.judge.images.join(p.images)
	}
	parts = append(parts, r.lintWhole(ctx), r.lintSettings(ctx))
	for _, p := range parts {
		r.findings = append(r.findings, p.findings...)
		r.missed = append(r.missed, p.missed...)
		r.stats.Documents += p.documents
		r.stats.Rendered += p.rendered
		r.stats.Untraced += p.untraced
		maps.Copy(r.seen, p.seen)
	}
	return nil
}

// work does jobs, several at a time, and gives their parts in the order of the jobs.
func (r *run) work(ctx context.Context, jobs []job) []part {
	parts := make([]part, len(jobs))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	room := semaphore.NewWeighted(maxParsed)
	for i, job := range jobs {
		group.Go(func() error {
			if known, ok := r.past.recall(job); ok {
				parts[i] = known
				return nil
			}
			weight := min(job.bytes, maxParsed)
			if room.Acquire(ctx, weight) != nil {
				return nil // cancelled, which is seen below
			}
			defer room.Release(weight)
			parts[i] = job.do(ctx)
			r.memory.keep(job, parts[i])
			return nil
		})
	}
	_ = group.Wait() // jobs put their errors into findings
	return parts
}

// renderer starts the renderer that the configuration asks for.
func (o Options) renderer(watched render.Watched) (*render.Renderer, error) {
	return render.New(render.Options{
		Root: o.Target.Root, KubeVersion: o.kubeVersion(),
		Timeout: time.Duration(o.Config.Limits.RenderTime), Memory: int64(o.Config.Limits.RenderMemory),
		LoadOutside: o.Config.Kustomize.LoadRestrictor == "none",
		Command:     o.Worker, Watched: watched,
	})
}

// actionlintNames are where actionlint looks for its configuration.
var actionlintNames = []string{".github/actionlint.yaml", ".github/actionlint.yml"}

// readActionlint reads the repository's configuration of actionlint. One that cannot be read is a finding: what it
// declares would be reported as unknown without it.
func (r *run) readActionlint() {
	root, err := os.OpenRoot(r.options.Target.Root)
	if err != nil {
		return // rendering reports it
	}
	defer root.Close() //nolint:errcheck // only read
	for _, name := range actionlintNames {
		data, found, err := discover.ReadRegular(root, name, config.MaxBytes)
		if !found {
			continue
		}
		if err == nil {
			r.actionlint, err = syntax.ParseConfig(data)
		}
		if err != nil {
			r.findings = append(r.findings, builtin(r.set, finding.ParseError, source.FileStart(name), err.Error()))
		}
		return
	}
}

// problems makes a finding of each file that is ours and could not be read.
func (r *run) problems() {
	for _, p := range r.found.Problems {
		f := builtin(r.set, finding.ParseError, source.FileStart(p.Path), "not read: "+p.Message)
		r.findings = append(r.findings, f)
		r.missed = append(r.missed, finding.Miss{Path: p.Path, What: "file", Why: p.Message})
	}
}
