package workflow

import (
	"slices"
	"strings"
	"sync"

	"github.com/plimsoll-dev/plimsoll/internal/shell"
)

// stepScript is what a step's script is worked out to, once for all who ask; copies of the step share it.
type stepScript struct {
	text     func() *shell.Text
	commands func() []shell.Command // with the variables that are known where the step stands
}

// readScripts tells each step how its script is read: once, when somebody asks for it.
func (w *Workflow) readScripts() {
	for i := range w.Jobs {
		job := &w.Jobs[i]
		for j := range job.Steps {
			step := &job.Steps[j]
			step.script.text = sync.OnceValue(func() *shell.Text { return shell.Parse(step.Run) })
			step.script.commands = sync.OnceValue(func() []shell.Command {
				return step.Commands(scope{workflow: w, job: job, step: step}.envValue)
			})
		}
	}
}

// shellScript is the step's script, parsed; nil where it has none, or its shell is no Unix shell's kin.
func (s *Step) shellScript() *shell.Text {
	if !slices.Contains([]string{"", "bash", "sh", "pwsh", "powershell", "cmd"}, firstWord(s.Shell)) || s.Run == "" {
		return nil
	}
	if s.script.text == nil {
		return shell.Parse(s.Run)
	}
	return s.script.text()
}

// commands are those of the step's script, with the variables that are known where it stands; none of a step that stands
// in no workflow.
func (s *Step) commands() []shell.Command {
	if s.script.commands == nil {
		return nil
	}
	return s.script.commands()
}

// Commands lists the simple commands of the step's script in order, where its shell is one that can be read and as far as
// it can be. Env gives the text that a variable was set to, "" where that is not known; the expressions in it count as
// those of the words that use the variable. The script is never run.
func (s *Step) Commands(env func(string) string) []shell.Command {
	text := s.shellScript()
	if text == nil {
		return nil
	}
	return text.Commands(shell.InDir("", s.Directory), env)
}

// Script takes the step's script apart; see Commands. Scripts for PowerShell and cmd are read as far as they resemble
// those of a Unix shell, and never wholly.
func (s *Step) Script(env func(string) string) shell.Script {
	text := s.shellScript()
	if text == nil {
		return shell.Script{Whole: s.Run == ""}
	}
	script := text.Script(shell.InDir("", s.Directory), env)
	script.Whole = script.Whole && slices.Contains([]string{"", "bash", "sh"}, firstWord(s.Shell))
	return script
}

// executes says what of the tree at root the action that a step uses runs; "" where it runs nothing of it.
func (s *Step) executes(root string) string {
	action := s.Action()
	switch {
	case strings.HasPrefix(s.Uses, "./"):
		if shell.Within(shell.InDir("", s.Uses), root) {
			return s.Uses
		}
		return ""
	case action == "docker/build-push-action":
		if dir, _ := s.Input("context"); dir != "" && shell.Within(shell.InDir("", dir), root) {
			return "docker build"
		}
		return ""
	case action == "actions/github-script":
		if script, _ := s.Input("script"); root == "" && strings.Contains(script, "require('./") {
			return "a script that it requires"
		}
		return ""
	}
	input, known := treeActions[action]
	dir, _ := s.Input("working-directory")
	value, _ := s.Input(input)
	if !known || input != "" && (value == "" || value == "false") || !shell.Within(shell.InDir("", dir), root) {
		return ""
	}
	return action
}

// treeActions are actions that run code of the tree by themselves. A condition of "" holds always; otherwise the
// input must be set.
var treeActions = map[string]string{
	"bahmutov/npm-install":           "",
	"cypress-io/github-action":       "",
	"github/codeql-action/autobuild": "",
	"goreleaser/goreleaser-action":   "",
	"gradle/gradle-build-action":     "arguments",
	"pre-commit/action":              "",
	"pypa/cibuildwheel":              "",
	"ruby/setup-ruby":                "bundler-cache",
}
