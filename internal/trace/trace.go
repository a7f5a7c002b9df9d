// Package trace renders a chart as Helm does and learns on the way which byte of which source wrote which byte of the
// output, and which values took part.
//
// Nothing is ever inserted in the text. The sources of all templates lie in one block of memory and the parsed templates
// are made to write slices of that block, so that the address of what is written says where it stands. Before each action
// goes a slice of no length, which costs no output and says which action speaks next. Reads of values pass through
// functions that hand on what they are given and note what it was: a string by the address of its bytes, a map by its own,
// anything else by the map and key that it is read from.
//
// The Helm library renders the chart too, and its bytes are the truth: who calls Render compares them.
package trace

import (
	"fmt"
	"path"
	"sort"
	"strings"
	"text/template"
	"time"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Result is what a chart's templates wrote, and how it came about.
type Result struct {
	Texts  map[string]string // by the template's name in Helm, chart/templates/web.yaml; partials have none
	Errors map[string]error  // templates that failed, which do not keep the others from being rendered
	Wants  map[string]Want   // what a template that failed asked its user for, if that is why
	tracer *tracer
	pieces map[string]Pieces
}

// Want is a call of required or fail that ended a template.
type Want struct {
	Message string
	Path    source.Path // of the value that is required, below the root chart's values; nil when it is not known, and for fail
	Name    string      // the template that asks, by its name in Helm
	Offset  int         // of the call, in bytes from the start of that template
}

// Rendering is a chart that is about to be rendered.
type Rendering struct {
	// Begin is called with the name in Helm of each template before it is rendered, up to the first that fails, and in the
	// end with the one that took longest: where the library is that renders the same. Nil for nobody.
	Begin  func(template string)
	tracer *tracer
	chart  *chart.Chart
	scopes map[string]*scope

	parsed chan struct{} // closed when the rest is there
	root   *template.Template
	names  []string
	err    error
}

// New begins with a chart whose dependencies are processed, and with what a Parser has made of its files; nil for nothing.
// What is left to parse is parsed while the caller goes on.
func New(c *chart.Chart, p *Parser) *Rendering {
	r := &Rendering{tracer: newTracer(), chart: c, parsed: make(chan struct{})}
	texts := map[string][]byte{}
	collect(c, texts)
	go func() {
		defer close(r.parsed)
		defer func() {
			if v := recover(); v != nil {
				r.err = fmt.Errorf("parsing stopped: %v", v)
			}
		}()
		r.root, r.names, r.err = r.tracer.parse(p, texts)
	}()
	return r
}

// With takes the top values that chartutil.ToRenderValues gives. It copies them: templates may change them, those of a
// rendering of the same values by the Helm library too.
func (r *Rendering) With(top chartutil.Values) { r.scopes = r.tracer.view(r.chart, top) }

// Render renders the chart with the values that With was given. It fails when the templates do not parse; a template that
// fails is one of the result's Errors.
func (r *Rendering) Render() (result *Result, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("trace: rendering stopped: %v", v)
		}
	}()
	if <-r.parsed; r.err != nil {
		return nil, fmt.Errorf("trace: %w", r.err)
	}
	t := r.tracer
	result = &Result{Texts: map[string]string{}, Errors: map[string]error{}, Wants: map[string]Want{}, tracer: t, pieces: map[string]Pieces{}}
	slow := slowest{tell: r.Begin}
	for _, name := range r.names {
		if strings.HasPrefix(path.Base(name), "_") {
			continue
		}
		slow.begin(name)
		if text, ok := t.block.verbatim(name); ok {
			result.Texts[name] = text
			result.pieces[name] = Pieces{{At: t.block.bases[name], Frame: noFrame, Reads: -1, Exact: -1, Control: -1, Part: -1, Form: Text}}
			continue
		}
		scope := r.scopes[name]
		scope.values["Template"] = chartutil.Values{"Name": name, "BasePath": scope.base}
		to := t.push(noFrame)
		to.buf = make([]byte, 0, t.block.length(name)*5/4)
		err := r.root.ExecuteTemplate(to, name, scope.values)
		t.current = nil // an error leaves what it passed through open
		if err != nil {
			result.fail(name, err)
			slow.tell = nil
			continue
		}
		to.settle()
		text, pieces := to.cleaned()
		result.Texts[name] = view(text)
		if !t.full {
			result.pieces[name] = pieces
		}
	}
	slow.end()
	return result, nil
}

// slowest tells which template is being rendered, and in the end which took longest.
type slowest struct {
	tell      func(string) // nil for nobody
	name, now string
	took      time.Duration
	since     time.Time
}

func (s *slowest) begin(name string) {
	s.note()
	s.now, s.since = name, time.Now() //nolint:forbidigo // it tells whom to blame, not what is found
	if s.tell != nil {
		s.tell(name)
	}
}

func (s *slowest) note() {
	if took := time.Since(s.since); s.now != "" && took > s.took { //nolint:forbidigo // see begin
		s.name, s.took = s.now, took
	}
}

func (s *slowest) end() {
	s.note()
	if s.tell != nil {
		s.tell(s.name)
	}
}

func (r *Result) fail(name string, err error) {
	r.Errors[name] = err
	if r.tracer.want != nil {
		r.Wants[name] = *r.tracer.want
		r.tracer.want = nil
	}
}

// sorted gives template names in Helm's order: deepest directory first, later names before earlier ones.
func sorted(templates map[string][]byte) []string {
	names := make([]string, 0, len(templates))
	for name := range templates {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		a, b := strings.Count(names[i], "/"), strings.Count(names[j], "/")
		if a == b {
			return names[i] > names[j]
		}
		return a > b
	})
	return names
}
