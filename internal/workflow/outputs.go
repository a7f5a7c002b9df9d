package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
)

// script evaluates the script of a step, once; one without entries where its shell is not known.
func (t *tracer) script(step *Step) *shell.Flow {
	known, ok := t.scripts[step]
	if !ok {
		known = &shell.Flow{}
		if step.Run != "" && step.posix() {
			known = step.shellScript().Flow(shell.InDir("", step.Directory))
		}
		t.scripts[step] = known
	}
	return known
}

// posix reports whether the step's shell is bash or sh.
func (s *Step) posix() bool {
	name := firstWord(s.Shell)
	return slices.Contains([]string{"bash", "sh"}, name) || name == "" && !s.windows
}

// outputOrigins follows an output of the scope's step to what the step writes there.
func (s scope) outputOrigins(name string) []origin {
	step := s.step
	guard := s.workflow.guardOfStep(s.job, step)
	var found []origin
	for _, w := range s.tracer.script(step).Written {
		if w.File == shell.FileOutput && strings.EqualFold(w.Name, name) {
			found = append(found, s.writeOrigins(w, "written here to the output "+w.Name)...)
		}
	}
	if step.Uses != "" {
		found = append(found, s.actionOrigins(name)...)
	}
	return guarded(found, guard)
}

// actionOrigins follows an output of an action: of this repository, of a script that it is given, or one of those that
// are known to hand on what others wrote.
func (s scope) actionOrigins(name string) []origin {
	step := s.step
	if found := s.calledOutput(step.Uses, step.With, step.Path.Append("with"), name); found != nil {
		return found
	}
	if step.Action() == "actions/github-script" {
		return s.javascriptOrigins(name)
	}
	known, ok := outsideOutputs[step.Action()]
	if !ok || !known.holds(step, s.workflow.versionOf(step), name) {
		return nil
	}
	u := &untrusted{path: []string{"the output " + name + " of " + step.Action()}, events: known.events, lines: known.lines}
	found := s.outside(u, Place{File: s.file, Path: step.Path.Append("uses"), Message: "read here from what others wrote"})
	for i := range found {
		found[i].unclear = known.unclear
	}
	return found
}

// outsideOutput says which outputs of an action hold what others wrote, in runs by which events.
type outsideOutput struct {
	names   []string // in lower case; a "*" in front stands for anything
	events  []string
	lines   bool
	unclear bool
	input   string // holds only when this input has one of the values
	values  []string
	before  int // holds of all releases before this major version, which write the text as it is; 0 for no such
}

var (
	ofPulls    = []string{"pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment", "issue_comment"}
	ofComments = []string{"issue_comment", "issues", "pull_request_target", "pull_request", "workflow_run"}
)

// outsideOutputs are actions that are known, by their own documentation, to put out text that others wrote.
var outsideOutputs = map[string]outsideOutput{
	"8bitjonny/gh-get-current-pr":                      {names: []string{"pr_title", "pr_body", "pr"}, events: slices.Concat(ofPulls, ofPush), lines: true},
	"actions-ecosystem/action-get-merged-pull-request": {names: []string{"title", "body"}, events: ofPush, lines: true},
	"alessbell/pull-request-comment-branch":            {names: []string{"head_ref"}, events: []string{"issue_comment"}},
	"dorny/paths-filter":                               {names: []string{"*_files"}, events: slices.Concat(ofHead, ofPush), input: "list-files", values: []string{"csv", "json"}},
	"eficode/resolve-pr-refs":                          {names: []string{"head_ref"}, events: []string{"issue_comment"}},
	"jitterbit/get-changed-files":                      {names: []string{"all", "added", "modified", "deleted", "removed", "renamed", "added_modified"}, events: slices.Concat(ofHead, ofPush)},
	"jwalton/gh-find-current-pr":                       {names: []string{"title", "body"}, events: slices.Concat(ofHead, ofPush), lines: true},
	"peter-evans/find-comment":                         {names: []string{"comment-body"}, events: ofComments, lines: true, unclear: true},
	"potiuk/get-workflow-origin":                       {names: []string{"sourceheadbranch"}, events: slices.Concat(ofRun, ofHead)},
	"tj-actions/branch-names":                          {names: []string{"head_ref_branch", "current_branch"}, events: ofHead, before: 9},
	"tj-actions/changed-files":                         {names: []string{"*_files"}, events: slices.Concat(ofHead, ofPush), input: "safe_output", values: []string{"false"}, before: 41},
	"trilom/file-changes-action":                       {names: []string{"files", "files_added", "files_modified", "files_removed"}, events: slices.Concat(ofHead, ofPush)},
	"xt0rted/pull-request-comment-branch":              {names: []string{"head_ref", "ref"}, events: []string{"issue_comment"}},
}

