package workflow

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// JobBody is what a job says of itself, as written: scalars as text, maps and lists as they are, aliases resolved. What
// the job does not say is left out.
type JobBody struct {
	Name        string            `json:"name,omitempty"`
	If          string            `json:"if,omitempty"`
	Needs       []string          `json:"needs"`
	RunsOn      any               `json:"runsOn,omitempty"`
	Environment string            `json:"environment,omitempty"` // its name
	Container   any               `json:"container,omitempty"`
	Services    any               `json:"services,omitempty"`
	Strategy    any               `json:"strategy,omitempty"`
	Secrets     any               `json:"secrets,omitempty"` // of a call: "inherit" or a map
	With        map[string]string `json:"with"`              // of a call
	Env         map[string]string `json:"env"`
	Outputs     map[string]string `json:"outputs"`
	Steps       []StepFacts       `json:"steps"`
	Concurrency any               `json:"concurrency,omitempty"`
	Timeout     any               `json:"timeout,omitempty"` // timeout-minutes
}

// StepFacts is what rules see of a step. Steps that stand in a parallel one stand here in its place, each with its own
// path.
type StepFacts struct {
	Path      source.Path       `json:"path"`
	ID        string            `json:"id,omitempty"`
	Name      string            `json:"name,omitempty"`
	If        string            `json:"if,omitempty"`
	Uses      string            `json:"uses,omitempty"`
	Action    string            `json:"action,omitempty"`  // owner/repo[/path] in lower case, without the ref; a path where the action is local
	Ref       string            `json:"ref,omitempty"`     // what follows the @
	Version   string            `json:"version,omitempty"` // of the action, as a tag names it: the ref, or the comment behind a commit
	Run       string            `json:"run,omitempty"`
	Shell     string            `json:"shell,omitempty"` // the step's own, or the default that holds for it
	Directory string            `json:"directory,omitempty"`
	With      map[string]string `json:"with"` // by name in lower case, for names of inputs are not case-sensitive
	Env       map[string]string `json:"env"`
	// Commands are the simple commands of the script, in order, where it is one that can be read.
	Commands []CommandFacts `json:"commands,omitempty"`
}

// CommandFacts is what rules see of a command: Command has more.
type CommandFacts struct {
	Text  string   `json:"text"`  // its first line as written
	Words []string `json:"words"` // program and arguments, quotes removed; variables as $NAME, expressions as written
}

// bodyOf normalises a job.
func bodyOf(doc *source.Document, job *Job) JobBody {
	value := object(job.value)
	body := JobBody{
		Name: text(value["name"]), If: job.If, Needs: job.Needs, RunsOn: value["runs-on"], Environment: job.environmentName(),
		Container: value["container"], Services: value["services"], Strategy: value["strategy"], Secrets: value["secrets"],
		With: scalars(value["with"]), Env: scalars(map[string]any(job.Env)), Outputs: scalars(job.Outputs), Steps: []StepFacts{},
		Concurrency: value["concurrency"], Timeout: value["timeout-minutes"],
	}
	if body.Needs == nil {
		body.Needs = []string{} // lists are never null for a rule
	}
	for i := range job.Steps {
		body.Steps = append(body.Steps, stepFacts(doc, &job.Steps[i]))
	}
	return body
}

func stepFacts(doc *source.Document, s *Step) StepFacts {
	_, ref, _ := strings.Cut(s.Uses, "@")
	facts := StepFacts{
		Path: s.Path, ID: s.ID, Name: s.Name, If: s.If, Uses: s.Uses, Action: s.Action(), Ref: ref, Version: versionOf(doc, s), Run: s.Run,
		Shell: s.Shell, Directory: s.Directory, With: map[string]string{}, Env: scalars(map[string]any(s.Env)),
	}
	expressions := expression.Find(s.Run)
	for _, c := range s.commands() {
		command := CommandFacts{Text: c.Text}
		for _, w := range c.Words {
			command.Words = append(command.Words, shell.Unmask(w.Text, expressions))
		}
		facts.Commands = append(facts.Commands, command)
	}
	for name, value := range scalars(s.With) {
		facts.With[strings.ToLower(name)] = value
	}
	return facts
}

// scalars gives the scalars of a map as text; what is none, an empty value too, is "".
func scalars(value any) map[string]string {
	out := map[string]string{}
	for key, item := range object(value) {
		out[key] = text(item)
	}
	return out
}
