package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/syntax"
)

// syntaxRule is judged by actionlint.
const syntaxRule = "workflow/syntax"

// fileJobs lints each file that is read as it stands. A manifest that a kustomization reaches means nothing alone.
func (r *run) fileJobs(plan render.Plan) []job {
	var jobs []job
	var together []*source.File
	for _, file := range r.found.Files {
		switch {
		case file.Kind == source.ChartFile, file.Kind == source.Manifest && plan.Covered[file.Path]:
		case judgedTogether(file.Kind):
			together = append(together, file)
		case r.found.Selected(file.Path):
			jobs = append(jobs, r.fileJob(file))
		}
	}
	return append(jobs, r.directoryJobs(together)...)
}

func (r *run) fileJob(file *source.File) job {
	return job{
		bytes: int64(len(file.Data)), files: []*source.File{file},
		do: func(ctx context.Context) part { return r.lintFile(ctx, file) },
	}
}

// maxWorkflow is the largest workflow or action, in bytes, that is linted: one of a megabyte has some twenty thousand steps,
// and takes seconds.
const maxWorkflow = 1 << 20

func (r *run) lintFile(ctx context.Context, file *source.File) part {
	judge := r.judge.apart(false)
	p := part{images: judge.images}
	if size := len(file.Data); size > maxWorkflow && (file.Kind == source.Workflow || file.Kind == source.Action) {
		why := fmt.Sprintf("not read: a %s of %d KiB is larger than the %d KiB that are linted of one", file.Kind, size>>10, maxWorkflow>>10)
		r.unread(&p, source.FileStart(file.Path), "file", why)
		return p
	}
	docs, faults := parse.File(file)
	r.faults(&p, file, faults)
	unit := facts.Together(docs)
	for i := range docs {
		p.documents++
		found, _ := judge.findings(ctx, unit, i) // the text of a file has one place for each finding
		p.findings = append(p.findings, found...)
		if r.shellcheck != nil {
			p.findings = append(p.findings, r.shellcheck.Lint(ctx, docs[i])...)
		}
	}
	if file.Kind == source.Workflow && len(faults) == 0 && slices.Contains(r.ids, syntaxRule) {
		p.findings = append(p.findings, syntax.Lint(file, r.actionlint)...)
	}
	p.findings = r.bound(p.findings)
	return p
}

// faults records what of a file could not be parsed.
func (r *run) faults(p *part, file *source.File, faults []*source.SyntaxError) {
	for _, fault := range faults {
		r.unread(p, source.Location{Path: file.Path, Span: fault.Span}, "document", fault.Message)
	}
}

// unread records that a file, or a document of it, was not read, and why.
func (r *run) unread(p *part, at source.Location, what, why string) {
	p.findings = append(p.findings, builtin(r.set, finding.ParseError, at, why))
	p.missed = append(p.missed, finding.Miss{Path: at.Path, What: what, Why: why})
}

// maxPerRule is how many findings of one rule a file or unit may have. Nobody reads more; a hostile file could have a
// million, each with its own text.
const maxPerRule = 2000

// bound cuts what one rule says of one file or unit, and says so.
func (r *run) bound(findings []*finding.Finding) []*finding.Finding {
	counts := map[string]int{}
	out := findings[:0]
	var first []*finding.Finding // of the rules that were cut
	for _, f := range findings {
		counts[f.RuleID]++
		if n := counts[f.RuleID]; n <= maxPerRule {
			out = append(out, f)
		} else if n == maxPerRule+1 {
			first = append(first, f)
		}
	}
	for _, f := range first {
		message := fmt.Sprintf("%s has %d more findings here and in what follows, which are not listed", f.RuleID, counts[f.RuleID]-maxPerRule)
		out = append(out, builtin(r.set, finding.NotEvaluated, f.Location, message))
	}
	return out
}

// renderJobs renders each chart and kustomization and lints what comes out.
func (r *run) renderJobs(renderer *render.Renderer, units []render.Unit) []job {
	var jobs []job
	for _, unit := range units {
		if !r.wanted(unit) {
			continue
		}
		jobs = append(jobs, job{do: func(ctx context.Context) part { return r.lintUnit(ctx, renderer, unit) }, unit: &unit})
	}
	return jobs
}

// restJobs lints what was to be linted through kustomizations that turned out not to build: what is wrong with the whole
// does not hide what is wrong in its parts.
func (r *run) restJobs(renderer *render.Renderer, plan render.Plan, done []part) []job {
	var built, failed []string
	for _, p := range done {
		switch {
		case p.unit.Renderer != render.Kustomize:
		case p.failed:
			failed = append(failed, p.unit.Root)
		default:
			built = append(built, p.unit.Root)
		}
	}
	units, manifests := plan.Rest(built, failed)
	jobs := r.renderJobs(renderer, units)
	var rest []*source.File
	for _, file := range r.found.Files {
		if manifests[file.Path] && !r.rest[file.Path] && file.Kind == source.Manifest {
			r.rest[file.Path] = true
			rest = append(rest, file)
		}
	}
	return append(jobs, r.directoryJobs(rest)...)
}

// wanted reports whether anything of a unit may be asked for. A chart is selected as a whole, or by what is deployed with
// it; which files a kustomization reaches is known only once it is built.
func (r *run) wanted(unit render.Unit) bool {
	return unit.Renderer != render.Helm || r.found.Selected(unit.File) || unit.Reads(r.found.Selected)
}

func (r *run) lintUnit(ctx context.Context, renderer *render.Renderer, unit render.Unit) part {
	result := renderer.Render(ctx, unit)
	judge := r.judge.apart(true)
	p := part{
		rendered: len(unit.Variants), untraced: result.Untraced, seen: sightings{}, unit: unit, failed: result.Failed,
		touched: result.Touched, images: judge.images,
	}
	for _, problem := range result.Problems {
		if problem.Told && r.found.Selected(problem.Location.Path) {
			continue
		}
		f := builtin(r.set, problem.Rule, problem.Location, problem.Message)
		f.Origin = &finding.Origin{Renderer: unit.Renderer, Root: unit.Root}
		p.findings = append(p.findings, f)
		if problem.What == "" {
			f.Severity = min(f.Severity, finding.Medium) // it was evaluated all the same
		} else {
			p.missed = append(p.missed, finding.Miss{Path: problem.Location.Path, What: problem.What, Why: problem.Message})
		}
	}
	documents := result.Documents
	if values := r.unprinted(unit, documents); values != nil {
		documents = append(documents, values)
	}
	together := facts.Together(documents)
	for i := range together.Documents {
		p.documents++
		found, seen := judge.findings(ctx, together, i)
		p.findings = append(p.findings, found...)
		maps.Copy(p.seen, seen)
	}
	// What was asked for is picked out before the bound, which must not spend itself on the rest.
	p.findings = r.bound(slices.DeleteFunc(p.findings, func(f *finding.Finding) bool { return !r.asked(unit, f) }))
	return p
}

// asked reports whether a finding of a rendered unit lies in a path that was asked for. What keeps a unit that was asked
// for from being evaluated counts wherever it lies.
func (r *run) asked(unit render.Unit, f *finding.Finding) bool {
	return len(r.options.Target.Paths) == 0 || r.found.Selected(f.Location.Path) ||
		r.set.Rule(f.RuleID).Category() == "builtin" && (r.found.Selected(unit.File) || unit.Reads(r.found.Selected)) ||
		slices.ContainsFunc(f.Related, func(n source.Note) bool { return r.found.Selected(n.Location.Path) })
}
