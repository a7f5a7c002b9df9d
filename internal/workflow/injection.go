package workflow

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Injection is an expression whose value somebody outside chooses, put into code before that code runs.
type Injection struct {
	Path    source.Path `json:"path"`    // of the scalar that holds the code
	Text    string      `json:"text"`    // the ${{ … }} exactly as written
	Context string      `json:"context"` // what is untrusted: github.event.issue.title, inputs.name
	Via     string      `json:"via"`     // env.TITLE or needs.a.outputs.b where the expression reads it there; else ""
	Event   string      `json:"event"`   // the event that carries it; "" where the caller decides
	Reach   Reach       `json:"reach"`
	Sink    string      `json:"sink"`  // "run", or the action and its input: "actions/github-script script"
	Input   bool        `json:"input"` // an input of this action or reusable workflow
	// Privileged: the job's token may write, or the job reads secrets.
	Privileged bool       `json:"privileged"`
	Protection Protection `json:"protection"`
}

// codeInputs are inputs that actions run as code, by action and input in lower case.
var codeInputs = map[string][]string{
	"8398a7/action-slack":               {"custom_payload"},
	"actions/github-script":             {"script"},
	"addnab/docker-run-action":          {"options", "run"},
	"amadevus/pwsh-script":              {"script"},
	"appleboy/ssh-action":               {"script"},
	"azure/cli":                         {"inlinescript"},
	"azure/powershell":                  {"inlinescript"},
	"cardinalby/js-eval-action":         {"expression"},
	"devorbitus/yq-action-output":       {"cmd"},
	"gautamkrishnar/blog-post-workflow": {"item_exec"},
	"jannekem/run-python-script-action": {"script"},
	"mikefarah/yq":                      {"cmd"},
	"nick-fields/retry":                 {"command", "on_retry_command"},
	"sergeysova/jq-action":              {"cmd"},
	"skitionek/notify-microsoft-teams":  {"overwrite"},
	"tibdex/backport":                   {"body_template", "head_template", "labels_template", "title_template"},
}

// sink is a scalar that is run as code.
type sink struct {
	name string
	text string
	path source.Path
}

func (s *Step) sinks() []sink {
	var out []sink
	if s.Run != "" {
		out = append(out, sink{"run", s.Run, s.Path.Append("run")})
	}
	action := s.Action()
	for _, name := range codeInputs[action] {
		if value, path := s.Input(name); value != "" {
			out = append(out, sink{action + " " + path[len(path)-1].(string), value, path})
		}
	}
	return out
}

// injections finds every injection of a workflow or action.
func (w *Workflow) injections() []Injection {
	found := []Injection{}
	for i := range w.Jobs {
		job := &w.Jobs[i]
		for j := range job.Steps {
			step := &job.Steps[j]
			for _, s := range step.sinks() {
				found = append(found, w.injectionsInto(job, step, s)...)
			}
		}
	}
	return found
}

func (w *Workflow) injectionsInto(job *Job, step *Step, s sink) []Injection {
	expressions := Expressions(s.text)
	if len(expressions) == 0 {
		return nil
	}
	scope := scope{workflow: w, job: job, step: step, guard: w.guardOfStep(job, step)}
	scope.events = scope.guard.admit(w.eventNames())
	var found []Injection
	seen := map[string]bool{}
	for _, e := range expressions {
		t, tainted := scope.taint(e.Root)
		if !tainted || seen[e.Text] {
			continue // a text that stands twice in a scalar has one place
		}
		seen[e.Text] = true
		found = append(found, Injection{
			Path: s.path, Text: e.Text, Context: t.context, Via: t.via, Event: t.event, Reach: t.reach, Sink: s.name,
			Input: strings.HasPrefix(t.context, "inputs."), Privileged: w.privileged(job), Protection: scope.guard.protection(),
		})
	}
	return found
}

// scope is where an expression stands: it decides which events can carry what, and what env.X was set to.
type scope struct {
	workflow *Workflow
	job      *Job
	step     *Step
	guard    Guard
	events   map[string]bool
	depth    int // of definitions followed
}

