package workflow

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
)

// Protection says how far conditions keep outsiders away from what they guard.
type Protection string

// The protections, strongest first. Where an outsider cannot get at something at all, there is no fact about it.
const (
	// ProtectionPerson: somebody with rights in the repository has to act each time: set a label, comment, merge.
	// What they looked at can still change before it is used.
	ProtectionPerson Protection = "person"
	// ProtectionLabel: a label has to be there. Somebody set it once; it stays for what is pushed later.
	ProtectionLabel Protection = "label"
	// ProtectionEnvironment: the job names a deployment environment. Whether that asks for approval is a setting.
	ProtectionEnvironment Protection = "environment"
	// ProtectionOutput: the output of an earlier step or job decides, which cannot be judged from here.
	ProtectionOutput Protection = "output"
	// ProtectionNone: nothing is asked.
	ProtectionNone Protection = "none"
)

// Guard is what a condition asks of whoever started the run before a job or step goes ahead.
type Guard struct {
	SameRepository bool            // the change comes from this repository, not a fork
	Trusted        bool            // whoever acts is one of a named few, a member, or has been checked
	Labels         bool            // somebody with triage rights sets a label, and that starts the run
	Labelled       bool            // a label is there, whenever it was set
	Merged         bool            // the pull request has been merged
	Environment    bool            // a deployment environment, which may ask for approval
	Checked        bool            // an earlier step or job said so
	Bot            string          // the bot that must have acted last, which anybody can bring about; protects nothing
	authors        map[string]bool // what a trusted person has written: pull_request, comment, issue, …
	only           map[string]bool // the events it lets through; nil for all
	never          map[string]bool // the events it keeps out
}

// Some reports whether anything at all is asked.
func (g Guard) Some() bool { return g.protection() != ProtectionNone }

func (g Guard) protection() Protection {
	switch {
	case g.SameRepository || g.Trusted || g.Labels || g.Merged:
		return ProtectionPerson
	case g.Labelled:
		return ProtectionLabel
	case g.Environment:
		return ProtectionEnvironment
	case g.Checked:
		return ProtectionOutput
	}
	return ProtectionNone
}

// and joins two conditions that both must hold.
func (g Guard) and(h Guard) Guard {
	out := Guard{
		SameRepository: g.SameRepository || h.SameRepository,
		Trusted:        g.Trusted || h.Trusted,
		Labels:         g.Labels || h.Labels,
		Labelled:       g.Labelled || h.Labelled,
		Merged:         g.Merged || h.Merged,
		Checked:        g.Checked || h.Checked,
		Environment:    g.Environment || h.Environment,
		Bot:            cmp.Or(g.Bot, h.Bot),
		authors:        union(g.authors, h.authors),
		never:          union(g.never, h.never),
	}
	switch {
	case g.only == nil:
		out.only = h.only
	case h.only == nil:
		out.only = g.only
	default:
		out.only = intersection(g.only, h.only)
	}
	return out
}

// or joins two conditions of which one is enough.
func (g Guard) or(h Guard) Guard {
	out := Guard{
		SameRepository: g.SameRepository && h.SameRepository,
		Trusted:        g.Trusted && h.Trusted,
		Labels:         g.Labels && h.Labels,
		Labelled:       g.labelled() && h.labelled(),
		Merged:         g.Merged && h.Merged,
		Checked:        g.Checked && h.Checked,
		Environment:    g.Environment && h.Environment,
		authors:        intersection(g.authors, h.authors),
		never:          intersection(g.never, h.never),
	}
	if g.only != nil && h.only != nil {
		out.only = union(g.only, h.only)
	}
	return out
}

// labelled reports whether a label is there: one that is being set is.
func (g Guard) labelled() bool { return g.Labels || g.Labelled }

// admit narrows the events to those that the condition lets through.
func (g Guard) admit(events map[string]bool) map[string]bool {
	out := map[string]bool{}
	for event := range events {
		if (g.only == nil || g.only[event]) && !g.never[event] {
			out[event] = true
		}
	}
	return out
}

// guardOfStep joins what must hold before a step runs, whatever the event: its condition, its job's, those of the jobs
// that must have succeeded before, and a check of the actor's permission in a step before it.
func (w *Workflow) guardOfStep(job *Job, step *Step) Guard { return w.guardOn(job, step, "") }

// guardOn is the guard of a step in a run by one event: what a condition asks for other events does not count.
func (w *Workflow) guardOn(job *Job, step *Step, event string) Guard {
	key := job.ID + " " + event
	known, ok := w.guards.get(key)
	if !ok {
		known = w.guardOfJob(job, event, map[string]bool{}).and(w.guardOfEvent(event))
		w.guards.set(key, known)
	}
	g := known.and(guardOf(onEvent(expression.ParseCondition(step.If), event)))
	g.Trusted = g.Trusted || job.checked < step.index
	return g
}

