package workflow

import (
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Place is a station on the way that text takes from where it comes in to where it does harm. A rule can hand it on as
// a related place.
type Place struct {
	File    string      `json:"file,omitempty"` // another file of the repository; "" for the document itself
	Path    source.Path `json:"path"`
	Text    string      `json:"text,omitempty"` // the part of the scalar at Path; "" for all of it
	Message string      `json:"msg"`
}

// origin is text from outside that an expression can yield. Whether it does depends on the event, which judge decides.
type origin struct {
	context string          // github.event.issue.title, inputs.name
	source  *untrusted      // nil for an input, of which the caller decides
	lines   bool            // the text can hold line breaks when it arrives
	guard   Guard           // what must hold for the steps that hand it on
	events  map[string]bool // those whose runs can have it; workflow_call where a caller unknown decides
	way     []Place         // from the source on
	// privileged: the job of a caller, in which this runs, may write with its token or reads secrets.
	privileged bool
	unclear    bool // a tool or action on the way may have made it harmless
}

// Bounds of what is followed: definitions behind each other, definitions in all, accesses, and origins of one definition.
const (
	maxFollowed = 8
	maxTraced   = 2000
	maxLookups  = 500_000
	maxOrigins  = 30
)

// tracer follows text through a document and what it calls.
type tracer struct {
	repo    *Repository
	known   map[string][]origin // by definition; nil while it is being followed
	scripts map[*Step]*shell.Flow
	left    int // how many more definitions are followed
	lookups int // how many more accesses are, and writes to GITHUB_ENV looked at
	limits  []Limit
	met     map[string]bool // the limits, by place and bound
}

func newTracer(repo *Repository) *tracer {
	if repo == nil {
		repo = NewRepository(nil)
	}
	return &tracer{repo: repo, known: map[string][]origin{}, scripts: map[*Step]*shell.Flow{}, met: map[string]bool{}, left: maxTraced, lookups: maxLookups}
}

// scope is where an expression stands: it decides what env.X, steps.X and inputs.X mean.
type scope struct {
	tracer   *tracer
	file     string // "" for the document that is judged
	workflow *Workflow
	job      *Job
	step     *Step // its index bounds which steps came before
	call     *call // how the file was entered, when a caller was followed into it; else nil
	depth    int   // of definitions followed
}

// call is a `uses:` of a local action or workflow that was followed into its file.
type call struct {
	from scope
	with map[string]any
	path source.Path // of the `with`
}

// key tells the calls apart.
func (c *call) key() string {
	if c == nil {
		return ""
	}
	return c.from.call.key() + c.from.file + "|" + c.path.String() + ">"
}

// origins lists the texts from outside that an expression can yield.
func (s scope) origins(n *expression.Node) []origin {
	var found []origin
	for _, l := range n.Leaves() {
		for _, o := range s.leafOrigins(l) {
			o.lines = o.lines && !l.JSON // JSON writes a line break as \n
			found = s.add(found, o)
		}
	}
	return found
}

// add keeps one way for each text.
func (s scope) add(list []origin, o origin) []origin {
	same := func(known origin) bool { return known.context == o.context && maps.Equal(known.events, o.events) }
	alike := func(known origin) bool { // the same people decide
		return maps.Equal(known.events, o.events) && (known.source == nil) == (o.source == nil) && known.unclear == o.unclear
	}
	switch {
	case slices.ContainsFunc(list, same):
		return list
	case len(list) < maxOrigins:
		return append(list, o)
	case !slices.ContainsFunc(list, alike):
		s.stopped(tooMixed)
	}
	return list
}

func (s scope) leafOrigins(l expression.Leaf) []origin {
	if s.tracer.lookups--; s.tracer.lookups < 0 {
		s.stopped(tooMany)
		return nil
	}
	switch path := l.Path; {
	case path[0] == "github":
		return s.contextOrigins(l)
	case path[0] == "inputs" && len(path) == 2:
		return s.inputOrigins(path[1])
	case path[0] == "env" && len(path) == 2:
		return s.envOrigins(path[1], true)
	case path[0] == "steps" && len(path) >= 4 && path[2] == "outputs":
		if found := s.stepOrigins(path[1], path[3]); len(found) > 0 || len(l.Taken) == 0 {
			return found
		}
		return s.answeredOrigins(path[1], strings.Join(l.Taken, "."))
	case (path[0] == "needs" || path[0] == "jobs") && len(path) >= 4 && path[2] == "outputs":
		return s.jobOrigins(path[1], path[3])
	case path[0] == "matrix":
		return s.matrixOrigins(l)
	}
	return nil
}

// contextOrigins gives the untrusted texts within a context that the workflow's triggers, or those of its callers, may carry.
func (s scope) contextOrigins(l expression.Leaf) []origin {
	root := s.root()
	var found []origin
	for i := range untrustedContexts {
		u := &untrustedContexts[i]
		if !u.shownBy(l) || !root.workflow.takesDispatched(l) {
			continue
		}
		o := origin{context: u.seenAs(l), source: u, lines: u.lines}
		if o.events = root.workflow.carriers(u); len(o.events) > 0 {
			found = append(found, o)
		}
		for _, c := range root.callers() {
			o.privileged = c.from.workflow.privileged(c.from.job)
			if o.events, o.guard = c.from.workflow.carriers(u), c.guard(); len(o.events) > 0 {
				o.way = []Place{{File: c.from.file, Path: c.path[:len(c.path)-1].Append("uses"), Message: "called here"}}
				found = append(found, o)
			}
		}
	}
	return found
}

// root is where the run starts: the outermost file from which calls were followed.
func (s scope) root() scope {
	for s.call != nil {
		s = s.call.from
	}
	return s
}

// definition is a scalar that gives a name its value.
type definition struct {
	value   string
	path    source.Path
	message string // of its place
	unclear bool
}

// follow gives the origins of a definition that stands in the scope.
func (s scope) follow(d definition) []origin {
	key := s.call.key() + s.file + "|" + d.path.String()
	if known, ok := s.tracer.known[key]; ok {
		return known
	}
	expressions := expression.Find(d.value)
	switch {
	case len(expressions) == 0:
		return nil
	case s.depth >= maxFollowed:
		s.stopped(tooDeep)
		return nil
	case s.tracer.left <= 0:
		s.stopped(tooMany)
		return nil
	}
	s.depth++
	s.tracer.left--
	s.tracer.known[key] = nil // a definition that leads back to itself adds nothing
	var found []origin
	for _, e := range expressions {
		for _, o := range s.origins(e.Root) {
			o.unclear = o.unclear || d.unclear
			found = s.add(found, o.through(Place{File: s.file, Path: d.path, Text: e.Text, Message: d.message}))
		}
	}
	s.tracer.known[key] = found
	return found
}

// through adds a place to the way.
func (o origin) through(p Place) origin {
	o.way = append(slices.Clip(o.way), p)
	return o
}

// envOrigins follows env.NAME: what the step sets, what steps before it wrote to GITHUB_ENV, what the job and the
// workflow set. Names of variables are not case-sensitive in an expression; a shell tells them apart.
func (s scope) envOrigins(name string, fold bool) []origin {
	is := func(key string) bool { return key == name || fold && strings.EqualFold(key, name) }
	set := func(env Env, at source.Path) ([]origin, bool) {
		for _, key := range sortedKeys(env) {
			if is(key) {
				d := definition{value: text(env[key]), path: at.Append("env", key), message: "set here as env." + key}
				return s.follow(d), true
			}
		}
		return nil, false
	}
	if found, ok := set(s.step.Env, s.step.Path); ok {
		return found
	}
	if found := s.exported(is); found != nil {
		return found
	}
	if found, ok := set(s.job.Env, s.job.Path); ok {
		return found
	}
	found, _ := set(s.workflow.Env, nil)
	return found
}

// exported gives what steps before this one wrote to GITHUB_ENV under a name.
func (s scope) exported(is func(string) bool) []origin {
	var found []origin
	for i := range s.job.Steps[:min(s.step.index, len(s.job.Steps))] {
		step := &s.job.Steps[i]
		s.tracer.lookups--
		for _, w := range s.tracer.script(step).Written {
			if s.tracer.lookups--; s.tracer.lookups < 0 {
				s.stopped(tooMany)
				return found
			}
			if w.File == shell.FileEnv && is(w.Name) {
				found = append(found, s.at(step).writeOrigins(w, "written here to GITHUB_ENV as "+w.Name)...)
			}
		}
	}
	return found
}

// stepOrigins follows steps.ID.outputs.NAME.
func (s scope) stepOrigins(id, name string) []origin {
	for i := range s.job.Steps {
		if step := &s.job.Steps[i]; strings.EqualFold(step.ID, id) {
			return s.at(step).outputOrigins(name)
		}
	}
	return nil
}

// at is the scope of another step of the job.
func (s scope) at(step *Step) scope {
	s.step = step
	return s
}

// jobOrigins follows needs.ID.outputs.NAME, where the job sets it or calls a workflow of this repository that does.
func (s scope) jobOrigins(id, name string) []origin {
	for i := range s.workflow.Jobs {
		job := &s.workflow.Jobs[i]
		if !strings.EqualFold(job.ID, id) {
			continue
		}
		s.job, s.step = job, job.end()
		if job.Uses != "" {
			return s.calledOutput(job.Uses, object(object(job.value)["with"]), job.Path.Append("with"), name)
		}
		for _, key := range sortedKeys(job.Outputs) {
			if strings.EqualFold(key, name) {
				found := s.follow(definition{value: text(job.Outputs[key]), path: job.Path.Append("outputs", key), message: "put out here by the job " + job.ID})
				return guarded(found, s.workflow.guardOfStep(job, s.step))
			}
		}
	}
	return nil
}

// end is a step behind all others.
func (j *Job) end() *Step { return &Step{index: len(j.Steps)} }

func guarded(list []origin, g Guard) []origin {
	out := slices.Clone(list)
	for i := range out {
		out[i].guard = out[i].guard.and(g)
	}
	return out
}

// matrixOrigins follows matrix.NAME to the values in the job's strategy; those that are written out are nobody's.
func (s scope) matrixOrigins(l expression.Leaf) []origin {
	path := s.job.Path.Append("strategy", "matrix")
	matrix := object(object(s.job.value)["strategy"])["matrix"]
	if m := object(matrix); m != nil && len(l.Path) > 1 {
		var found []origin
		for _, key := range sortedKeys(m) {
			if strings.EqualFold(key, l.Path[1]) {
				found = append(found, s.within(m[key], path.Append(key), 0)...)
			}
		}
		return append(found, s.includedOrigins(m["include"], path.Append("include"), l.Path[1])...)
	}
	return s.within(matrix, path, 0)
}

// includedOrigins follows one name through the combinations that a matrix includes.
func (s scope) includedOrigins(value any, path source.Path, name string) []origin {
	list, is := value.([]any)
	if !is {
		return s.within(value, path, 0)
	}
	var found []origin
	for i, item := range list {
		m := object(item)
		for _, key := range sortedKeys(m) {
			if strings.EqualFold(key, name) {
				found = append(found, s.within(m[key], path.Append(i, key), 0)...)
			}
		}
	}
	return found
}

// within follows every scalar of a value.
func (s scope) within(value any, path source.Path, depth int) []origin {
	var found []origin
	if depth > maxFollowed {
		s.stopped(tooDeep)
		return nil
	}
	switch v := value.(type) {
	case string:
		return s.follow(definition{value: v, path: path, message: "in the matrix here", unclear: true})
	case []any:
		for i, item := range v {
			found = append(found, s.within(item, path.Append(i), depth+1)...)
		}
	case map[string]any:
		for _, key := range sortedKeys(v) {
			found = append(found, s.within(v[key], path.Append(key), depth+1)...)
		}
	}
	return found
}

// envValue is the value that env.NAME is set to in the workflow's own text; "" where it is not.
func (s scope) envValue(name string) string {
	for _, env := range []Env{s.step.Env, s.job.Env, s.workflow.Env} {
		for _, key := range sortedKeys(env) {
			if strings.EqualFold(key, name) {
				return text(env[key])
			}
		}
	}
	return ""
}

func (w *Workflow) eventNames() map[string]bool {
	names := map[string]bool{}
	for _, e := range w.Events {
		names[e.Name] = true
	}
	return names
}
