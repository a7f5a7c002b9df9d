// Package workflow reads GitHub workflows and actions into a typed model and establishes the facts that rules judge:
// what the token may do, which text from outside reaches a shell, which checkout brings in code that is then run.
//
// The model is tolerant. A value of the wrong type reads as absent, keys it does not know are passed over, so that a
// workflow written in next year's syntax still gets judged by what is known of it.
package workflow

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Workflow is a workflow or an action.
type Workflow struct {
	IsAction    bool
	Using       string // of an action: "composite", "docker", "node24", …
	Name        string
	Events      []Event // of a workflow, sorted by name
	Permissions Grant
	CacheMode   string // "read", "write", "write-only" or "none"; "" where it is left to the event
	Env         Env
	Inputs      map[string]any // of workflow_call or of the action, as written
	Jobs        []Job          // sorted by ID; a composite action has one, which holds its steps

	doc            *source.Document
	file           string                 // path in the repository
	textOf         func(source.Path) byte // the byte that a scalar begins with in the text: its style
	on             map[string]any         // of a workflow, where it is a map
	outputs        map[string]any         // of an action or of workflow_call, as written
	dispatchInputs map[string]any         // of workflow_dispatch, as written

	// What was worked out about jobs, by ID: a hostile workflow has thousands of steps that ask for the same.
	guards memo[Guard] // what must hold before they run
	holds  memo[bool]  // whether they are privileged
}

// Event is one trigger of a workflow.
type Event struct {
	Name  string      `json:"name"`
	Path  source.Path `json:"path"`
	Types []string    `json:"types,omitempty"` // the kinds of activity that it is limited to; none are its default ones
}

// Job is one job, or the steps of a composite action.
type Job struct {
	ID          string
	Path        source.Path
	If          string
	Needs       []string
	Permissions Grant
	CacheMode   string         // its own; "" where it has the workflow's
	Environment bool           // the job names a deployment environment, which may ask for approval
	Uses        string         // of a job that calls a reusable workflow
	With        map[string]any // the inputs of that workflow
	Outputs     map[string]any
	Env         Env
	Shell       string // default of the job's steps, "" where none is set
	Directory   string // default working directory
	Steps       []Step // nested parallel steps stand in their place

	value   any
	checked int // index of the first step that checks the actor's permission; len(Steps) where none does
}

// Step is one step of a job or a composite action.
type Step struct {
	Path      source.Path
	ID        string
	Name      string
	If        string
	Uses      string
	Run       string
	Shell     string // the step's own, or its job's
	Directory string
	With      map[string]any
	Env       Env
	// ContinueOnError: the job goes on, and is green, although the step fails. An expression counts as false.
	ContinueOnError bool

	index        int    // in the job's Steps
	windows      bool   // it runs on Windows alone, where a script without a shell is PowerShell's
	ownShell     string // as the step itself says
	ownDirectory string
	script       stepScript
}

// Env is the value of one `env:`.
type Env map[string]any

// Input gives an input of the action that the step uses, and its path; "" where it is not set. Names of inputs are not case-sensitive.
func (s *Step) Input(name string) (string, source.Path) {
	for _, key := range sortedKeys(s.With) {
		if strings.EqualFold(key, name) {
			return text(s.With[key]), s.Path.Append("with", key)
		}
	}
	return "", nil
}

// Text gives a variable by its name in any case, expressions as they are written; false where it is not set.
func (e Env) Text(name string) (string, bool) {
	for _, key := range sortedKeys(e) {
		if strings.EqualFold(key, name) {
			return text(e[key]), true
		}
	}
	return "", false
}

// Action is the owner/repo[/path] that the step uses, in lower case and without its version.
func (s *Step) Action() string {
	return strings.ToLower(refs.ActionName(s.Uses))
}

// Default gives what an input of the action is when nobody sets it, expressions as they are written; false where that is
// nothing. Names of inputs are not case-sensitive.
func (w *Workflow) Default(name string) (string, bool) {
	for _, key := range sortedKeys(w.Inputs) {
		if strings.EqualFold(key, name) {
			value, ok := object(w.Inputs[key])["default"]
			return text(value), ok
		}
	}
	return "", false
}

// Called reports whether other workflows can call the workflow.
func (w *Workflow) Called() bool {
	return slices.ContainsFunc(w.Events, func(e Event) bool { return e.Name == eventWorkflowCall })
}

// Of reads a document; nil where it is neither a workflow nor an action.
func Of(doc *source.Document) *Workflow {
	top := object(doc.Value)
	if top == nil {
		return nil
	}
	var w *Workflow
	switch doc.Kind {
	case source.Workflow:
		w = workflowOf(top)
	case source.Action:
		w = actionOf(top)
	default:
		return nil
	}
	w.doc = doc
	w.file, w.textOf = doc.File.Path, func(p source.Path) byte { return firstByte(doc, p) }
	for i := range w.Jobs {
		windows := w.onlyWindows(&w.Jobs[i])
		for j := range w.Jobs[i].Steps {
			w.Jobs[i].Steps[j].windows = windows
		}
	}
	w.readScripts()
	return w
}

func workflowOf(top map[string]any) *Workflow {
	w := &Workflow{
		Name:        text(top["name"]),
		Events:      events(top["on"]),
		Permissions: grantOf(top, nil),
		CacheMode:   text(top["cache-mode"]),
		Env:         object(top["env"]),
		Inputs:      object(object(object(top["on"])[eventWorkflowCall])["inputs"]),

		on:             object(top["on"]),
		outputs:        object(object(object(top["on"])[eventWorkflowCall])["outputs"]),
		dispatchInputs: object(object(object(top["on"])[eventWorkflowDispatch])["inputs"]),
	}
	shell, dir := defaults(top["defaults"], "", "")
	jobs := object(top["jobs"])
	for _, id := range sortedKeys(jobs) {
		w.Jobs = append(w.Jobs, jobOf(id, jobs[id], shell, dir))
	}
	return w
}

