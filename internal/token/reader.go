package token

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// Use is one thing that needs a scope.
type Use struct {
	Need

	By     string      // what needs it, as one would call it: "actions/checkout", "gh pr comment"
	Path   source.Path // of the step or job in the document that leads to it
	Text   string      // the part of the scalar at Path, where that is more exact; "" for all of it
	Within string      // the file of the repository that needs it, where that is another
	Sure   bool        // the token is there and the condition holds: without the scope it fails
	Events []string    // the events by which the run that needs it may be started; none when that is not known

	runs   workflow.Runs
	called bool // it is what a called workflow asks for: without it no job starts
}

// Opaque is something that may use the token in a way that cannot be told from here.
type Opaque struct {
	By     string
	Path   source.Path // as of a Use
	Text   string
	Why    string
	Scopes []string // all that it can use it for; none for anything
}

// reader goes through the steps of a job in order.
type reader struct {
	k      *Knowledge
	repo   *workflow.Repository
	outer  []string // the events of the caller, where the job is one of a called workflow
	budget int      // how much more may be read
	uses   []Use
	opaque []Opaque

	// What earlier steps leave for later ones.
	git        credential            // what git sends to GitHub
	registries map[string]credential // what container tools send, by host
	gh         credential            // what gh is logged in with
	exported   map[string]credential // variables that were written to GITHUB_ENV
	stored     credential            // what stands in some file
}

// maxBudget is how many steps, commands and calls are read for one job.
const maxBudget = 20000

func newReader(k *Knowledge, repo *workflow.Repository) *reader {
	return &reader{k: k, repo: repo, budget: maxBudget, registries: map[string]credential{}, exported: map[string]credential{}}
}

// site is where something is found: a step of a frame, and what of the document leads there.
type site struct {
	frame *frame
	step  *workflow.Step // nil for what the job itself needs
	path  source.Path
	text  string
	by    string
	runs  workflow.Runs
	fails bool // nothing minds that it fails
	maybe bool // who calls it decides whether it runs

	events []string // by which it is reached, where these are fewer than those of the run; else nil
}

// job reads what a job runs; within is the site of the call that leads to it, nil for a job of the document itself.
func (r *reader) job(f *frame, within *site) {
	here := site{frame: f, path: f.job.Path, runs: f.w.Runs(f.job, nil)}.in(within)
	r.services(f, here, within)
	for _, pull := range f.job.Pulls() {
		if c := f.credential(nil, pull.Password); c.reaches() && strings.HasPrefix(pull.Image, "ghcr.io/") {
			at := here
			at.by = "the image " + pull.Image
			if within == nil {
				at.path = pull.Path
			}
			r.need(at, Need{Scope: scopeImages, Level: LevelRead, Why: "is pulled with the token", Basis: BasisDocs}, c, Yes)
		}
	}
	r.steps(f, within)
	if f.job.Mentions("ghcr.io") || f.w.Env.Mentions("ghcr.io") {
		for i := range r.opaque { // it speaks of GitHub's registry: what is not known may push there, however it logs in
			if o := &r.opaque[i]; o.Scopes != nil && !slices.Contains(o.Scopes, scopeImages) {
				o.Scopes = append(o.Scopes, scopeImages)
			}
		}
	}
}

// services notes the services of a job that are handed the token.
func (r *reader) services(f *frame, here site, within *site) {
	for _, pull := range f.job.Pulls() {
		for name := range pull.Env {
			value, _ := pull.Env.Text(name)
			if !pull.Service || !f.credential(nil, value).reaches() {
				continue
			}
			at := here
			at.by = "the service of " + pull.Image
			if within == nil {
				at.path = pull.Path
			}
			r.unknown(at, "it is handed the token, and what for is not known", nil)
			break
		}
	}
}

// steps reads the steps of a frame; within is the site of what leads to it, nil for a job of the document itself.
func (r *reader) steps(f *frame, within *site) {
	for i := range f.job.Steps {
		s := &f.job.Steps[i]
		if r.budget--; r.budget < 0 {
			r.unknown(site{frame: f, step: s, path: s.Path, by: "the job"}.in(within), "it has more steps and commands than are read", nil)
			return
		}
		if expression.Never(s.If) {
			continue
		}
		at := site{frame: f, step: s, runs: f.w.Runs(f.job, s), maybe: f.file != "" && (asksInputs(s.If) || asksInputs(f.job.If))}
		switch {
		case s.Uses != "":
			at.path = s.Path.Append("uses")
			r.action(at.in(within))
		case s.Run != "":
			at.path, at.by = s.Path.Append("run"), "the script"
			r.script(at.in(within), s.Script(f.envText(s)), 0)
		}
	}
}

// in gives the site the place in the document that leads to it, where it is not in the document itself.
func (s site) in(outer *site) site {
	if outer != nil {
		s.path, s.text, s.runs = outer.path, outer.text, outer.runs
		s.maybe = s.maybe || outer.maybe
		s.fails = s.fails || outer.fails || outer.step != nil && outer.step.ContinueOnError
	}
	return s
}

// asksInputs reports whether a condition depends on what an action or workflow is called with.
func asksInputs(condition string) bool { return readsInputs(expression.ParseCondition(condition)) }

func readsInputs(n *expression.Node) bool {
	return n != nil && (n.Kind == expression.Context && n.Path[0] == "inputs" || slices.ContainsFunc(n.Args, readsInputs))
}

