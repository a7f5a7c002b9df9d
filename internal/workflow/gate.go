package workflow

import (
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// GateFault says how a job that stands for the results of others turns green although they are not.
type GateFault string

// The faults of gates. GitHub reports a job that is skipped as a success, to required checks too: see
// https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-jobs-with-conditions.
const (
	GateSkipped   GateFault = "skipped"   // it is skipped when a job that it needs fails
	GateUnchecked GateFault = "unchecked" // it always runs, and asks for no result
	GateCancelled GateFault = "cancelled" // it asks for failures alone, and lets cancelled jobs pass
)

// Gate is a job with no work of its own, whose result stands for that of the jobs it needs.
type Gate struct {
	Job   string      `json:"job"`
	Path  source.Path `json:"path"` // of its condition where it has one, else of the job
	Text  string      `json:"text"` // of the condition; "" without one
	Needs []string    `json:"needs"`
	Fault GateFault   `json:"fault"`
	Named bool        `json:"named"` // its name says that it is a gate
}

// gateNames are what such jobs are called.
var gateNames = regexp.MustCompile(`(?i)\b(?:gate|required|all[- _]?(?:green|pass(?:ed)?|checks?|good|jobs|tests|done|ok|complete|successful|required)|ci[- _]?(?:ok|done|pass(?:ed)?|results?|complete|success|status|required|gate|finished)|success|conclusion|status[- _]check|(?:check|tests?|build|verify|e2e|lint|workflow)s?[- _](?:status|results?|success|passed|complete|ok|done|finished)|alls-green)\b`)

// gates lists the gates that turn green when they should not.
func (w *Workflow) gates() []Gate {
	found := []Gate{}
	for i := range w.Jobs {
		job := &w.Jobs[i]
		if len(job.Needs) == 0 || !job.onlyJudges() || w.needed(job.ID) {
			continue
		}
		g := Gate{Job: job.ID, Path: job.Path, Needs: job.Needs, Fault: job.gateFault()}
		g.Named = job.named()
		if !g.Named && strings.Contains(job.everything(), ".outputs.") {
			continue // it is there to show what they hand on
		}
		if job.If != "" {
			g.Path, g.Text = job.Path.Append("if"), strings.TrimSpace(job.If)
		}
		if g.Fault != "" {
			found = append(found, g)
		}
	}
	return found
}

// named reports whether a job is called what gates are called.
func (j *Job) named() bool {
	return gateNames.MatchString(strings.ReplaceAll(j.ID, "_", "-") + " / " + text(object(j.value)["name"]))
}

// needed reports whether another job waits for the one of that ID.
func (w *Workflow) needed(id string) bool {
	return slices.ContainsFunc(w.Jobs, func(j Job) bool { return slices.Contains(j.Needs, id) })
}

// judgingCommands are what a gate's script is made of. A test is no command but [ and its like.
var judgingCommands = []string{"echo", "printf", "exit", "true", "false", ":", "test", "[", "[[", "jq", "grep", "cat", "set"}

// onlyJudges reports whether a job does nothing but say yes or no.
func (j *Job) onlyJudges() bool {
	if j.Uses != "" || len(j.Steps) == 0 || j.Environment {
		return false
	}
	for i := range j.Steps {
		s := &j.Steps[i]
		if s.Uses != "" && s.Action() != "re-actors/alls-green" {
			return false
		}
		for _, c := range s.commands() {
			if !slices.Contains(judgingCommands, c.Name()) {
				return false
			}
		}
		if strings.Contains(s.Run, "GITHUB_OUTPUT") {
			return false // it hands something on
		}
	}
	return len(j.Outputs) == 0
}

// gateFault says how a gate fails; "" where it does not, as far as can be told.
func (j *Job) gateFault() GateFault {
	condition := expression.ParseCondition(j.If)
	if _, around := unwrapped(j.If); around || j.If != "" && condition == nil {
		return "" // told elsewhere
	}
	all := j.everything()
	switch {
	case !condition.Calls(statusCalls...):
		if readsResults(j.If) {
			return "" // told elsewhere: it never runs
		}
		return GateSkipped
	case !condition.Calls("always", "cancelled"):
		return "" // failure() alone: it runs, and fails, when it has to
	case strings.Contains(all, "alls-green"):
		return ""
	case !readsResults(all):
		if strings.Contains(all, "failure()") || strings.Contains(all, "success()") || strings.Contains(all, "cancelled()") {
			return ""
		}
		return GateUnchecked
	case asksOnlyForFailure(all):
		return GateCancelled
	}
	return ""
}

// asksOnlyForFailure reports whether of all results nothing but failure is spoken of.
func asksOnlyForFailure(all string) bool {
	words := strings.ToLower(all)
	return strings.Contains(words, "failure") && !strings.Contains(words, "cancel") && !strings.Contains(words, "success") && !strings.Contains(words, "skipped")
}

// readsResults reports whether text reads how needed jobs ended.
func readsResults(text string) bool {
	return strings.Contains(text, "needs.") || strings.Contains(text, "needs)") || strings.Contains(text, "needs[")
}

// everything is all that decides a gate: conditions, scripts, inputs and variables.
func (j *Job) everything() string {
	all := []string{j.If, allTexts(j.Env)}
	for i := range j.Steps {
		all = append(all, j.Steps[i].everything())
	}
	return strings.Join(all, "\n")
}

// everything is all of a step that expressions and scripts can stand in.
func (s *Step) everything() string {
	return strings.Join([]string{s.If, s.Run, s.Uses, allTexts(s.With), allTexts(s.Env)}, "\n") + "\n"
}

func allTexts(values map[string]any) string {
	var b strings.Builder
	for _, key := range sortedKeys(values) {
		b.WriteString(text(values[key]) + "\n")
	}
	return b.String()
}
