package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Spoof is a condition that takes whoever caused the run last for whoever wrote the change. An outsider has a bot act
// last on a pull request of theirs: Dependabot, by having it push to the branch in their fork.
type Spoof struct {
	Path       source.Path `json:"path"`       // of the if:
	Text       string      `json:"text"`       // github.actor, as written
	Job        string      `json:"job"`        // ID of the job
	Event      string      `json:"event"`      // the one that lets it matter
	Bot        string      `json:"bot"`        // "dependabot[bot]"
	Privileged bool        `json:"privileged"` // the job's token may write, or it reads secrets
	Only       bool        `json:"only"`       // no other event starts the workflow, so the author can be asked instead
	Merges     bool        `json:"merges"`     // what is guarded is an approval or a merge; see Merge
	Protection Protection  `json:"protection"` // what is asked beside it
}

// Merge is a step that approves or merges the pull request that the run is about.
type Merge struct {
	Path       source.Path `json:"path"`       // of the step's run or uses
	Text       string      `json:"text"`       // the command in it; "" of an action
	Job        string      `json:"job"`        // ID of the job
	Event      string      `json:"event"`      // the trigger that outsiders cause
	What       string      `json:"what"`       // "gh pr merge"
	Approves   bool        `json:"approves"`   // it gives an approval, and merges nothing by itself
	Bot        string      `json:"bot"`        // whoever must have acted last; "" where nobody in particular
	Protection Protection  `json:"protection"` // what else is asked
}

// mergers are actions that approve or merge the pull request that the run is about; true for those that only approve.
// Those that look at the pull request's author by themselves are not here.
var mergers = map[string]bool{
	"alexwilson/enable-github-automerge-action": false,
	"hmarr/auto-approve-action":                 true,
	"juliangruber/approve-pull-request-action":  true,
	"juliangruber/merge-pull-request-action":    false,
	"pascalgn/automerge-action":                 false,
	"peter-evans/enable-pull-request-automerge": false,
}

// spoofs finds the conditions on github.actor that name a bot and stand alone.
func (w *Workflow) spoofs(repo *Repository) []Spoof {
	found := []Spoof{}
	events := w.outsiderEvents(repo)
	events["pull_request"] = w.eventNames()["pull_request"]
	for i := range w.Jobs {
		job := &w.Jobs[i]
		if s, is := w.spoof(job, &Step{}, job.If, job.Path.Append("if"), events); is {
			s.Merges = slices.ContainsFunc(job.Steps, func(step Step) bool { return len(step.merges()) > 0 })
			found = append(found, s)
			continue // the steps run under the same condition
		}
		for j := range job.Steps {
			step := &job.Steps[j]
			if s, is := w.spoof(job, step, step.If, step.Path.Append("if"), events); is {
				s.Merges = len(step.merges()) > 0
				found = append(found, s)
			}
		}
	}
	return found
}

func (w *Workflow) spoof(job *Job, step *Step, condition string, at source.Path, events map[string]bool) (Spoof, bool) {
	bot := guardOf(expression.ParseCondition(condition)).Bot
	if bot == "" {
		return Spoof{}, false
	}
	event, guard := w.reached(job, step, events, "pull_request_target", "workflow_run", "pull_request")
	text := actorIn(condition)
	if event == "" || text == "" {
		return Spoof{}, false
	}
	return Spoof{
		Path: at, Text: text, Job: job.ID, Event: event, Bot: bot, Privileged: w.privileged(job),
		Only: len(w.Events) == 1 && event != "workflow_run", Protection: guard.protection(),
	}, true
}

// actorIn is the context in a condition that says who caused the run, as written.
func actorIn(condition string) string {
	for _, name := range []string{"github.triggering_actor", "github.actor"} {
		if i := strings.Index(strings.ToLower(condition), name); i >= 0 {
			return condition[i : i+len(name)]
		}
	}
	return ""
}

// merges finds the steps that approve or merge an outsider's pull request.
func (w *Workflow) merges(repo *Repository) []Merge {
	found := []Merge{}
	for r := range w.stepsReached(repo, privilegedEvents...) {
		if r.guard.authors["pull_request"] || !w.privileged(r.job) {
			continue
		}
		for _, m := range r.step.merges() {
			m.Job, m.Event, m.Bot, m.Protection = r.job.ID, r.event, r.guard.Bot, r.guard.protection()
			found = append(found, m)
		}
	}
	return found
}

// merges lists what of a step approves or merges the pull request that the run is about.
func (s *Step) merges() []Merge {
	if approves, known := mergers[s.Action()]; known {
		return []Merge{{Path: s.Path.Append("uses"), What: s.Action(), Approves: approves}}
	}
	var out []Merge
	for _, c := range s.commands() {
		if c.Name() != "gh" || len(c.Words) < 4 || c.Words[1].Text != "pr" || !aboutEvent(c) {
			continue
		}
		switch verb := c.Words[2].Text; {
		case verb == "merge" && !c.Has("--disable-auto"):
			out = append(out, Merge{Path: s.Path.Append("run"), Text: c.Text, What: "gh pr merge"})
		case verb == "review" && (c.Has("--approve") || c.Has("-a")):
			out = append(out, Merge{Path: s.Path.Append("run"), Text: c.Text, What: "gh pr review --approve", Approves: true})
		}
	}
	return out
}

// aboutEvent reports whether a command names the pull request that started the run.
func aboutEvent(c shell.Command) bool {
	for _, w := range c.Words {
		for _, e := range w.Exprs {
			if slices.ContainsFunc(e.Leaves(), func(l expression.Leaf) bool { return isSubject(l.String()) }) {
				return true
			}
		}
	}
	return false
}

// isSubject reports whether a context says which pull request or issue the run is about.
func isSubject(context string) bool {
	for _, prefix := range []string{"github.event.pull_request.", "github.event.issue.", "github.event.workflow_run."} {
		if strings.HasPrefix(context, prefix) {
			return true
		}
	}
	return context == "github.event.number" || context == "github.head_ref"
}
