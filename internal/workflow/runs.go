package workflow

import (
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Runs says which runs of a workflow get to a step, as far as the conditions before it tell.
type Runs struct {
	Events         []string // by which the run may have been started, sorted
	SameRepository bool     // those for a pull request are for one from this repository, or from one of a few that are named
	Forks          bool     // … or only for one from a fork
	// Unguarded: no condition before it asks for anything but how earlier steps have ended.
	Unguarded bool
}

// Runs gives the runs that get to a step of a job; without a step, to the job. An action has no events of its own.
func (w *Workflow) Runs(job *Job, step *Step) Runs {
	if step == nil {
		step = &Step{}
	}
	guard := w.guardOfStep(job, step)
	out := Runs{
		Events: slices.Sorted(maps.Keys(guard.admit(w.eventNames()))), SameRepository: guard.SameRepository || guard.Trusted,
		Forks: expression.ParseCondition(job.If).OnlyForks() || expression.ParseCondition(step.If).OnlyForks(),
	}
	out.Unguarded = w.unguarded(job, map[string]bool{}) && asksForSteps(expression.ParseCondition(step.If), step.If)
	return out
}

// unguarded reports whether the conditions of a job and of those that it needs ask for nothing that tells runs apart.
func (w *Workflow) unguarded(job *Job, seen map[string]bool) bool {
	seen[job.ID] = true
	if !asksForSteps(expression.ParseCondition(job.If), job.If) {
		return false
	}
	for i := range w.Jobs {
		if needed := &w.Jobs[i]; slices.Contains(job.Needs, needed.ID) && !seen[needed.ID] && !w.unguarded(needed, seen) {
			return false
		}
	}
	return true
}

// asksForSteps reports whether a condition reads nothing but steps and the matrix.
func asksForSteps(n *expression.Node, text string) bool {
	if n == nil {
		return text == ""
	}
	if n.Kind == expression.Context && n.Path[0] != "steps" && n.Path[0] != "matrix" {
		return false
	}
	return !slices.ContainsFunc(n.Args, func(arg *expression.Node) bool { return !asksForSteps(arg, "if") })
}

// Pull is an image that a job runs in, or a service beside it, and what it is pulled with.
type Pull struct {
	Path     source.Path // of the container or service
	Image    string
	Password string // of its credentials, as written; "" where there are none
	Env      Env    // what it is started with, which the job's steps see where it is their container
	Service  bool   // it is a service
}

// Pulls lists the images of a job's container and services.
func (j *Job) Pulls() []Pull {
	var out []Pull
	add := func(value any, path source.Path, service bool) {
		container := object(value)
		image := text(container["image"])
		if container == nil {
			image = text(value)
		}
		if image != "" {
			password := text(object(container["credentials"])["password"])
			out = append(out, Pull{Path: path, Image: image, Password: password, Env: object(container["env"]), Service: service})
		}
	}
	job := object(j.value)
	add(job["container"], j.Path.Append("container"), false)
	services := object(job["services"])
	for _, name := range sortedKeys(services) {
		add(services[name], j.Path.Append("services", name), true)
	}
	return out
}

// ContainerEnv is the `env:` of the container that the job's steps run in.
func (j *Job) ContainerEnv() Env { return object(object(object(j.value)["container"])["env"]) }

// Mentions reports whether a text stands in any scalar of the job, its keys left out.
func (j *Job) Mentions(part string) bool { return mentionedIn(j.value, part) }

// Mentions reports whether a text stands in the value of a variable.
func (e Env) Mentions(part string) bool { return mentionedIn(map[string]any(e), part) }

func mentionedIn(value any, part string) bool {
	switch v := value.(type) {
	case map[string]any:
		for _, item := range v {
			if mentionedIn(item, part) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return mentionedIn(item, part) })
	}
	return strings.Contains(text(value), part)
}
