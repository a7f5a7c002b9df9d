package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Exposure is what is known of text from outside that arrives where it does harm.
type Exposure struct {
	Context string `json:"context"` // what is untrusted: github.event.issue.title, inputs.name
	Event   string `json:"event"`   // the event that carries it; "" where the caller decides
	Reach   Reach  `json:"reach"`
	Input   bool   `json:"input"` // an input of this action or workflow
	// Privileged: the job's token may write, or the job reads secrets.
	Privileged bool       `json:"privileged"`
	Protection Protection `json:"protection"`
	// Unclear: something on the way, an action or a filter of the shell, may have made the text harmless.
	Unclear bool `json:"unclear"`
	// Way are the places that the text takes before it arrives, first where it comes in.
	Way []Place `json:"way"`
}

// Injection is text that somebody outside chooses, put into code before that code runs.
type Injection struct {
	Exposure

	Path source.Path `json:"path"` // of the scalar that holds the code
	Text string      `json:"text"` // the ${{ … }} exactly as written; of a variable the command that runs it
	Via  string      `json:"via"`  // env.TITLE or needs.a.outputs.b where the expression reads it there; else ""
	// Sink is "run", "shell", "working-directory", "container options", "docker args", "docker entrypoint", "env NAME",
	// or the action and its input: "actions/github-script script".
	Sink string `json:"sink"`
	// Command is what runs a variable of the shell as code, eval or bash -c; "" for an expression.
	Command string `json:"command,omitempty"`
	Weak    bool   `json:"weak"` // it takes more than the text alone to run code
	Fix     *Fix   `json:"fix,omitempty"`
}

// Fix is an edit that a rule can hand on.
type Fix struct {
	Description string `json:"description"`
	Edits       []Edit `json:"edits"`
}

// Edit replaces a text in the scalar at a path, or sets the key at the path to a block of YAML.
type Edit struct {
	Path  source.Path `json:"path"`
	Text  string      `json:"text,omitempty"`
	With  string      `json:"with,omitempty"`
	Block string      `json:"block,omitempty"`
}

// injections finds every injection of a workflow or action.
func (w *Workflow) injections(t *tracer) []Injection {
	found := []Injection{}
	for i := range w.Jobs {
		job := &w.Jobs[i]
		start := scope{tracer: t, workflow: w, job: job, step: &Step{}}
		for _, s := range job.sinks() {
			found = append(found, start.injectionsInto(s)...)
		}
		for j := range job.Steps {
			here := start.at(&job.Steps[j])
			if t.script(here.step).Cut {
				here.stopped(tooLong)
			}
			for _, s := range here.step.sinks() {
				found = append(found, here.injectionsInto(s)...)
			}
			found = append(found, here.evaluated()...)
		}
	}
	return found
}

func (s scope) injectionsInto(k sink) []Injection {
	var found []Injection
	seen := map[string]bool{}
	for _, e := range expression.Find(k.text) {
		if seen[e.Text] || s.inert(k, e) {
			continue // a text that stands twice in a scalar has one place
		}
		x, via, tainted := s.exposedBy(e.Root)
		if !tainted {
			continue
		}
		seen[e.Text] = true
		i := Injection{Exposure: x, Path: k.path, Text: e.Text, Via: via, Sink: k.name, Weak: k.weak}
		i.Fix = s.fixOf(k, e, i)
		found = append(found, i)
	}
	return found
}

// exposedBy gives the furthest-reaching text that an expression yields, and by which access.
func (s scope) exposedBy(n *expression.Node) (best Exposure, via string, found bool) {
	for _, l := range n.Leaves() {
		for _, o := range s.leafOrigins(l) {
			if x, ok := s.judge(o); ok && (!found || worse(x, best)) {
				best, via, found = x, "", true
				if l.Path[0] != "github" && l.String() != x.Context {
					via = l.String()
				}
			}
		}
	}
	return best, via, found
}

// worse reports whether an exposure says more than another: more people reach it, or it is clearer.
func worse(a, b Exposure) bool {
	if a.Unclear != b.Unclear {
		return b.Unclear
	}
	return beyond(a.Reach, b.Reach)
}

// judge says who can put their text at the scope's step by way of an origin; false where nobody outside can.
func (s scope) judge(o origin) (Exposure, bool) {
	guard := s.workflow.guardOfStep(s.job, s.step).and(o.guard)
	events := guard.admit(o.events)
	if s.workflow.IsAction && o.events[eventWorkflowCall] {
		events[eventWorkflowCall] = true
	}
	x := Exposure{
		Context: o.context, Input: strings.HasPrefix(o.context, "inputs."), Privileged: o.privileged || s.workflow.privileged(s.job),
		Protection: guard.protection(), Unclear: o.unclear, Way: o.way,
	}
	switch {
	case len(events) == 0:
		return x, false
	case o.source == nil:
		x.Reach = ReachCaller
	default:
		x.Reach, x.Event = o.source.by(events)
	}
	if x.Way == nil {
		x.Way = []Place{}
	}
	fixed := fixedBy(expression.ParseCondition(s.step.If), o.context) || fixedBy(expression.ParseCondition(s.job.If), o.context)
	return x, x.Reach != "" && !fixed && !guard.shields(x)
}

// shields reports whether a guard leaves nobody outside who could choose the text.
func (g Guard) shields(x Exposure) bool {
	if slices.Contains([]string{string(ReachContributor), string(ReachCaller), string(ReachWriter)}, string(x.Reach)) {
		return false
	}
	for object := range g.authors {
		if strings.HasPrefix(x.Context, "github.event."+object+".") {
			return true
		}
	}
	return (g.SameRepository || g.authors["pull_request"]) && (strings.HasPrefix(x.Context, "github.event.pull_request.") ||
		slices.Contains([]string{"pull_request", "pull_request_target", "workflow_run"}, x.Event))
}

// evaluated finds what the step's script runs as code although it stands in a variable: eval "$TITLE".
func (s scope) evaluated() []Injection {
	var found []Injection
	for _, e := range s.tracer.script(s.step).Evaluated {
		var best Exposure
		some := false
		for _, p := range e.Value {
			if p.Expr != nil {
				continue // it is one already where the expression stands
			}
			for _, o := range s.pieceOrigins([]shell.Piece{p}) {
				if x, ok := s.judge(o); ok && (!some || worse(x, best)) {
					best, some = x, true
				}
			}
		}
		if some {
			found = append(found, Injection{
				Exposure: best, Path: s.step.Path.Append("run"), Text: e.Command, Sink: "run", Command: e.What,
			})
		}
	}
	return found
}