// maxFollowed bounds how many definitions are followed from an expression: env of a job output of an env of ….
const maxFollowed = 4

// taint gives the furthest-reaching untrusted text that an expression yields.
func (s scope) taint(n *Node) (taint, bool) {
	var best taint
	for _, l := range leaves(n, false) {
		if t, ok := s.leafTaint(l); ok {
			best = further(best, t)
		}
	}
	return best, best.context != ""
}

func (s scope) leafTaint(l leaf) (taint, bool) {
	called := s.workflow.IsAction || s.events[eventWorkflowCall]
	switch {
	case l.path[0] == "github" && (len(l.path) <= 2 || l.path[2] != "inputs"):
		t, ok := taintOf(l, s.events, called)
		if ok && s.guard.shields(t) {
			return taint{}, false
		}
		return t, ok
	case l.path[0] == "inputs" && len(l.path) == 2:
		return s.inputTaint(l)
	case l.path[0] == "env" && len(l.path) == 2:
		return s.definition(l, s.envValue(l.path[1]))
	case l.path[0] == "needs" && len(l.path) == 4 && l.path[2] == "outputs":
		return s.outputTaint(l)
	}
	return taint{}, false
}

// shields reports whether a guard leaves nobody outside who could choose the text.
func (g Guard) shields(t taint) bool {
	if t.reach == ReachContributor || t.reach == ReachCaller {
		return false
	}
	for object := range g.authors {
		if strings.HasPrefix(t.context, "github.event."+object+".") {
			return true
		}
	}
	return (g.SameRepository || g.authors["pull_request"]) && (strings.HasPrefix(t.context, "github.event.pull_request.") ||
		t.context == "github.head_ref" || strings.HasPrefix(t.context, "github.event.workflow_run."))
}

// inputTaint judges inputs.x. The caller decides what a string holds; of a workflow_dispatch only people with write
// access do, and that is none.
func (s scope) inputTaint(l leaf) (taint, bool) {
	if s.workflow.IsAction || s.workflow.stringInput(l.path[1]) && s.events[eventWorkflowCall] {
		return taint{context: l.String(), reach: ReachCaller}, true
	}
	return taint{}, false
}

// definition follows env.x to the expression that it was set from.
func (s scope) definition(l leaf, value string) (taint, bool) {
	if s.depth >= maxFollowed {
		return taint{}, false
	}
	s.depth++
	var best taint
	for _, e := range Expressions(value) {
		if t, ok := s.taint(e.Root); ok {
			best = further(best, t)
		}
	}
	best.via = l.String()
	return best, best.context != ""
}

func (s scope) envValue(name string) string {
	for _, env := range []Env{s.step.Env, s.job.Env, s.workflow.Env} {
		for _, key := range sortedKeys(env) {
			if strings.EqualFold(key, name) {
				return text(env[key])
			}
		}
	}
	return ""
}

// outputTaint follows needs.job.outputs.x to what that job puts out, where the job says so itself.
func (s scope) outputTaint(l leaf) (taint, bool) {
	for i := range s.workflow.Jobs {
		job := &s.workflow.Jobs[i]
		if !strings.EqualFold(job.ID, l.path[1]) {
			continue
		}
		s.job, s.step = job, &Step{}
		for _, key := range sortedKeys(job.Outputs) {
			if strings.EqualFold(key, l.path[3]) {
				return s.definition(l, text(job.Outputs[key]))
			}
		}
	}
	return taint{}, false
}

func (w *Workflow) eventNames() map[string]bool {
	names := map[string]bool{}
	for _, e := range w.Events {
		names[e.Name] = true
	}
	return names
}

// stringInput reports whether workflow_call declares an input, by its name in lower case, that takes any text.
func (w *Workflow) stringInput(name string) bool {
	for key, input := range w.Inputs {
		if strings.EqualFold(key, name) {
			return text(object(input)["type"]) == "string"
		}
	}
	return false
}
