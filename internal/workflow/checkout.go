package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Checkout is a step that brings code from outside into a run that holds the repository's own token.
type Checkout struct {
	Path       source.Path `json:"path"`       // of the scalar that names what is checked out
	Text       string      `json:"text"`       // the part of that scalar which names it, as written
	Job        string      `json:"job"`        // ID of the job
	Event      string      `json:"event"`      // the trigger that makes it dangerous
	Executed   []Execution `json:"executed"`   // the later steps of the job that run code of it, the most telling first
	Privileged bool        `json:"privileged"` // the job's token may write, or it reads secrets
	Named      bool        `json:"named"`      // known by its name only: an output that is called head_sha
	Protection Protection  `json:"protection"`

	guard Guard
}

// Execution is a step that runs code of the tree.
type Execution struct {
	Path source.Path `json:"path"`           // of the step's run or uses
	Text string      `json:"text,omitempty"` // the command in that run, the first line of it as written
	What string      `json:"what"`           // "npm ci", "./build.sh"

	elsewhere bool // it runs in a container or a cluster, and not where the job's credentials are
}

// privilegedEvents start a run in the name of the repository itself although an outsider causes them.
var privilegedEvents = []string{"pull_request_target", "workflow_run", "issue_comment"}

// headContexts name, by event, the commit, branch or repository that a pull request comes from.
var headContexts = map[string][]string{
	"pull_request_target": {
		"github.head_ref", "github.event.pull_request.head.sha", "github.event.pull_request.head.ref",
		"github.event.pull_request.head.label", "github.event.pull_request.merge_commit_sha",
		"github.event.pull_request.head.repo.full_name", "github.event.pull_request.head.repo.clone_url",
		"github.event.pull_request.head.repo.html_url", "github.event.pull_request.head.repo.git_url",
	},
	"workflow_run": {
		"github.event.workflow_run.head_sha", "github.event.workflow_run.head_branch",
		"github.event.workflow_run.head_commit.id", "github.event.workflow_run.head_repository.full_name",
		"github.event.workflow_run.pull_requests.*.head.sha", "github.event.workflow_run.pull_requests.*.head.ref",
	},
}

