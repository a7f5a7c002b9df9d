package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// guard is what must hold for the call to be made.
func (c *call) guard() Guard { return c.from.workflow.guardOfStep(c.from.job, c.from.step) }

// callers are the calls of the scope's file in this repository. Who calls the callers is not asked.
func (s scope) callers() []*call {
	if s.file != "" || s.workflow.file == "" {
		return nil // only the document that is judged is looked at from outside
	}
	var found []*call
	for _, c := range s.tracer.repo.Callers(s.workflow.file) {
		if w := s.tracer.repo.File(c.File); w != nil && !w.IsAction {
			if from, with := w.caller(c); with != nil {
				from.tracer, from.file, from.depth = s.tracer, c.File, s.depth+1
				found = append(found, &call{from: from, with: with.value, path: with.path})
			}
		}
	}
	return found
}

// passed is the `with` of a call.
type passed struct {
	value map[string]any
	path  source.Path
}

// caller finds the job or step that makes a call.
func (w *Workflow) caller(c Caller) (scope, *passed) {
	at := c.Path[:len(c.Path)-1]
	for i := range w.Jobs {
		job := &w.Jobs[i]
		if job.ID != c.Job {
			continue
		}
		if slices.Equal(job.Path, at) {
			return scope{workflow: w, job: job, step: job.end()}, &passed{object(object(job.value)["with"]), at.Append("with")}
		}
		for j := range job.Steps {
			if step := &job.Steps[j]; slices.Equal(step.Path, at) {
				return scope{workflow: w, job: job, step: step}, &passed{step.With, at.Append("with")}
			}
		}
	}
	return scope{}, nil
}

// inputOrigins follows inputs.NAME to what callers pass. Of the document that is judged nobody knows all callers.
func (s scope) inputOrigins(name string) []origin {
	if !s.workflow.takesText(name) {
		return nil
	}
	if s.call != nil {
		return s.call.passedOrigins(name)
	}
	context := "inputs." + name
	var found []origin
	if s.workflow.IsAction || s.workflow.stringInput(name) {
		found = append(found, origin{context: context, lines: true, events: map[string]bool{eventWorkflowCall: true}})
	}
	if s.workflow.dispatches(name) {
		found = append(found, origin{
			context: context, events: map[string]bool{eventWorkflowDispatch: true},
			source: &untrusted{path: []string{"inputs", name}, events: []string{eventWorkflowDispatch}, reach: ReachWriter},
		})
	}
	for _, c := range s.callers() {
		for _, o := range guarded(c.passedOrigins(name), c.guard()) {
			if o.source != nil { // else the caller's own callers decide
				o.privileged = c.from.workflow.privileged(c.from.job)
				found = append(found, o)
			}
		}
	}
	return found
}

// passedOrigins are the origins of what a call passes as an input.
func (c *call) passedOrigins(name string) []origin {
	for _, key := range sortedKeys(c.with) {
		if strings.EqualFold(key, name) {
			return c.from.follow(definition{value: text(c.with[key]), path: c.path.Append(key), message: "passed on here as inputs." + key})
		}
	}
	return nil
}

// calledOutput follows an output of a local action or reusable workflow into its file.
func (s scope) calledOutput(uses string, with map[string]any, at source.Path, name string) []origin {
	file := s.tracer.repo.Local(uses)
	w := s.tracer.repo.File(file)
	if w == nil {
		return nil
	}
	if s.depth >= maxFollowed {
		s.stopped(tooDeep)
		return nil
	}
	inside := scope{
		tracer: s.tracer, file: file, workflow: w, depth: s.depth + 1, call: &call{from: s, with: with, path: at},
		job: &Job{}, step: &Step{},
	}
	if w.IsAction && len(w.Jobs) > 0 {
		inside.job = &w.Jobs[0]
		inside.step = inside.job.end()
	}
	for _, key := range sortedKeys(w.outputs) {
		if strings.EqualFold(key, name) {
			path := source.Path{"outputs", key, "value"}
			if !w.IsAction {
				path = append(source.Path{"on", eventWorkflowCall}, path...)
			}
			return inside.follow(definition{value: text(object(w.outputs[key])["value"]), path: path, message: "put out here as " + key})
		}
	}
	return nil
}

// takesText reports whether an input can hold any text: its declared type is not a number, a boolean or a fixed set.
func (w *Workflow) takesText(name string) bool {
	if w.IsAction {
		return true
	}
	return w.stringInput(name) || w.dispatches(name)
}

// dispatches reports whether workflow_dispatch declares an input that takes any text.
func (w *Workflow) dispatches(name string) bool {
	for key, input := range w.dispatchInputs {
		if strings.EqualFold(key, name) {
			return slices.Contains([]string{"", "string"}, text(object(input)["type"]))
		}
	}
	return false
}

// takesDispatched reports whether an access to github.event.inputs.NAME is to one that takes any text; true for others.
func (w *Workflow) takesDispatched(l expression.Leaf) bool {
	return len(l.Path) != 4 || l.Path[2] != "inputs" || l.Path[3] == expression.AnyStep || w.dispatches(l.Path[3])
}

// stringInput reports whether workflow_call declares an input that takes any text.
func (w *Workflow) stringInput(name string) bool {
	for key, input := range w.Inputs {
		if strings.EqualFold(key, name) {
			return text(object(input)["type"]) == "string"
		}
	}
	return false
}

// carriers are the triggers of a workflow whose runs can have an untrusted text: their activity types do, and no filter
// fixes it. Where others call it, workflow_call stands for what starts their runs.
func (w *Workflow) carriers(u *untrusted) map[string]bool {
	found := map[string]bool{}
	if w.IsAction && u.reach == "" {
		found[eventWorkflowCall] = true
	}
	for _, e := range w.Events {
		if e.Name == eventWorkflowCall && u.reach == "" || slices.Contains(u.events, e.Name) && w.carries(e.Name, u) {
			found[e.Name] = true
		}
	}
	return found
}

func (w *Workflow) carries(event string, u *untrusted) bool {
	config := object(w.on[event])
	types := texts(config["types"])
	if len(types) == 0 && slices.Contains(ofHead, event) {
		types = []string{"opened", "synchronize", "reopened"}
	}
	if u.types != nil && len(types) > 0 && !slices.ContainsFunc(types, func(t string) bool { return slices.Contains(u.types, t) }) {
		return false
	}
	return !slices.Contains(filteredByBranches, u.String()) || !fixedBranches(config)
}

// filteredByBranches are the contexts whose values a filter by branches looks at. Of a pull request it looks at the base.
var filteredByBranches = []string{
	"github.ref", "github.ref_name", "github.event.ref", "github.event.workflow_run.head_branch",
	"github.event.workflow_run.pull_requests.*.head.ref",
}

// fixedBranches reports whether a filter lets through only branches that are written out, and no tags.
func fixedBranches(config map[string]any) bool {
	branches := texts(config["branches"])
	return len(branches) > 0 && config["tags"] == nil &&
		!slices.ContainsFunc(branches, func(b string) bool { return strings.ContainsAny(b, "*?+[!") })
}
