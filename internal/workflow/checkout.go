package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Checkout is a step that brings code from outside into a run that holds the repository's own token.
type Checkout struct {
	Path       source.Path `json:"path"`       // of the scalar that names what is checked out
	Text       string      `json:"text"`       // the part of that scalar which names it, as written
	Job        string      `json:"job"`        // ID of the job
	Event      string      `json:"event"`      // the trigger that makes it dangerous
	Executed   []Execution `json:"executed"`   // the later steps of the job that run code of it, the most telling first
	Handed     []Execution `json:"handed"`     // the later steps whose action gets a directory of it, and a secret
	Privileged bool        `json:"privileged"` // the job's token may write, or it reads secrets
	// SavesCaches: the job can write to the caches of the default branch, which other runs then trust.
	SavesCaches bool       `json:"savesCaches"`
	Named       bool       `json:"named"`   // known by its name only: an output that is called head_sha
	Mutable     bool       `json:"mutable"` // not a commit that the event names: what is pushed until the checkout comes along
	Refused     bool       `json:"refused"` // this release of actions/checkout fails instead, where the change is a fork's
	Protection  Protection `json:"protection"`

	guard Guard
	root  string // the directory that holds it, relative to the workspace
}

// Execution is a step that runs code of the tree.
type Execution struct {
	Path source.Path `json:"path"`           // of the step's run or uses
	Text string      `json:"text,omitempty"` // the command in that run, the first line of it as written
	What string      `json:"what"`           // "npm ci", "./build.sh"
	File string      `json:"file,omitempty"` // the called workflow that the path leads into; "" for this one

	elsewhere bool // it runs in a container or a cluster, and not where the job's credentials are
}

// privilegedEvents start a run in the name of the repository itself although an outsider causes them.
var privilegedEvents = []string{"pull_request_target", "workflow_run", "issue_comment"}

// checkouts finds the dangerous checkouts of a workflow. An action has none: its caller checks out.
func (w *Workflow) checkouts(repo *Repository) []Checkout {
	found := []Checkout{}
	names := w.outsiderEvents(repo)
	for _, event := range privilegedEvents {
		if !names[event] {
			continue
		}
		for i := range w.Jobs {
			found = append(found, w.checkoutsOf(&w.Jobs[i], event, repo)...)
		}
	}
	return found
}

// mostTelling puts what runs beside the job's credentials before what runs in a container or a cluster.
func mostTelling(a, b Execution) int {
	switch {
	case a.elsewhere == b.elsewhere:
		return 0
	case b.elsewhere:
		return -1
	default:
		return 1
	}
}

// tree is what a step left in a directory of the workspace.
type tree struct {
	root  string
	found *Checkout
}

// jobScan walks a job's steps, in a run by one event, and keeps account of which directories hold code from outside.
type jobScan struct {
	repo   *Repository
	job    *Job // of the linted workflow
	heads  *headReader
	trees  []tree
	all    []*Checkout
	budget int    // steps that may still be read in files that are called
	callee string // the called workflow whose steps are read; "" for the linted one
	at     *Step  // the step that uses the local action whose steps are read; nil outside of one
}

// maxCalled bounds how many steps of the actions and workflows that a job calls are read.
const maxCalled = 500

func (w *Workflow) checkoutsOf(job *Job, event string, repo *Repository) []Checkout {
	heads := &headReader{event: event, scope: scope{tracer: newTracer(repo), workflow: w, job: job, step: &Step{}}, fetched: map[string]string{}}
	scan := jobScan{repo: repo, job: job, heads: heads, budget: maxCalled}
	if job.Uses != "" {
		scan.call(w.guardOn(job, &Step{}, event))
	} else {
		scan.steps(w, job, Guard{})
	}
	var out []Checkout
	for _, c := range scan.all {
		c.Job, c.Event, c.Privileged, c.SavesCaches = job.ID, event, w.privileged(job), w.savesCaches(job)
		c.Protection = c.guard.protection()
		slices.SortStableFunc(c.Executed, mostTelling)
		if !c.guard.SameRepository && !c.guard.authors["pull_request"] {
			out = append(out, *c) // else the code comes from somebody who may push anyway
		}
	}
	return out
}

// call reads the jobs of the reusable workflow of this repository that the job calls.
func (s *jobScan) call(guard Guard) {
	file := s.repo.Local(s.job.Uses)
	callee := s.repo.File(file)
	if file == "" || callee == nil {
		return
	}
	outer := s.heads
	s.callee = file
	for i := range callee.Jobs {
		job := &callee.Jobs[i]
		s.heads = outer.within(scope{tracer: outer.scope.tracer, workflow: callee, job: job, step: &Step{}}, object(object(s.job.value)["with"]))
		s.trees = nil // each job has a workspace of its own
		s.steps(callee, job, guard)
	}
}

// steps reads the steps of a job that the event lets through.
func (s *jobScan) steps(w *Workflow, job *Job, outer Guard) {
	for i := range job.Steps {
		step := &job.Steps[i]
		guard := outer.and(w.guardOn(job, step, s.heads.event))
		if len(guard.admit(map[string]bool{s.heads.event: true})) > 0 {
			s.heads.scope.step = step
			s.step(step, guard)
		}
	}
}