// checkouts finds the dangerous checkouts of a workflow. An action has none: its caller checks out.
func (w *Workflow) checkouts() []Checkout {
	found := []Checkout{}
	names := w.eventNames()
	for _, event := range privilegedEvents {
		if !names[event] {
			continue
		}
		for i := range w.Jobs {
			found = append(found, w.checkoutsOf(&w.Jobs[i], event)...)
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
	workflow *Workflow
	job      *Job
	refs     refReader
	trees    []tree
	all      []*Checkout
}

func (w *Workflow) checkoutsOf(job *Job, event string) []Checkout {
	scan := jobScan{workflow: w, job: job, refs: refReader{event: event, fetched: map[string]bool{}}}
	for i := range job.Steps {
		step := &job.Steps[i]
		if guard := w.guardOfStep(job, step); len(guard.admit(map[string]bool{event: true})) > 0 {
			scan.step(step, guard)
		}
	}
	var out []Checkout
	for _, c := range scan.all {
		c.Protection = c.guard.protection()
		slices.SortStableFunc(c.Executed, mostTelling)
		if !c.guard.SameRepository && !c.guard.authors["pull_request"] {
			out = append(out, *c) // else the code comes from somebody who may push anyway
		}
	}
	return out
}

func (s *jobScan) step(step *Step, guard Guard) {
	if step.Action() == "actions/checkout" {
		dir, _ := step.Input("path")
		s.replace(inDir("", dir), s.refs.action(step), guard)
		return
	}
	for _, t := range s.trees {
		if what := step.executes(t.root); what != "" {
			t.run(Execution{Path: step.Path.Append("uses"), What: what}, guard)
		}
	}
	env := func(name string) string { return scope{workflow: s.workflow, job: s.job, step: step}.envValue(name) }
	at := step.Path.Append("run")
	for _, c := range step.Commands(env) {
		for _, t := range s.trees {
			if what := c.executes(t.root); what != "" {
				t.run(Execution{Path: at, Text: c.Text, What: what, elsewhere: runElsewhere[c.Words[0].Text]}, guard)
			}
		}
		if text := s.refs.command(c); text != "" {
			s.replace(c.Dir, &Checkout{Path: at, Text: text}, guard)
		}
	}
}

// replace notes what a directory holds from now on; nil is nothing from outside.
func (s *jobScan) replace(root string, c *Checkout, guard Guard) {
	s.trees = slices.DeleteFunc(s.trees, func(t tree) bool { return t.root == root })
	if c == nil {
		return
	}
	c.Job, c.Event, c.guard, c.Privileged = s.job.ID, s.refs.event, guard, s.workflow.privileged(s.job)
	c.Executed = []Execution{}
	s.all, s.trees = append(s.all, c), append(s.trees, tree{root, c})
}

// run notes that a step runs code of the tree: one command of each step is enough, the first of those that tell most.
func (t tree) run(e Execution, guard Guard) {
	if n := len(t.found.Executed); n > 0 && t.found.Executed[n-1].Path.String() == e.Path.String() {
		if last := &t.found.Executed[n-1]; last.elsewhere && !e.elsewhere {
			*last = e
		}
		return
	}
	t.found.Executed = append(t.found.Executed, e)
	t.found.guard = t.found.guard.and(guard)
}

// refReader tells which steps check out what a pull request brings, in a run by one event.
type refReader struct {
	event   string
	fetched map[string]bool // local branches that hold a fetched pull request
}

// action judges a step that uses actions/checkout.
func (r *refReader) action(step *Step) *Checkout {
	repository, _ := step.Input("repository")
	if repository != "" && len(Expressions(repository)) == 0 {
		return nil // a fixed repository: not the pull request's
	}
	for _, input := range []string{"ref", "repository"} {
		value, path := step.Input(input)
		if strings.HasPrefix(value, "refs/pull/") && len(Expressions(value)) > 0 {
			return &Checkout{Path: path, Text: value}
		}
		for _, e := range Expressions(value) {
			if head, named := r.isHead(e.Root); head {
				return &Checkout{Path: path, Text: e.Text, Named: named}
			}
		}
	}
	return nil
}

// isHead reports whether an expression yields something of the pull request's head, and whether only by its name.
func (r *refReader) isHead(n *Node) (head, named bool) {
	for _, l := range leaves(n, false) {
		for _, c := range headContexts[r.event] {
			if (untrusted{path: strings.Split(c, ".")}).shownBy(l) {
				return true, false
			}
		}
		last := l.path[len(l.path)-1]
		if isEarlierResult(&Node{Kind: Context, Path: l.path}) && strings.Contains(last, "head") {
			named = true
		}
	}
	return named, named
}

// command judges a git or gh command; it gives the words that bring the head in, or "".
func (r *refReader) command(c Command) string {
	if len(c.Words) < 3 {
		return ""
	}
	name, sub := c.Words[0].Text, c.Words[1].Text
	switch {
	case (name == "gh" || name == "hub") && sub == "pr" && c.Words[2].Text == "checkout":
		return name + " pr checkout"
	case name != "git":
		return ""
	case sub == "fetch" || sub == "pull":
		r.fetch(c)
		if sub == "pull" && r.fetched["FETCH_HEAD"] {
			return "git pull"
		}
	case oneOf(sub, []string{"checkout", "switch", "reset", "merge", "rebase"}) && !c.has("--"):
		for _, w := range c.Words[2:] {
			if r.fetched[w.Text] || r.wordIsHead(w) {
				return "git " + sub
			}
		}
	}
	return ""
}

// fetch notes the branches that a git fetch leaves a pull request in.
func (r *refReader) fetch(c Command) {
	for _, w := range c.Words[2:] {
		from, to, renamed := strings.Cut(w.Text, ":")
		from = strings.TrimPrefix(strings.TrimPrefix(from, "+"), "refs/")
		if !strings.HasPrefix(from, "pull/") && !r.wordIsHead(w) {
			continue
		}
		r.fetched["FETCH_HEAD"] = true
		if renamed {
			r.fetched[to] = true
		}
	}
}

func (r *refReader) wordIsHead(w Word) bool {
	if r.event == "pull_request_target" && strings.Contains(w.Text, "$GITHUB_HEAD_REF") {
		return true
	}
	for _, e := range w.Exprs {
		if head, _ := r.isHead(e); head {
			return true
		}
	}
	return false
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
		for _, e := range Expressions(v) {
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

func nodeReadsSecrets(n *Node) bool {
	if n == nil {
		return false
	}
	if n.Kind == Context && n.Path[0] == "secrets" && (len(n.Path) == 1 || n.Path[1] != "github_token") {
		return true
	}
	return slices.ContainsFunc(n.Args, nodeReadsSecrets)
}