// holds reports whether the output of a step that uses the action is such text. version is the release, where it is known.
func (o outsideOutput) holds(step *Step, version, name string) bool {
	major, _, known := majorMinor(version)
	if old := known && major < o.before; !old && (o.input != "" || o.before > 0) {
		if value, _ := step.Input(o.input); !slices.Contains(o.values, strings.ToLower(value)) {
			return false
		}
	}
	for _, n := range o.names {
		if suffix, any := strings.CutPrefix(n, "*"); n == name || any && strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

// writeOrigins gives the origins of what a script writes to a file that hands on text.
func (s scope) writeOrigins(w shell.Write, message string) []origin {
	var found []origin
	for _, o := range s.pieceOrigins(w.Value) {
		o.lines = o.lines && (w.Framed || w.Guessed)
		found = s.add(found, o.through(Place{File: s.file, Path: s.step.Path.Append("run"), Text: w.Command, Message: message}))
	}
	return found
}

// pieceOrigins gives the origins of pieces of a text in the script of the scope's step.
func (s scope) pieceOrigins(pieces []shell.Piece) []origin {
	var found []origin
	for _, p := range pieces {
		var list []origin
		switch {
		case p.Expr != nil:
			list = s.origins(p.Expr.Root)
		case p.Env != "":
			list = s.variableOrigins(p.Env)
		case p.Payload != "":
			list = s.leafOrigins(expression.Leaf{Path: strings.Split(p.Payload, ".")})
		case p.Tree != "":
			list = s.treeOrigins(p)
		case p.File != "":
			list = s.fileOrigins(p)
		case p.Answer != "":
			list = s.answerOrigins(p)
		}
		for _, o := range list {
			o.lines, o.unclear = o.lines && !p.Short, o.unclear || p.Unclear
			found = s.add(found, o)
		}
	}
	return found
}

// builtIn are the variables of every run that hold text of others, and the contexts that they stand for.
var builtIn = map[string][]string{
	"GITHUB_HEAD_REF": {"github", "head_ref"},
	"GITHUB_REF_NAME": {"github", "ref_name"},
	"GITHUB_REF":      {"github", "ref"},
}

// variableOrigins follows a variable of the shell.
func (s scope) variableOrigins(name string) []origin {
	if path, is := builtIn[name]; is {
		return s.contextOrigins(expression.Leaf{Path: path})
	}
	return s.envOrigins(name, false)
}

// answerEvents are those in whose runs a script can ask for what outsiders wrote.
var answerEvents = []string{"pull_request_target", "issue_comment", "issues", "workflow_run"}

func (s scope) answerOrigins(p shell.Piece) []origin {
	u := &untrusted{path: []string{"the answer of " + p.Answer}, events: answerEvents, lines: true}
	return s.outside(u, Place{File: s.file, Path: s.step.Path.Append("run"), Text: p.Answer, Message: "asked for here"})
}

// outside is the origin of an untrusted text that a step brings in, where a trigger can carry it.
func (s scope) outside(u *untrusted, at Place) []origin {
	events := s.root().workflow.carriers(u)
	delete(events, eventWorkflowCall) // what starts a caller's run is not known
	if len(events) == 0 {
		return nil
	}
	o := origin{context: u.String(), source: u, lines: u.lines, events: events}
	return []origin{o.through(at)}
}
