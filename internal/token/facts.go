package token

import (
	"cmp"
	"maps"
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// Facts is what rules see of the token of a workflow's jobs, as input.facts.token.
type Facts struct {
	Jobs     []JobFacts `json:"jobs"`     // in the order of the text
	Blocks   []Block    `json:"blocks"`   // each `permissions:` that holds for a job, and each that there should be
	Grants   []Grant    `json:"grants"`   // each line of each `permissions:`, in the order of Blocks
	Ceilings []Ceiling  `json:"ceilings"` // calls that ask for more than the caller has
	// PerJob gives each job what it needs, and the workflow only what all others do with: edits that belong together.
	// None where that is not certain, or would change nothing.
	PerJob []Edit `json:"perJob"`
}

// Edit sets the key at a path to a block of YAML.
type Edit struct {
	Path  source.Path `json:"path"`
	Block string      `json:"block"` // with its key, not indented
}

// JobFacts is what is known of the token of a job.
type JobFacts struct {
	ID       string      `json:"id"`
	Path     source.Path `json:"path"`
	Declared string      `json:"declared"` // where its permissions stand: "job", "workflow", or "" for nowhere
	Granted  Permissions `json:"granted"`  // nothing where they are declared nowhere
	Needs    []UseFacts  `json:"needs"`
	Missing  []UseFacts  `json:"missing"` // the needs that are not granted, where permissions are declared
	Opaque   []Opaque    `json:"opaque"`  // what may use the token in ways that are not known
}

// UseFacts is a need as rules see it.
type UseFacts struct {
	Scope    string      `json:"scope"`
	Level    Level       `json:"level"`
	Or       []string    `json:"or,omitempty"`     // scopes that serve as well
	Why      string      `json:"why"`              // a clause
	By       string      `json:"by"`               // what needs it: "gh pr comment"
	Path     source.Path `json:"path"`             // of the step's uses or run, or of the job's uses
	Text     string      `json:"text,omitempty"`   // the part of the scalar at path
	Within   string      `json:"within,omitempty"` // the file that needs it, where the step leads to another
	Sure     bool        `json:"sure"`             // without the scope the step fails …
	Quiet    bool        `json:"quiet,omitempty"`  // … to do it, and passes, with an error in its log
	Private  bool        `json:"private"`          // but only in a repository that is not public
	Basis    Basis       `json:"basis"`
	NotForks string      `json:"notForks,omitempty"` // "always" or "sometimes" the run is for a fork, which gets no write
}

// Grant is one line of a `permissions:`.
type Grant struct {
	Path   source.Path `json:"path"` // of the level
	Scope  string      `json:"scope"`
	Level  Level       `json:"level"`  // as written
	Levels []Level     `json:"levels"` // that the scope may have; none for a scope that does not exist
	Jobs   []string    `json:"jobs"`   // for which it holds
	// Used is the level that the jobs are seen to need: "none", "read", "write"; "unknown" where they may need more than
	// is seen.
	Used  Level      `json:"used"`
	Users []string   `json:"users"` // the jobs that are seen to need it at this level
	Maybe []string   `json:"maybe"` // the other jobs in which something may
	Uses  []UseFacts `json:"uses"`  // the needs that it serves
	// Opaque are the things that make Used unknown.
	Opaque []Opaque `json:"opaque"`
	Block  int      `json:"block"` // the index in Blocks of the one that the line stands in
}

// levelUnknown is the Used of a grant that something opaque may use.
const levelUnknown Level = "unknown"

// result is what was read of one job.
type result struct {
	job    *workflow.Job
	uses   []Use
	opaque []Opaque
}

// Of works out the facts about the token of a workflow; nil for a document that is none. What the workflow calls in the
// repository is read there.
func Of(doc *source.Document, repo *workflow.Repository) *Facts {
	w := workflow.Of(doc)
	if w == nil || w.IsAction {
		return nil
	}
	facts := &Facts{Jobs: []JobFacts{}, Blocks: []Block{}, Grants: []Grant{}, Ceilings: []Ceiling{}, PerJob: []Edit{}}
	results := make([]result, 0, len(w.Jobs))
	for i := range w.Jobs {
		r := newReader(Actions(), repo)
		job := &w.Jobs[i]
		f := &frame{w: w, job: job}
		grant := effective(w, job)
		if job.Uses == "" {
			r.job(f, nil)
		} else {
			has, byDefault := permissionsOf(grant), false
			if grant.Kind == workflow.GrantAbsent {
				has, byDefault = restricted, true
			}
			found := r.call(f, nil, has, byDefault)
			if grant.Kind != workflow.GrantAbsent || !w.OnlyCalled() {
				facts.Ceilings = append(facts.Ceilings, found...)
			}
		}
		results = append(results, result{job: job, uses: r.uses, opaque: r.opaque})
	}
	slices.SortStableFunc(results, func(a, b result) int {
		return cmp.Compare(doc.Locate(a.job.Path, "").Span.Start.Offset, doc.Locate(b.job.Path, "").Span.Start.Offset)
	})
	for i := range results {
		facts.Jobs = append(facts.Jobs, results[i].facts(w))
	}
	facts.blocks(w, results)
	return facts
}

func (r *result) facts(w *workflow.Workflow) JobFacts {
	grant := effective(w, r.job)
	out := JobFacts{
		ID: r.job.ID, Path: r.job.Path, Granted: permissionsOf(grant), Needs: []UseFacts{}, Missing: []UseFacts{}, Opaque: distinct(r.opaque),
	}
	switch {
	case r.job.Permissions.Kind != workflow.GrantAbsent:
		out.Declared = "job"
	case w.Permissions.Kind != workflow.GrantAbsent:
		out.Declared = "workflow"
	}
	for _, u := range merged(r.uses) {
		f := u.facts()
		out.Needs = append(out.Needs, f)
		if out.Declared != "" && !u.called && u.Sure && !out.Granted.serves(u.Need) && grant.Kind != workflow.GrantUnknown {
			out.Missing = append(out.Missing, f)
		}
	}
	return out
}

func (u Use) facts() UseFacts {
	out := UseFacts{
		Scope: u.Scope, Level: u.Level, Or: u.Or, Why: u.Why, By: u.By, Path: u.Path, Text: u.Text, Within: u.Within, Sure: u.Sure, Quiet: u.Quiet,
		Private: u.PrivateOnly() && !u.called, Basis: u.Basis,
	}
	if u.Level == LevelWrite {
		out.NotForks = u.notForks()
	}
	return out
}

// forkEvents are the events for which a fork's pull request gets a token that reads.
// https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request
var forkEvents = []string{"pull_request", "pull_request_review", "pull_request_review_comment"}

func forPullRequest(event string) bool { return slices.Contains(forkEvents, event) }

// onlyForPullRequests reports whether each of the events, of which there is one, is for a pull request.
func onlyForPullRequests(events []string) bool {
	return len(events) > 0 && !slices.ContainsFunc(events, func(e string) bool { return !forPullRequest(e) })
}

// notForks says whether the use is on runs for forks, "always" or "sometimes"; "" for never.
func (u Use) notForks() string {
	forked := slices.ContainsFunc(u.Events, forPullRequest)
	switch {
	case onlyForPullRequests(u.Events) && u.runs.Forks:
		return "always"
	case forked && u.runs.Unguarded && !u.called && u.Scope != "security-events" && u.Scope != scopeOIDC:
		return "sometimes" // code scanning takes results from forks too, and actions do without OIDC there
	}
	return ""
}

// merged leaves one of the uses that differ only in their place: the first, or the first that is sure.
func merged(uses []Use) []Use {
	var out []Use
	at := map[string]int{}
	for _, u := range uses {
		key := u.Scope + " " + string(u.Level) + " " + u.By + " " + u.Within
		i, found := at[key]
		switch {
		case !found:
			at[key] = len(out)
			out = append(out, u)
		case u.Sure && !out[i].Sure:
			out[i] = u
		}
	}
	return out
}

// distinct leaves one of the opaque things that differ only in their place.
func distinct(list []Opaque) []Opaque {
	out := []Opaque{}
	seen := map[string]bool{}
	for _, o := range list {
		if key := o.By + " " + o.Why + " " + o.Path.String(); !seen[key] {
			seen[key] = true
			out = append(out, o)
		}
	}
	return out
}

// mayUse reports whether the thing may use a scope.
func (o Opaque) mayUse(scope string) bool { return o.Scopes == nil || slices.Contains(o.Scopes, scope) }

// level says how much of a scope the job needs, of a use at most; unknown where something opaque may need it.
func (r *result) level(scope string) Level {
	found := levelNone
	for _, u := range r.uses {
		if (u.Scope == scope || slices.Contains(u.Or, scope)) && !found.covers(u.Level) {
			found = u.Level
		}
	}
	if found != LevelWrite && slices.ContainsFunc(r.opaque, func(o Opaque) bool { return o.mayUse(scope) }) {
		return levelUnknown
	}
	return found
}

// blocks judges each `permissions:` of the workflow.
func (f *Facts) blocks(w *workflow.Workflow, results []result) {
	var inheriting []result
	for _, r := range results {
		if r.job.Permissions.Kind == workflow.GrantAbsent {
			inheriting = append(inheriting, r)
		}
	}
	f.Blocks = append(f.Blocks, blockOf(w.Permissions, source.Path{"permissions"}, inheriting, ""))
	f.grants(w.Permissions, inheriting, 0)
	for _, r := range results {
		g := effective(w, r.job)
		f.Blocks = append(f.Blocks, blockOf(g, r.job.Path.Append("permissions"), []result{r}, r.job.ID))
		f.Blocks[len(f.Blocks)-1].Kind = r.job.Permissions.Kind
		f.grants(r.job.Permissions, []result{r}, len(f.Blocks)-1)
	}
	f.PerJob = perJob(w, inheriting)
}

// grants judges the lines of one `permissions:` that holds for the jobs.
func (f *Facts) grants(g workflow.Grant, jobs []result, block int) {
	for _, scope := range slices.Sorted(maps.Keys(g.Scopes)) {
		f.Grants = append(f.Grants, grantOf(g, scope, jobs, block))
	}
}

func grantOf(g workflow.Grant, scope string, jobs []result, block int) Grant {
	level := Level(g.Scopes[scope])
	out := Grant{
		Path: g.Path.Append(scope), Scope: scope, Level: level, Levels: append([]Level{}, Levels(scope)...), Jobs: []string{}, Used: levelNone,
		Users: []string{}, Maybe: []string{}, Uses: []UseFacts{}, Opaque: []Opaque{}, Block: block,
	}
	for i := range jobs {
		r := &jobs[i]
		out.Jobs = append(out.Jobs, r.job.ID)
		used := r.level(scope)
		switch {
		case used == levelUnknown:
			out.Maybe = append(out.Maybe, r.job.ID)
		case used != levelNone && used.covers(level):
			out.Users = append(out.Users, r.job.ID)
		}
		out.Used = highest(out.Used, used)
		for _, u := range merged(r.uses) {
			if u.Scope == scope || slices.Contains(u.Or, scope) {
				out.Uses = append(out.Uses, u.facts())
			}
		}
		for _, o := range distinct(r.opaque) {
			if o.mayUse(scope) {
				out.Opaque = append(out.Opaque, o)
			}
		}
	}
	return out
}

// highest gives the higher of two levels; what is not known counts as less than write, which says all.
func highest(a, b Level) Level {
	order := []Level{levelNone, LevelRead, levelUnknown, LevelWrite}
	return order[max(slices.Index(order, a), slices.Index(order, b))]
}