// action reads a step that uses an action.
func (r *reader) action(at site) {
	s, f := at.step, at.frame
	name, _, _ := strings.Cut(s.Uses, "@")
	at.by = name
	switch {
	case local(s.Uses):
		r.localAction(at)
		return
	case strings.HasPrefix(s.Uses, "docker://"):
		r.unknown(at, "what the image does with its environment is not known", r.scopesWith(r.reach(at)))
		return
	}
	entry, known := r.k.Action(s.Action())
	if !known || entry.Basis == BasisUnverified {
		r.unknown(at, "the action may use the token, which every action can ask for", nil)
		return
	}
	token := r.tokenOf(at, entry.Token)
	r.beyond(at, entry, token)
	r.needs(at, entry.Needs, func(t Token) credential {
		if t.None() {
			return token
		}
		return r.tokenOf(at, t)
	})
	if entry.Script != "" {
		if text, _ := s.Input(entry.Script); text != "" {
			r.javascript(at, f.resolve(s, text), token)
		}
	}
	if route, _ := s.Input(entry.Route); route != "" {
		r.scriptCalls(at, scriptCalls{calls: []apiCall{{request: f.resolve(s, route)}}}, token)
	}
	for _, input := range entry.Commands {
		if text, _ := s.Input(input); text != "" || entry.Runs != "" {
			r.arguments(at, entry, f.resolve(s, text), token)
		}
	}
	r.leave(at, entry, token)
}

// arguments reads the arguments that an action gives to the command that it runs.
func (r *reader) arguments(at site, entry *ActionEntry, text string, token credential) {
	words := append([]string{entry.Runs}, strings.Fields(text)...)
	needs, known := r.k.Command(words)
	if !known {
		r.unknown(at, "what it runs with these arguments is not known", nil)
		return
	}
	r.needs(at, needs, func(Token) credential { return token })
}

// leave notes what an action leaves for later steps.
func (r *reader) leave(at site, entry *ActionEntry, token credential) {
	if entry.Name == "actions/checkout" {
		persist, _ := at.step.Input("persist-credentials")
		key, _ := at.step.Input("ssh-key")
		switch persist = at.frame.resolve(at.step, persist); {
		case key != "":
			r.git = either(r.git, foreign)
		case strings.Contains(persist, "${{"):
			r.git = either(r.git, either(uncertain, token))
		case !strings.EqualFold(persist, "false"):
			r.git = either(r.git, token)
		}
	}
	host := entry.Login
	if text, _ := at.step.Input(entry.LoginIn); text != "" {
		host = at.frame.resolve(at.step, text)
	}
	if host != "" {
		if strings.Contains(host, "${{") {
			host, token = "ghcr.io", either(token, uncertain) // it may be
		}
		r.registries[host] = either(r.registries[host], token)
	}
}

// localAction reads an action of the repository.
func (r *reader) localAction(at site) {
	file := r.repo.Local(at.step.Uses)
	action := r.repo.File(file)
	switch {
	case action == nil || !action.IsAction:
		r.unknown(at, "the action is not in the repository", nil)
	case at.frame.depth >= maxFollowed:
		r.unknown(at, "actions are nested too deeply", nil)
	case len(action.Jobs) == 1:
		inner := &frame{file: file, w: action, job: &action.Jobs[0], caller: at.frame, by: at.step, depth: at.frame.depth + 1}
		r.steps(inner, &at)
	case action.Using == "composite":
	default:
		inner := &frame{file: file, w: action, job: &workflow.Job{}, caller: at.frame, by: at.step}
		reach := r.reach(at)
		for name := range action.Inputs {
			text, from, _ := inner.input(name)
			reach = max(reach, from.credential(inner.stepIn(from, nil), text))
		}
		r.unknown(at, "what its code does is not read", r.scopesWith(reach))
	}
}

// reach says whose tokens the variables of a step, or files, hold that any program in it can read.
func (r *reader) reach(at site) credential {
	best := r.stored
	for _, c := range r.exported {
		best = max(best, c)
	}
	for _, name := range at.frame.variables(at.step) {
		text, from, _ := at.frame.env(at.step, name)
		best = max(best, from.credential(at.frame.stepIn(from, at.step), text))
	}
	return best
}

// scopesWith lists what a program can use that is not known, when it is handed a token or none; nil for anything.
func (r *reader) scopesWith(c credential) []string {
	if c.reaches() {
		return nil
	}
	list := []string{scopeOIDC}
	if r.git.reaches() {
		list = append(list, scopeGit)
	}
	for _, c := range r.registries {
		if c.reaches() && !slices.Contains(list, scopeImages) {
			list = append(list, scopeImages)
		}
	}
	return list
}

// tokenOf says whose token an action gets.
func (r *reader) tokenOf(at site, t Token) credential {
	for _, name := range t.Inputs {
		if text, p := at.step.Input(name); p != nil && text != "" {
			if c := at.frame.credential(at.step, text); c != nobodys {
				return c
			}
		}
	}
	var found credential
	for _, name := range t.Env {
		found = max(found, r.variable(at, name))
	}
	switch {
	case found != nobodys:
		return found
	case t.Default:
		return own
	}
	if t.Checkout {
		found = r.gitToken()
	}
	if t.Registry != "" {
		found = max(found, r.registries[t.Registry])
	}
	return found
}

// gitToken says whose token git sends. Where no checkout was seen that leaves one, another action may have made it.
func (r *reader) gitToken() credential {
	if r.git == nobodys {
		return uncertain
	}
	return r.git
}

// variable says whose token a variable holds.
func (r *reader) variable(at site, name string) credential {
	text, from, _ := at.frame.env(at.step, name)
	return max(from.credential(at.frame.stepIn(from, at.step), text), r.exported[name])
}
