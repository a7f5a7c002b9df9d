// Package fetch finds what workflows, actions and the builds of Dockerfiles fetch from elsewhere while they run: images,
// programs that are downloaded, packages, tools that actions install. Scripts are parsed, never run.
package fetch

import (
	"path"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// Facts is what rules see of what a file fetches, as input.facts.fetch. Its lists are never null.
type Facts struct {
	Downloads []Download `json:"downloads"`
	Installs  []Install  `json:"installs"`
	Tools     []Tool     `json:"tools"`
	// PlainCharts are the repositories that helm is told to fetch charts from over http://.
	PlainCharts []ChartRepository `json:"plainCharts,omitempty"`
}

// Place is a scalar, or a part of one.
type Place struct {
	Path source.Path `json:"path"`
	Text string      `json:"text,omitempty"` // the part of the scalar that is meant; all of it when there is none
}

// Of establishes what a workflow, an action or a Dockerfile fetches, and the references to images among that. Of any other
// document it is nil. The model is that of the workflow or action, nil for a Dockerfile. Packages that the repository itself
// provides or locks are looked up in its files.
func Of(doc *source.Document, model *workflow.Workflow, repo *source.Repository) (*Facts, []refs.Ref) {
	var units []unit
	switch doc.Kind {
	case source.Workflow, source.Action:
		units = workflowUnits(doc, model)
	case source.Dockerfile:
		units = stages(doc)
	default:
		return nil, nil
	}
	facts := &Facts{Downloads: []Download{}, Installs: []Install{}, Tools: []Tool{}}
	var images []refs.Ref
	for i := range units {
		u := &units[i]
		images = append(images, u.images()...)
		for _, s := range u.scripts {
			facts.Downloads = append(facts.Downloads, downloads(s)...)
			facts.Installs = append(facts.Installs, installs(s, u, repo)...)
			facts.PlainCharts = append(facts.PlainCharts, plainCharts(s)...)
		}
		for j := range u.steps {
			facts.Tools = append(facts.Tools, tools(&u.steps[j], u, repo)...)
		}
	}
	return facts, images
}

// unit is what runs on one machine: a job, an action's steps, a stage of a build.
type unit struct {
	steps   []workflow.Step
	scripts []script
	scope   scope
	named   []named // images that are named as such, outside of scripts
	build   bool    // a stage of a Dockerfile: what it needs is in its base image
	repos   map[string]bool
}

// script is a script of a unit, and what is known where it stands.
type script struct {
	path     source.Path
	text     string
	commands []shell.Command
	scope    scope
}

// place is that of a word in the script.
func (s script) place(w shell.Word) Place {
	return Place{Path: s.path, Text: distinct(s.text, w.Offset, w.Written)}
}

// at is the place of a command.
func (s script) at(c shell.Command) Place {
	return Place{Path: s.path, Text: distinct(s.text, c.Offset, c.Text)}
}

// distinct widens a part of a text, within its line, until it is the first of its kind there: a place is found by its text.
func distinct(text string, offset int, part string) string {
	part, _, _ = strings.Cut(part, "\n")
	part = strings.TrimRight(part, " \t\\")
	end := offset + len(part)
	if offset < 0 || end > len(text) || strings.Index(text, part) == offset {
		return part
	}
	line := strings.LastIndexByte(text[:offset], '\n') + 1
	for start := offset - 1; start >= line; start-- {
		if start > line && text[start-1] != ' ' || text[start] == ' ' {
			continue // whole words
		}
		if widened := text[start:end]; strings.Index(text, widened) == start {
			return widened
		}
	}
	stop := end
	if i := strings.IndexByte(text[end:], '\n'); i >= 0 {
		stop += i
	} else {
		stop = len(text)
	}
	for ; end < stop; end++ {
		if widened := text[offset : end+1]; (end+1 == stop || text[end+1] == ' ') && strings.Index(text, widened) == offset {
			return widened
		}
	}
	return part
}

// workflowUnits are the jobs of a workflow, or the steps of an action.
func workflowUnits(doc *source.Document, w *workflow.Workflow) []unit {
	if w == nil {
		return nil
	}
	top := source.Node{Value: doc.Value}
	inputs := []source.Node{keyOf(top, "inputs"), keyOf(keyOf(keyOf(top, "on"), "workflow_call"), "inputs"), keyOf(keyOf(keyOf(top, "on"), "workflow_dispatch"), "inputs")}
	var units []unit
	if w.IsAction {
		units = append(units, unit{named: actionImage(top), scope: scope{inputs: inputs}})
	}
	for i := range w.Jobs {
		job := &w.Jobs[i]
		at := nodeAt(source.Node{Value: doc.Value}, job.Path)
		u := unit{steps: job.Steps, scope: scope{inputs: inputs, matrix: keyOf(keyOf(at, "strategy"), "matrix"), envs: []source.Node{keyOf(at, "env"), keyOf(top, "env")}}}
		if !w.IsAction {
			u.named = jobImages(at)
		}
		for j := range job.Steps {
			step := &job.Steps[j]
			s := script{path: step.Path.Append("run"), text: step.Run, scope: u.scope.in(keyOf(nodeAt(top, step.Path), "env"))}
			s.commands = withCode(step.Commands(s.scope.env), s.scope.env)
			u.scripts = append(u.scripts, s)
		}
		units = append(units, u)
	}
	return units
}

// withCode adds the commands of code that a shell is given as an argument, as in docker exec x bash -c '…', after the command.
func withCode(commands []shell.Command, env func(string) string) []shell.Command {
	var out []shell.Command
	for _, c := range commands {
		out = append(out, c)
		for i := 2; i < len(c.Words); i++ {
			w := c.Words[i]
			if flag := c.Words[i-1].Text; !codeFlags[flag] || !shells[path.Base(c.Words[i-2].Text)] || len(w.Values) != 1 || len(w.Commands) > 0 {
				continue
			}
			at := strings.Index(w.Written, w.Value()) // the code stands there as it is, or its places are not known
			for _, inner := range shell.Parse(w.Value()).Commands(shell.Outside, env) {
				out = append(out, moved(inner, at, w.Offset))
			}
		}
	}
	return out
}

// codeFlags stand before code.
var codeFlags = set("-c -ec -ce -lc -xc -exc -euc -euxc")

// moved tells a command of inner code where it stands in the script; at is negative where that is not known.
func moved(c shell.Command, at, offset int) shell.Command {
	move := func(place *int) {
		if at < 0 {
			*place = -1
		} else {
			*place += at + offset
		}
	}
	move(&c.Offset)
	for i := range c.Words {
		move(&c.Words[i].Offset)
	}
	return c
}

// stages are those of a Dockerfile, with the scripts of their RUN instructions.
func stages(doc *source.Document) []unit {
	var units []unit
	for _, instruction := range keyOf((source.Node{Value: doc.Value}), "instructions").Items() {
		if textOf(keyOf(instruction, "cmd")) == "onbuild" {
			instruction = keyOf(instruction, "trigger")
		}
		switch textOf(keyOf(instruction, "cmd")) {
		case "from":
			units = append(units, unit{build: true})
		case "run":
			if len(units) == 0 {
				continue
			}
			args := keyOf(instruction, "args").Items()
			if isJSON, _ := keyOf(instruction, "json").Value.(bool); len(args) != 1 || isJSON {
				continue
			}
			at := args[0]
			if documents := keyOf(instruction, "heredocs").Items(); strings.HasPrefix(textOf(at), "<<") && len(documents) > 0 {
				at = documents[0]
			}
			s := script{path: at.Path, text: textOf(at)}
			s.commands = withCode(shell.Parse(s.text).Commands(shell.Outside, s.scope.env), s.scope.env)
			u := &units[len(units)-1]
			u.scripts = append(u.scripts, s)
		}
	}
	return units
}
