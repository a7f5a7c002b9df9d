package workflow

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Deed is a step that changes something beyond the run, in a job that a comment starts.
type Deed struct {
	Path       source.Path `json:"path"`  // of the step's run, uses or script
	Text       string      `json:"text"`  // the command in it; "" of an action
	Job        string      `json:"job"`   // ID of the job
	Event      string      `json:"event"` // the comment's event
	What       string      `json:"what"`  // "git push"
	Protection Protection  `json:"protection"`
}

// commentEvents are started by words that anybody may write.
var commentEvents = []string{"issue_comment", "discussion_comment", "commit_comment"}

// deedCommands are commands that push, release, deploy, or start what does; by program and beginning of its arguments.
var deedCommands = map[string][]string{
	"gh":        {"workflow run", "release create", "release edit", "release upload"},
	"git":       {"push"},
	"helm":      {"install", "upgrade", "uninstall"},
	"kubectl":   {"apply", "create", "delete", "patch", "replace", "rollout", "set"},
	"npm":       {"publish"},
	"pulumi":    {"up", "destroy"},
	"terraform": {"apply", "destroy"},
	"twine":     {"upload"},
}

// deedActions do so, and do not ask who commented.
var deedActions = set(`
	ad-m/github-push-action benc-uk/workflow-dispatch convictional/trigger-workflow-and-wait endbug/add-and-commit
	peter-evans/repository-dispatch softprops/action-gh-release stefanzweifel/git-auto-commit-action`)

// deedCalls are methods of GitHub's API client that do so.
var deedCalls = []string{"createWorkflowDispatch", "createDispatchEvent", "createRelease", "pulls.merge", "git.updateRef"}

// deeds finds what outsiders' comments can bring about.
func (w *Workflow) deeds(repo *Repository) []Deed {
	found := []Deed{}
	for r := range w.stepsReached(repo, commentEvents...) {
		if r.guard.authors["comment"] || !w.privileged(r.job) {
			continue
		}
		d, is := r.step.deed()
		if action := repo.File(repo.Local(r.step.Uses)); !is && action != nil && action.IsAction {
			d, is = action.deed(r.step)
		}
		if is {
			d.Job, d.Event, d.Protection = r.job.ID, r.event, r.guard.protection()
			found = append(found, d)
		}
	}
	return found
}

// deed is the first thing that an action of this repository does beyond the run, at the step that uses it.
func (w *Workflow) deed(caller *Step) (Deed, bool) {
	for i := range w.Jobs {
		for j := range w.Jobs[i].Steps {
			step := &w.Jobs[i].Steps[j]
			if d, is := step.deed(); is {
				return Deed{Path: caller.Path.Append("uses"), What: d.What + " in " + caller.Uses}, true
			}
		}
	}
	return Deed{}, false
}

// deed is the first thing that a step does beyond the run.
func (s *Step) deed() (Deed, bool) {
	if deedActions[s.Action()] {
		return Deed{Path: s.Path.Append("uses"), What: s.Action()}, true
	}
	script, at := s.Input("script")
	for _, call := range deedCalls {
		if s.Action() == "actions/github-script" && strings.Contains(script, call) {
			return Deed{Path: at, Text: call, What: call}, true
		}
	}
	for _, c := range s.commands() {
		if what := deedOf(c); what != "" {
			return Deed{Path: s.Path.Append("run"), Text: c.Text, What: what}, true
		}
	}
	return Deed{}, false
}

// deedOf names what a command does beyond the run; "" where that is nothing.
func deedOf(c shell.Command) string {
	sub := c.Subcommand()
	for _, begin := range deedCommands[c.Name()] {
		if sub == begin || strings.HasPrefix(sub, begin+" ") {
			return c.Name() + " " + begin
		}
	}
	if c.Name() == "gh" && strings.HasPrefix(sub, "api ") && strings.Contains(sub, "/dispatches") {
		return "gh api, a dispatch"
	}
	return ""
}
