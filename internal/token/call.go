package token

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// Ceiling is a call whose called workflow asks for more than the calling job has. GitHub looks at that before any job
// starts, whatever their conditions, and starts none.
type Ceiling struct {
	Job     string      `json:"job"`               // that calls
	Path    source.Path `json:"path"`              // of its uses
	Callee  string      `json:"callee"`            // the workflow that asks, as a path in the repository or as owner/repo/path
	Asking  string      `json:"asking"`            // the job of it that asks; "" where that is not known
	Wants   []string    `json:"wants"`             // what is missing: "packages: write"
	Default bool        `json:"default,omitempty"` // the calling job has what the settings say: it fails where these are restrictive
	Remote  bool        `json:"remote,omitempty"`  // the callee stands in another repository, and may have changed
	// Where the asking job declares it: a path in the callee's file; absent for a workflow of another repository.
	AskedAt source.Path `json:"askedAt,omitempty"`
}

// restricted is what a token may do where nothing is declared and the settings give it little.
var restricted = Permissions{"contents": LevelRead, "packages": LevelRead}

// call reads a job that calls a workflow. The ceilings are those of the whole tree of calls below it that depend on the
// permissions of this job.
func (r *reader) call(f *frame, within *site, has Permissions, byDefault bool) []Ceiling {
	at := site{frame: f, path: f.job.Path.Append("uses"), runs: f.w.Runs(f.job, nil)}.in(within)
	at.by, _, _ = strings.Cut(f.job.Uses, "@")
	if !local(f.job.Uses) {
		return r.remoteCall(at, has, byDefault)
	}
	file := r.repo.Local(f.job.Uses)
	callee := r.repo.File(file)
	if callee == nil || callee.IsAction || f.depth >= maxFollowed || r.budget < 0 {
		r.unknown(at, "the called workflow cannot be read", nil)
		return nil
	}
	found := r.asks(at, callee.Permissions, "", file, has, byDefault)
	for i := range callee.Jobs {
		r.budget--
		job := &callee.Jobs[i]
		if effective(callee, job).Kind != workflow.GrantAbsent {
			found = append(found, r.asks(at, job.Permissions, job.ID, file, has, byDefault)...)
			continue
		}
		inner := &frame{file: file, w: callee, job: job, depth: f.depth + 1}
		next := newReader(r.k, r.repo)
		next.budget, next.outer = r.budget, r.events(at)
		if job.Uses != "" {
			for _, c := range next.call(inner, &at, has, byDefault) {
				c.Job, c.Path = f.job.ID, at.path
				found = append(found, c)
			}
		} else {
			next.job(inner, &at)
		}
		r.budget, r.uses, r.opaque = next.budget, append(r.uses, next.uses...), append(r.opaque, next.opaque...)
	}
	return found
}

// asks records what a `permissions:` of a called workflow asks of the caller: that of one of its jobs, or the workflow's own.
// https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations#access-and-permissions, and
// GitHub's own comparison: https://github.com/actions/runner/blob/main/src/Sdk/WorkflowParser/Conversion/WorkflowTemplateConverter.cs
func (r *reader) asks(at site, g workflow.Grant, job, file string, has Permissions, byDefault bool) []Ceiling {
	if g.Kind == workflow.GrantAbsent {
		return nil
	}
	who := "it"
	if job != "" {
		who = "its job " + job
	}
	wanted := permissionsOf(g)
	r.demand(at, wanted, who+" declares it")
	wants := beyond(wanted, has)
	if len(wants) == 0 {
		return nil
	}
	return []Ceiling{{Job: at.frame.job.ID, Path: at.path, Callee: file, Asking: job, Wants: wants, AskedAt: g.Path, Default: byDefault}}
}

// remoteCall reads a call of a workflow of another repository.
func (r *reader) remoteCall(at site, has Permissions, byDefault bool) []Ceiling {
	entry, known := r.k.Action(at.by)
	if !known || !entry.Reusable {
		r.unknown(at, "the called workflow stands in another repository", nil)
		return nil
	}
	if entry.Opaque {
		r.unknown(at, "what the called workflow does with the token cannot be told from its inputs", nil)
	}
	at.step = &workflow.Step{With: at.frame.job.With}
	wanted := Permissions{}
	for _, n := range entry.Needs {
		answer, _ := r.holds(at, n.When)
		before := len(r.uses)
		r.need(at, n.Need, own, answer)
		for i := before; i < len(r.uses); i++ {
			r.uses[i].called = true
		}
		if answer == Yes && !n.Optional && n.Basis != BasisUnverified && !wanted[n.Scope].covers(n.Level) {
			wanted[n.Scope] = n.Level
		}
	}
	if wants := beyond(wanted, has); len(wants) > 0 {
		return []Ceiling{{Job: at.frame.job.ID, Path: at.path, Callee: at.by, Wants: wants, Default: byDefault, Remote: true}}
	}
	return nil
}

// demand records what a called workflow declares: GitHub asks the caller for it, whether it is used or not.
func (r *reader) demand(at site, wanted Permissions, why string) {
	for _, scope := range slices.Sorted(maps.Keys(wanted)) {
		if wanted[scope] == levelNone {
			continue
		}
		r.uses = append(r.uses, Use{
			Need: Need{Scope: scope, Level: wanted[scope], Why: why, Basis: BasisDocs},
			By:   at.by, Path: at.path, Within: at.frame.file, Sure: true, called: true, Events: r.events(at), runs: at.runs,
		})
	}
}

// beyond lists what is wanted and not had, as "scope: level".
func beyond(wanted, has Permissions) []string {
	var out []string
	for _, scope := range slices.Sorted(maps.Keys(wanted)) {
		if !has[scope].covers(wanted[scope]) {
			out = append(out, scope+": "+cmp.Or(string(wanted[scope]), string(levelNone)))
		}
	}
	return out
}
