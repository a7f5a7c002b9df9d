package workflow

import (
	"bytes"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Deploy is a job that deploys although what it needs may have failed.
type Deploy struct {
	Job  string      `json:"job"`
	Path source.Path `json:"path"` // of its condition
	Text string      `json:"text"`
	// Environment is its name, as written.
	Environment string `json:"environment"`
}

// carelessDeploys lists the jobs with a deployment environment that always() lets run, and that ask for no result.
func (w *Workflow) carelessDeploys() []Deploy {
	found := []Deploy{}
	for i := range w.Jobs {
		job := &w.Jobs[i]
		condition := expression.ParseCondition(job.If)
		anyway := condition.Calls("always", "cancelled") && !condition.Calls("failure", "success")
		if job.Environment && len(job.Needs) > 0 && anyway && !readsResults(job.If) {
			found = append(found, Deploy{job.ID, job.Path.Append("if"), strings.TrimSpace(job.If), job.environmentName()})
		}
	}
	return found
}

// environmentName is the name of the job's deployment environment, as written; "" where it has none.
func (j *Job) environmentName() string {
	environment := object(j.value)["environment"]
	if settings := object(environment); settings != nil {
		environment = settings["name"]
	}
	return text(environment)
}

// Scope is one line of a `permissions:` that nothing explains.
type Scope struct {
	Path  source.Path `json:"path"`
	Name  string      `json:"name"`
	Level string      `json:"level"`
}

// undocumented lists the scopes that no comment explains: on their line, or above them.
func (w *Workflow) undocumented(doc *source.Document) []Scope {
	found := []Scope{}
	grants := []Grant{w.Permissions}
	for i := range w.Jobs {
		grants = append(grants, w.Jobs[i].Permissions)
	}
	lines := bytes.Split(doc.File.Data, []byte{'\n'})
	for _, g := range grants {
		for _, scope := range sortedScopes(g.Scopes) {
			at := g.Path.Append(scope)
			if !explained(lines, doc.Locate(at, "").Span) {
				found = append(found, Scope{at, scope, g.Scopes[scope]})
			}
		}
	}
	return found
}

func sortedScopes(scopes map[string]string) []string {
	names := make(map[string]any, len(scopes))
	for name := range scopes {
		names[name] = nil
	}
	return sortedKeys(names)
}

// explained reports whether a comment stands on a span's line or on the one before it.
func explained(lines [][]byte, span source.Span) bool {
	at := span.Start.Line - 1
	if at < 0 || at >= len(lines) {
		return true
	}
	line := lines[at]
	if end := span.End.Column - 1; span.End.Line == span.Start.Line && end <= len(line) && bytes.Contains(line[end:], []byte("#")) {
		return true
	}
	return at > 0 && bytes.HasPrefix(bytes.TrimSpace(lines[at-1]), []byte("#"))
}

// Remark is a command of a script that is worth a word.
type Remark struct {
	Kind string      `json:"kind"` // "safe-directory" or "disabled-command"
	Path source.Path `json:"path"` // of the script
	Text string      `json:"text"` // of the command, as written
	Word string      `json:"word"` // of a disabled command its name
}

// remarks lists commands that switch a protection of Git's off, or that GitHub no longer carries out.
func (w *Workflow) remarks() []Remark {
	found := []Remark{}
	for i := range w.Jobs {
		for k := range w.Jobs[i].Steps {
			step := &w.Jobs[i].Steps[k]
			for _, c := range step.commands() {
				if kind, word := remarkOf(c); kind != "" {
					found = append(found, Remark{kind, step.Path.Append("run"), c.Text, word})
				}
			}
		}
	}
	return found
}

func remarkOf(c shell.Command) (kind, word string) {
	switch c.Name() {
	case "git":
		config, directory, all := false, false, false
		for _, w := range c.Words[1:] {
			config = config || w.Text == "config"
			directory = directory || w.Text == "safe.directory"
			all = all || directory && w.Text == "*"
		}
		if config && all {
			return "safe-directory", ""
		}
	case "echo", "printf":
		for _, w := range c.Words[1:] {
			for _, name := range []string{"set-env", "add-path"} {
				if strings.HasPrefix(w.Text, "::"+name+" ") || strings.HasPrefix(w.Text, "::"+name+"::") {
					return "disabled-command", name
				}
			}
		}
	}
	return "", ""
}
