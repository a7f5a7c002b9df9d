package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// relay is an action that puts out text which it is given: changed, cut or looked through, and still its writer's.
type relay struct {
	inputs  []string // in lower case
	outputs []string // in lower case; nil for any
}

// relays are kept from each action's own action.yml.
var relays = map[string]relay{
	"actions-ecosystem/action-regex-match":    {inputs: []string{"text"}},
	"ashley-taylor/read-json-property-action": {inputs: []string{"json"}, outputs: []string{"value"}},
	"ashley-taylor/regex-property-action":     {inputs: []string{"value", "replacement"}, outputs: []string{"value"}},
	"aszc/change-string-case-action":          {inputs: []string{"string"}},
	"frabert/replace-string-action":           {inputs: []string{"string", "replace-with"}, outputs: []string{"replaced"}},
	"haya14busa/action-cond":                  {inputs: []string{"if_true", "if_false"}, outputs: []string{"value"}},
	"jungwinter/split":                        {inputs: []string{"msg"}},
	"kaisugi/action-regex-match":              {inputs: []string{"text"}},
	"mad9000/actions-find-and-replace-string": {inputs: []string{"source", "replace"}, outputs: []string{"value"}},
	"winterjung/split":                        {inputs: []string{"msg"}},
}

// readers put out what a file holds; by the input that names it.
var readers = map[string]relay{
	"andstor/file-reader-action":            {inputs: []string{"path"}, outputs: []string{"contents"}},
	"jaywcjlove/github-action-read-file":    {inputs: []string{"path"}, outputs: []string{"content"}},
	"juliangruber/read-file-action":         {inputs: []string{"path"}, outputs: []string{"content"}},
	"komorebitech/read-files-action":        {inputs: []string{"files"}},
	"madhead/read-java-properties":          {inputs: []string{"file"}},
	"notiz-dev/github-action-json-property": {inputs: []string{"path"}, outputs: []string{"prop"}},
	"sebrollen/toml-action":                 {inputs: []string{"file"}, outputs: []string{"value"}},
}

func (r relay) gives(output string) bool {
	return r.outputs == nil || slices.Contains(r.outputs, output)
}

// relayed follows an output of an action to what the step gives it, or to the file that it reads.
func (s scope) relayed(name string) []origin {
	action := s.step.Action()
	var found []origin
	if r, known := relays[action]; known && r.gives(name) {
		for _, input := range r.inputs {
			value, at := s.step.Input(input)
			d := definition{value: value, path: at, message: "handed on by " + action, unclear: true}
			for _, o := range s.follow(d) {
				found = s.add(found, o)
			}
		}
	}
	if r, known := readers[action]; known && r.gives(name) {
		file, at := s.step.Input(r.inputs[0])
		for _, o := range s.fileOrigins(shell.Piece{File: shell.InDir("", file)}) {
			found = s.add(found, o.through(Place{File: s.file, Path: at, Message: "read here"}))
		}
	}
	return found
}

// answerRoutes are ends of routes whose answers hold no text of outsiders.
var answerRoutes = []string{"/assignees", "/labels", "/lock", "/merge", "/requested_reviewers"}

// asksRoute reports whether a route of the API answers with pull requests or issues.
func asksRoute(route string) bool {
	method, path, spaced := strings.Cut(strings.TrimSpace(route), " ")
	if !spaced {
		method, path = "GET", method
	}
	path, _, _ = strings.Cut(path, "?")
	return strings.EqualFold(method, "GET") && (strings.Contains(path, "/pulls") || strings.Contains(path, "/issues")) &&
		!slices.ContainsFunc(answerRoutes, func(end string) bool { return strings.HasSuffix(path, end) })
}

// wholeAnswer is the API's answer about pull requests or issues, as JSON, that octokit/request-action puts out: titles,
// texts and branches are in it.
func (s scope) wholeAnswer(id, output string) []origin {
	for i := range s.job.Steps[:min(s.step.index, len(s.job.Steps))] {
		step := &s.job.Steps[i]
		if !strings.EqualFold(step.ID, id) || output != "data" || step.Action() != "octokit/request-action" {
			continue
		}
		if at := step.asksAPI(); at != nil {
			return s.answered(step, at, &untrusted{path: []string{"what the API answers with"}, events: answerEvents})
		}
	}
	return nil
}

// answered is the origin of a text that a step asked the API for.
func (s scope) answered(step *Step, at source.Path, u *untrusted) []origin {
	found := s.outside(u, Place{File: s.file, Path: at, Message: "asked for here"})
	return guarded(found, s.workflow.guardOfStep(s.job, step))
}
