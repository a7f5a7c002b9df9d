package workflow

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Runner is a job that may run on a machine that is not GitHub's.
type Runner struct {
	Path       source.Path `json:"path"`       // of runs-on, or of the value in the matrix that decides it
	Text       string      `json:"text"`       // the label or group in it
	Job        string      `json:"job"`        // ID of the job
	Label      string      `json:"label"`      // the label or group that tells
	SelfHosted bool        `json:"selfHosted"` // the label says so; else it is one that GitHub does not have itself
	Event      string      `json:"event"`      // the outsiders' event that reaches the job; "" where there is none
	Protection Protection  `json:"protection"` // what stands between an outsider and the job
}

// outsideEvents are what an outsider can cause, the one that brings their code along first.
var outsideEvents = []string{
	"pull_request", "pull_request_target", "issue_comment", "workflow_run", "issues", "discussion", "discussion_comment",
	"pull_request_review", "pull_request_review_comment", "commit_comment", "gollum", "fork", "watch",
}

// runners lists the jobs that run elsewhere than on GitHub's own machines, as far as the workflow says where.
func (w *Workflow) runners() []Runner {
	found := []Runner{}
	if w.IsAction {
		return found
	}
	for i := range w.Jobs {
		job := &w.Jobs[i]
		for _, l := range w.runnerLabels(job) {
			name := strings.ToLower(l.label)
			own := name == "self-hosted"
			if !own && (l.label == "" || strings.Contains(name, "$") || isHostedLabel(name)) {
				continue
			}
			event, guard := w.reached(job, &Step{}, w.eventNames(), outsideEvents...)
			found = append(found, Runner{
				Path: l.path, Text: l.label, Job: job.ID, Label: l.label, SelfHosted: own,
				Event: event, Protection: guard.protection(),
			})
			break // one label is enough to tell of the job
		}
	}
	return found
}

// hostedPrefixes begin the labels of GitHub's own machines. Source: "GitHub-hosted runners reference" of GitHub's documentation.
var hostedPrefixes = []string{"ubuntu-", "windows-", "macos-"}

func isHostedLabel(name string) bool {
	return slices.ContainsFunc(hostedPrefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}

// runnerLabel is a label or group that a job asks for.
type runnerLabel struct {
	label string
	path  source.Path // of the scalar that holds it
}

// runnerLabels reads runs-on in all its forms, "self-hosted" before the others.
func (w *Workflow) runnerLabels(job *Job) []runnerLabel {
	raw, path := object(job.value)["runs-on"], job.Path.Append("runs-on")
	var out []runnerLabel
	switch v := raw.(type) {
	case map[string]any:
		out = append(w.labelsOf(job, v["labels"], path.Append("labels")), w.labelsOf(job, v["group"], path.Append("group"))...)
	default:
		out = w.labelsOf(job, v, path)
	}
	slices.SortStableFunc(out, func(a, b runnerLabel) int { return ownFirst(a.label) - ownFirst(b.label) })
	return out
}

func ownFirst(label string) int {
	if strings.EqualFold(label, "self-hosted") {
		return 0
	}
	return 1
}

func (w *Workflow) labelsOf(job *Job, value any, path source.Path) []runnerLabel {
	if list, ok := value.([]any); ok {
		var out []runnerLabel
		for i, item := range list {
			out = append(out, w.labelsOf(job, text(item), path.Append(i))...)
		}
		return out
	}
	label := text(value)
	expressions := expression.Find(label)
	if len(expressions) == 0 {
		return []runnerLabel{{label, path}}
	}
	if len(expressions) != 1 || expressions[0].Text != strings.TrimSpace(label) {
		return nil // put together from parts
	}
	return w.labelsOfNode(job, expressions[0].Root, path)
}

// labelsOfNode lists the labels that an expression may yield: literals, a matrix's values, an input's default.
func (w *Workflow) labelsOfNode(job *Job, n *expression.Node, path source.Path) []runnerLabel {
	if n == nil {
		return nil
	}
	switch {
	case n.Kind == expression.Literal:
		return []runnerLabel{{n.Name, path}}
	case n.Kind == expression.Operator && n.Name == "||":
		return append(w.labelsOfNode(job, n.Args[0], path), w.labelsOfNode(job, n.Args[1], path)...)
	case n.Kind == expression.Operator && n.Name == "&&":
		return w.labelsOfNode(job, n.Args[1], path)
	case n.Kind == expression.Call && n.Name == "fromjson" && len(n.Args) == 1:
		return w.labelsFromJSON(job, n.Args[0], path)
	case n.Kind == expression.Context && n.Path[0] == "matrix" && len(n.Path) > 1:
		return w.matrixLabels(job, n.Path[1:])
	case n.Kind == expression.Context && n.Path[0] == "inputs" && len(n.Path) == 2:
		if given := text(object(w.Inputs[n.Path[1]])["default"]); given != "" {
			return []runnerLabel{{given, path}}
		}
	}
	return nil
}

func (w *Workflow) labelsFromJSON(job *Job, n *expression.Node, path source.Path) []runnerLabel {
	var out []runnerLabel
	for _, l := range w.labelsOfNode(job, n, path) {
		var list []string
		if json.Unmarshal([]byte(l.label), &list) != nil {
			list = []string{strings.Trim(l.label, `"`)}
		}
		for _, label := range list {
			out = append(out, runnerLabel{label, l.path})
		}
	}
	return out
}

// matrixLabels lists what a member of the matrix is set to: matrix.os, or matrix.target.os of each target.
func (w *Workflow) matrixLabels(job *Job, steps []string) []runnerLabel {
	matrix := object(object(object(job.value)["strategy"])["matrix"])
	at := job.Path.Append("strategy", "matrix")
	var out []runnerLabel
	add := func(value any, path source.Path) {
		for _, step := range steps[1:] {
			value, path = object(value)[step], path.Append(step)
		}
		if s := text(value); s != "" && len(expression.Find(s)) == 0 {
			out = append(out, runnerLabel{s, path})
		}
		if list, ok := value.([]any); ok {
			for i, item := range list {
				out = append(out, runnerLabel{text(item), path.Append(i)})
			}
		}
	}
	values, _ := matrix[steps[0]].([]any)
	for i, value := range values {
		add(value, at.Append(steps[0], i))
	}
	include, _ := matrix["include"].([]any)
	for i, item := range include {
		if value, set := object(item)[steps[0]]; set {
			add(value, at.Append("include", i, steps[0]))
		}
	}
	return out
}