func (s *jobScan) step(step *Step, guard Guard) {
	if step.Action() == "actions/checkout" {
		dir, _ := step.Input("path")
		found := s.heads.action(step)
		if found != nil {
			found.Refused = step.refuses(s.heads.event, s.heads.scope.workflow.comment(step.Path.Append("uses")))
		}
		s.replace(shell.InDir("", dir), found, guard)
		return
	}
	for _, t := range s.trees {
		if what := step.executes(t.root); what != "" {
			s.run(t, Execution{Path: step.Path.Append("uses"), What: what}, guard)
			return
		}
	}
	s.action(step, guard)
	s.hand(step)
	at := step.Path.Append("run")
	for _, c := range s.heads.scope.step.commands() {
		for _, t := range s.trees {
			if what := c.Executes(t.root); what != "" {
				s.run(t, Execution{Path: at, Text: c.Text, What: what, elsewhere: c.RunsElsewhere()}, guard)
			}
		}
		if text, dir := s.heads.command(c); text != "" {
			s.replace(dir, &Checkout{Path: at, Text: text, Mutable: true}, guard)
		}
	}
}

// action reads the steps of an action of this repository.
func (s *jobScan) action(step *Step, guard Guard) {
	action := s.repo.File(s.repo.Local(step.Uses))
	if action == nil || !action.IsAction || len(action.Jobs) == 0 {
		return
	}
	outer, at := s.heads, s.at
	if s.at == nil {
		s.at = step
	}
	job := &action.Jobs[0]
	s.heads = outer.within(scope{tracer: outer.scope.tracer, workflow: action, job: job, step: step}, step.With)
	for i := range job.Steps {
		if s.budget--; s.budget < 0 {
			break
		}
		s.heads.scope.step = &job.Steps[i]
		s.step(&job.Steps[i], guard)
	}
	s.heads, s.at = outer, at
}

// replace notes what a directory holds from now on; nil is nothing from outside.
func (s *jobScan) replace(root string, c *Checkout, guard Guard) {
	s.trees = slices.DeleteFunc(s.trees, func(t tree) bool { return t.root == root })
	if c == nil || root == shell.Outside {
		return
	}
	switch {
	case s.callee != "":
		c.Path, c.Text = s.job.Path.Append("uses"), s.job.Uses
	case s.at != nil:
		c.Path, c.Text = s.at.Path.Append("uses"), s.at.Uses
	}
	c.guard, c.root, c.Executed, c.Handed = guard, root, []Execution{}, []Execution{}
	s.all, s.trees = append(s.all, c), append(s.trees, tree{root, c})
}

// run notes that a step runs code of the tree: one command of each step is enough, the first of those that tell most.
func (s *jobScan) run(t tree, e Execution, guard Guard) {
	e.File = s.callee
	if s.at != nil {
		e.Path, e.Text, e.What = s.at.Path.Append("uses"), "", s.at.Uses+", "+e.What
	}
	if n := len(t.found.Executed); n > 0 && t.found.Executed[n-1].Path.String() == e.Path.String() {
		if last := &t.found.Executed[n-1]; last.elsewhere && !e.elsewhere {
			*last = e
		}
		return
	}
	t.found.Executed = append(t.found.Executed, e)
	t.found.guard = t.found.guard.and(guard)
}

// hand notes that somebody else's action is given a directory of the tree, and a secret that the workflow hands to it by
// itself: what such an action does there is its own affair.
func (s *jobScan) hand(step *Step) {
	if action := step.Action(); s.at != nil || action == "" || strings.HasPrefix(action, "actions/") || !readsSecrets(step.With) {
		return
	}
	for _, t := range s.trees {
		for _, name := range sortedKeys(step.With) {
			dir := text(step.With[name])
			if (dir == "." || strings.HasPrefix(dir, "./")) && shell.Within(shell.InDir("", dir), t.root) {
				t.found.Handed = append(t.found.Handed, Execution{
					Path: step.Path.Append("with", name), What: step.Action(), Text: dir, File: s.callee,
				})
				break
			}
		}
	}
}

// privileged reports whether a job holds anything worth stealing: a token that may write, or secrets.
func (w *Workflow) privileged(job *Job) bool {
	answer, known := w.holds.get(job.ID)
	if !known {
		answer = w.effective(job).Writes() || readsSecrets(job.value) || readsSecrets(map[string]any(w.Env))
		w.holds.set(job.ID, answer)
	}
	return answer
}

// readsSecrets reports whether any expression of a value reads a secret other than the run's own token.
func readsSecrets(value any) bool {
	switch v := value.(type) {
	case string:
		for _, e := range expression.Find(v) {
			if nodeReadsSecrets(e.Root) {
				return true
			}
		}
	case []any:
		if slices.ContainsFunc(v, readsSecrets) {
			return true
		}
	case map[string]any:
		for _, item := range v {
			if readsSecrets(item) {
				return true
			}
		}
	}
	return false
}

func nodeReadsSecrets(n *expression.Node) bool {
	if n == nil {
		return false
	}
	if n.Kind == expression.Context && n.Path[0] == "secrets" && (len(n.Path) == 1 || n.Path[1] != "github_token") {
		return true
	}
	return slices.ContainsFunc(n.Args, nodeReadsSecrets)
}

// comment is what the line of a scalar ends with, behind its "#"; "" where it ends with none.
func (w *Workflow) comment(path source.Path) string {
	if w.doc == nil {
		return ""
	}
	return w.doc.Comment(path)
}