// guardOfEvent is what an event asks by itself: labels are set by people with rights.
func (w *Workflow) guardOfEvent(event string) Guard {
	if w.doc == nil || event == "" {
		return Guard{}
	}
	types := texts(object(object(object(w.doc.Value)["on"])[event])["types"])
	return Guard{Labels: len(types) == 1 && types[0] == "labeled"}
}

// reached gives the first of the events by which a step can be reached with the least in the way, and what is; "" where
// none of them reaches it.
func (w *Workflow) reached(job *Job, step *Step, events map[string]bool, names ...string) (event string, guard Guard) {
	for _, name := range names {
		if !events[name] {
			continue
		}
		g := w.guardOn(job, step, name)
		if len(g.admit(map[string]bool{name: true})) > 0 && (event == "" || guard.Some() && !g.Some()) {
			event, guard = name, g
		}
	}
	return event, guard
}

// reach is a step that an outsider can cause to run, by an event and past a guard.
type reach struct {
	job   *Job
	step  *Step
	event string
	guard Guard
}

// stepsReached goes through the steps that outsiders can cause to run by one of the events, in the order of the text.
func (w *Workflow) stepsReached(repo *Repository, names ...string) iter.Seq[reach] {
	events := w.outsiderEvents(repo)
	return func(yield func(reach) bool) {
		for i := range w.Jobs {
			job := &w.Jobs[i]
			for j := range job.Steps {
				step := &job.Steps[j]
				if event, guard := w.reached(job, step, events, names...); event != "" && !yield(reach{job, step, event, guard}) {
					return
				}
			}
		}
	}
}

func (w *Workflow) guardOfJob(job *Job, event string, seen map[string]bool) Guard {
	condition := onEvent(expression.ParseCondition(job.If), event)
	g := guardOf(condition)
	g.Environment = g.Environment || job.Environment
	if seen[job.ID] {
		return g
	}
	seen[job.ID] = true
	for _, id := range job.Needs {
		i, found := slices.BinarySearchFunc(w.Jobs, id, func(j Job, id string) int { return strings.Compare(j.ID, id) })
		if !found || seen[id] || runsAnyway(job.If) && !needsSuccess(condition, id) {
			continue
		}
		needed := &w.Jobs[i]
		g = g.and(w.guardOfJob(needed, event, seen))
		g.Trusted = g.Trusted || needed.checked < len(needed.Steps)
	}
	return g
}

// personChecks stand in scripts that ask GitHub about somebody: their permission, membership, reviews or association.
var personChecks = []string{
	"getCollaboratorPermissionLevel", "/collaborators/", "checkMembershipForUser", "getMembershipForUserInOrg",
	"/memberships/", "checkCollaborator", "author_association", "authorAssociation",
}

// commandActions run a comment's command only for people who may write, and fail or do nothing for others.
var commandActions = set("github/command peter-evans/slash-command-dispatch")

// checksPermission reports whether a step asks GitHub what the actor may do; such steps fail where it is too little.
func (s *Step) checksPermission() bool {
	script, _ := s.Input("script")
	for _, code := range []string{s.Run, script} {
		if slices.ContainsFunc(personChecks, func(call string) bool { return strings.Contains(code, call) }) {
			return true
		}
	}
	if unverified, _ := s.Input("skip-verification"); s.Action() == "dependabot/fetch-metadata" {
		return unverified != "true" // it fails for a pull request that Dependabot has not opened
	}
	if level, _ := s.Input("permission-level"); s.Action() == "xt0rted/slash-command-action" {
		return level != "none" && level != "read" // it fails for a comment of somebody with less
	}
	return commandActions[s.Action()] || strings.Contains(s.Action(), "permission")
}

// runsAnyway reports whether a condition lets the job run although the jobs it needs were skipped or failed.
func runsAnyway(condition string) bool {
	return expression.ParseCondition(condition).Calls("always", "failure", "cancelled")
}

// needsSuccess reports whether a condition holds only where the job of that ID has succeeded: needs.ID.result == 'success'.
func needsSuccess(n *expression.Node, id string) bool {
	if n == nil || n.Kind != expression.Operator {
		return false
	}
	switch n.Name {
	case "&&":
		return needsSuccess(n.Args[0], id) || needsSuccess(n.Args[1], id)
	case "||":
		return needsSuccess(n.Args[0], id) && needsSuccess(n.Args[1], id)
	case "==":
		result, value := n.Args[0], n.Args[1]
		if result.Kind == expression.Literal {
			result, value = value, result
		}
		return result.Kind == expression.Context && strings.EqualFold(strings.Join(result.Path, "."), "needs."+id+".result") &&
			value.Kind == expression.Literal && strings.EqualFold(value.Name, "success")
	}
	return false
}

func union(a, b map[string]bool) map[string]bool {
	out := maps.Clone(a)
	if out == nil {
		return maps.Clone(b)
	}
	maps.Copy(out, b)
	return out
}

func intersection(a, b map[string]bool) map[string]bool {
	out := map[string]bool{}
	for key := range a {
		if b[key] {
			out[key] = true
		}
	}
	return out
}
