package trace

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"strings"
	"text/template"
	"text/template/parse"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
)

// tracer is one rendering of one chart.
type tracer struct {
	block   *block
	later   []*block // texts that templates made at run time and had rendered with tpl
	leaves  *leaves
	idents  [][]string // the steps that a read of a value takes, by the number of the read
	current *recorder
	nesting map[string]int // how often each named template is open
	depth   int            // how many texts are being rendered by tpl, one within the other
	texts   map[*byte]*written
	derived map[*byte][]int32
	frames  []Frame
	sets    [][]int32
	singles map[int32]int32 // sets of one leaf
	causes  []Control
	want    *Want
	parts   []*written
	kept    int  // bytes of parts
	held    int  // bytes of texts
	count   int  // pieces recorded
	full    bool // there were too many
}

// Limits on what one rendering records; a chart that writes more is rendered but not traced to its end.
const (
	maxPieces  = 2_000_000
	maxReads   = 96 // values that one action reads
	maxInclude = 1000
	maxTexts   = 100      // one within the other; the library has no limit, and runs out of stack
	maxHeld    = 64 << 20 // bytes of rendered texts that are known again when a variable hands them on
	maxDerived = 500_000  // values made at run time that are known again
	minPart    = 8        // bytes of a text that is kept for questions
	maxParts   = 16 << 20 // bytes of all of them
	noFrame    = int32(-1)
)

func newTracer() *tracer {
	return &tracer{
		leaves: newLeaves(), nesting: map[string]int{}, texts: map[*byte]*written{}, derived: map[*byte][]int32{},
		singles: map[int32]int32{},
	}
}

// scope is one template and what it sees.
type scope struct {
	values map[string]any
	base   string // the chart's directory of templates, by its name in Helm
}

// metadata is the value of .Chart.
type metadata struct {
	chart.Metadata
	IsRoot bool
}

// collect adds the templates of a chart and its dependencies to a map by their names in Helm.
func collect(c *chart.Chart, into map[string][]byte) {
	for _, f := range c.Templates {
		if renders(c, f) {
			into[path.Join(c.ChartFullPath(), f.Name)] = f.Data
		}
	}
	for _, sub := range c.Dependencies() {
		collect(sub, into)
	}
}

// renders reports whether a file of a chart is a template: of a library only partials are.
func renders(c *chart.Chart, f *chart.File) bool {
	return f != nil && (!strings.EqualFold(c.Metadata.Type, "library") || strings.HasPrefix(path.Base(f.Name), "_"))
}

// view gives each template of a chart and its dependencies its own view of the values.
func (t *tracer) view(c *chart.Chart, top chartutil.Values) map[string]*scope {
	out := map[string]*scope{}
	values, _ := top["Values"].(chartutil.Values)
	release, _ := top["Release"].(map[string]any)
	release = maps.Clone(release)
	t.leaves.nothing(release)
	own := chartutil.Values{"Release": release, "Capabilities": top["Capabilities"], "Values": t.leaves.copyRoot(values)}
	t.scopes(c, out, own)
	return out
}

func (t *tracer) scopes(c *chart.Chart, out map[string]*scope, above chartutil.Values) map[string]any {
	inner := map[string]any{}
	next := map[string]any{
		"Chart":        metadata{*t.leaves.copyMetadata(c), c.IsRoot()},
		"Files":        newFiles(c.Files),
		"Release":      above["Release"],
		"Capabilities": above["Capabilities"],
		"Values":       make(chartutil.Values),
		"Subcharts":    inner,
	}
	t.leaves.nothing(inner)
	t.leaves.nothing(next)
	if c.IsRoot() {
		next["Values"] = above["Values"]
	} else if own, err := above.Table("Values." + c.Name()); err == nil {
		next["Values"] = own
	}
	for _, sub := range c.Dependencies() {
		inner[sub.Name()] = t.scopes(sub, out, next)
	}
	full := c.ChartFullPath()
	for _, f := range c.Templates {
		if renders(c, f) {
			out[path.Join(full, f.Name)] = &scope{values: next, base: path.Join(full, "templates")}
		}
	}
	return next
}