func actionOf(top map[string]any) *Workflow {
	runs := object(top["runs"])
	w := &Workflow{IsAction: true, outputs: object(top["outputs"]), Events: []Event{}, Name: text(top["name"]), Using: strings.ToLower(text(runs["using"])), Inputs: object(top["inputs"])}
	if _, composite := runs["steps"]; composite {
		path := source.Path{"runs"}
		w.Jobs = []Job{{
			Path:        path,
			Permissions: Grant{Kind: GrantAbsent},
			Steps:       stepsOf(runs["steps"], path.Append("steps"), "", "", 0),
			value:       runs,
		}}
		w.Jobs[0].number()
	}
	return w
}

func jobOf(id string, value any, shell, dir string) Job {
	job, path := object(value), source.Path{"jobs", id}
	shell, dir = defaults(job["defaults"], shell, dir)
	out := Job{
		ID:          id,
		Path:        path,
		If:          text(job["if"]),
		Needs:       texts(job["needs"]),
		Permissions: grantOf(job, path),
		CacheMode:   text(job["cache-mode"]),
		Environment: job["environment"] != nil,
		Uses:        text(job["uses"]),
		With:        object(job["with"]),
		Outputs:     object(job["outputs"]),
		Env:         object(job["env"]),
		Shell:       shell,
		Directory:   dir,
		Steps:       stepsOf(job["steps"], path.Append("steps"), shell, dir, 0),
		value:       value,
	}
	out.number()
	return out
}

// number tells the steps their places, and finds the first that checks who is acting.
func (j *Job) number() {
	j.checked = len(j.Steps)
	for i := range j.Steps {
		j.Steps[i].index = i
		if j.checked > i && j.Steps[i].checksPermission() {
			j.checked = i
		}
	}
}

// maxParallel bounds how deeply parallel steps may stand in each other.
const maxParallel = 10

func stepsOf(value any, path source.Path, shell, dir string, depth int) []Step {
	list, _ := value.([]any)
	var steps []Step
	for i, item := range list {
		step, at := object(item), path.Append(i)
		if nested, ok := step["parallel"]; ok && depth < maxParallel {
			at = at.Append("parallel")
			if group := object(nested); group != nil {
				nested, at = group["steps"], at.Append("steps")
			}
			steps = append(steps, stepsOf(nested, at, shell, dir, depth+1)...)
			continue
		}
		if step == nil {
			continue
		}
		s := Step{
			Path: at, ID: text(step["id"]), Name: text(step["name"]), If: text(step["if"]), Uses: text(step["uses"]), Run: text(step["run"]),
			Shell: shell, Directory: dir, With: object(step["with"]), Env: object(step["env"]),
			ContinueOnError: step["continue-on-error"] == true,
		}
		if own := text(step["shell"]); own != "" {
			s.Shell, s.ownShell = own, own
		}
		if own := text(step["working-directory"]); own != "" {
			s.Directory, s.ownDirectory = own, own
		}
		steps = append(steps, s)
	}
	return steps
}

// events reads `on:` in its three forms.
func events(value any) []Event {
	list := []Event{}
	path := source.Path{"on"}
	switch on := value.(type) {
	case string:
		list = append(list, Event{Name: on, Path: path})
	case []any:
		for i, item := range on {
			list = append(list, Event{Name: text(item), Path: path.Append(i)})
		}
	case map[string]any:
		for _, name := range sortedKeys(on) {
			list = append(list, Event{name, path.Append(name), texts(object(on[name])["types"])})
		}
	}
	slices.SortStableFunc(list, func(a, b Event) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func defaults(value any, shell, dir string) (string, string) {
	run := object(object(value)["run"])
	if own := text(run["shell"]); own != "" {
		shell = own
	}
	if own := text(run["working-directory"]); own != "" {
		dir = own
	}
	return shell, dir
}

func object(value any) map[string]any {
	m, _ := value.(map[string]any)
	return m
}

// text gives a scalar as text, and "" for what is none.
func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case nil, map[string]any, []any:
		return ""
	default:
		return fmt.Sprint(v)
	}
}

// texts gives a list of scalars, or one scalar, as a list.
func texts(value any) []string {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	var out []string
	for _, item := range list {
		if s := text(item); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// set is a table of words.
func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// memo remembers what was worked out, by a key. It may be used at the same time; what is worked out twice is the same.
type memo[V any] struct{ known sync.Map }

func (m *memo[V]) get(key string) (V, bool) {
	v, ok := m.known.Load(key)
	if !ok {
		var none V
		return none, false
	}
	return v.(V), true
}

func (m *memo[V]) set(key string, v V) { m.known.Store(key, v) }

// firstByte is the first byte of a value as it is written: a quote, "|" or ">" of a block, or of the value itself; 0 where
// it is not known.
func firstByte(doc *source.Document, path source.Path) byte {
	key, found := doc.KeySpan(path)
	if !found {
		return 0
	}
	rest := strings.TrimLeft(string(doc.File.Data[key.End.Offset:min(key.End.Offset+20, len(doc.File.Data))]), ": ")
	if rest == "" {
		return 0
	}
	return rest[0]
}