// parse parses all templates, those that have not been parsed yet, and prepares what they parsed to.
func (t *tracer) parse(p *Parser, templates map[string][]byte) (*template.Template, []string, error) {
	root := template.New("gotpl").Option("missingkey=zero")
	root.Funcs(t.funcs(root))
	names := sorted(templates)
	texts := make([][]byte, len(names))
	for i, name := range names {
		texts[i] = templates[name]
	}
	t.block = newBlock(0, names, texts)
	p.wait()
	taken := map[*byte]bool{}
	for i, name := range names {
		trees, err := p.take(name, texts[i], taken)
		if err != nil {
			return nil, nil, err
		}
		source := root.New(name)
		for key, tree := range trees {
			if _, err := source.AddParseTree(key, tree); err != nil {
				return nil, nil, err
			}
		}
	}
	for _, parsed := range root.Templates() {
		t.prepare(parsed.Tree, t.block)
	}
	return root, names, nil
}

func (t *tracer) prepare(tree *parse.Tree, b *block) {
	if tree == nil || tree.Root == nil {
		return
	}
	base, ok := b.bases[tree.ParseName]
	if !ok {
		return
	}
	p := &preparer{tracer: t, block: b, base: base, reads: parse.NewIdentifier(readFunc), dot: &parse.DotNode{NodeType: parse.NodeDot}}
	p.list(tree.Root, -1)
}

// include renders a named template into a string, as Helm's function of that name.
func (t *tracer) include(of *template.Template) func(string, any) (string, error) {
	return func(name string, data any) (string, error) {
		if t.nesting[name] > maxInclude {
			return "", fmt.Errorf("rendering template has a nested reference name: %s: unable to execute template", name)
		}
		t.nesting[name]++
		defer func() { t.nesting[name]-- }()
		r := t.push(t.call())
		err := of.ExecuteTemplate(r, name, data)
		t.unwind(r)
		if err != nil {
			return string(r.buf), err
		}
		return t.keep(r), nil
	}
}

// tpl renders a text as a template, as Helm's function of that name.
func (t *tracer) tpl(parent *template.Template) func(string, any) (string, error) {
	return func(text string, data any) (string, error) {
		if t.depth++; t.depth > maxTexts {
			return "", errDeep
		}
		defer func() { t.depth-- }()
		clone, err := parent.Clone()
		if err != nil {
			return "", err
		}
		clone.Option("missingkey=zero").Funcs(template.FuncMap{"include": t.include(clone), "tpl": t.tpl(clone), templateFunc: t.include(clone)})
		known := map[*parse.Tree]bool{}
		for _, each := range clone.Templates() {
			known[each.Tree] = true
		}
		fresh, err := clone.New(parent.Name()).Parse(text)
		if err != nil {
			return "", err
		}
		b := t.made(parent.Name(), text)
		for _, each := range fresh.Templates() {
			if !known[each.Tree] {
				t.prepare(each.Tree, b)
			}
		}
		r := t.push(t.call())
		err = fresh.Execute(r, data)
		t.unwind(r)
		if err != nil {
			return "", err
		}
		r.buf, r.pieces = r.cleaned()
		return t.keep(r), nil
	}
}

// made is the block of a text that was made at run time.
func (t *tracer) made(name, text string) *block {
	last := t.block
	if len(t.later) > 0 {
		last = t.later[len(t.later)-1]
	}
	b := newBlock(last.start+len(last.bytes), []string{name}, [][]byte{[]byte(text)})
	b.leaf = t.leaves.ofString(text)
	if r := t.current; b.leaf < 0 && r != nil {
		b.reads = t.set(r.taken())
	}
	t.later = append(t.later, b)
	return b
}

// call notes that the action at work calls a template.
func (t *tracer) call() int32 {
	if t.current == nil {
		return noFrame
	}
	t.frames = append(t.frames, Frame{Parent: t.current.frame, Call: t.current.at})
	return int32(len(t.frames) - 1)
}

func (t *tracer) push(frame int32) *recorder {
	r := &recorder{tracer: t, caller: t.current, frame: frame, at: -1, control: -1, floor: -1, exact: -1}
	if t.current != nil {
		r.control = t.current.control
		r.floor = r.control
	}
	t.current = r
	return r
}

// unwind ends a recorder, and those within it that an error cut short.
func (t *tracer) unwind(r *recorder) {
	r.settle()
	t.current = r.caller
}

// keep hands a rendered text to the action that called for it.
func (t *tracer) keep(r *recorder) string {
	text := view(r.buf)
	w := &written{text: text, pieces: r.pieces, reads: r.union}
	if t.current != nil {
		t.current.parts = append(t.current.parts, w)
		if text == "" {
			t.current.note(r.union)
		}
	}
	if p := address(text); p != nil && t.held+len(text) <= maxHeld {
		t.held += len(text)
		t.texts[p] = w
	}
	return text
}

var (
	errRequired = errors.New("a value is required")
	errDeep     = fmt.Errorf("texts are rendered by tpl more than %d levels deep", maxTexts)
)
