package render

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// drafts reads what places of rendered values are found by, each file once. It is safe for concurrent use.
type drafts struct {
	files *files
	mu    sync.Mutex
	read  map[string]*parsedTemplate
	named map[string]map[string]defined // by the directories of the charts
	trees map[string]*source.Document   // values files
}

func newDrafts(files *files) *drafts {
	return &drafts{
		files: files, read: map[string]*parsedTemplate{}, named: map[string]map[string]defined{}, trees: map[string]*source.Document{},
	}
}

// template is a file as a template, or nil.
func (d *drafts) template(file *source.File) *parsedTemplate {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.templateLocked(file)
}

func (d *drafts) templateLocked(file *source.File) *parsedTemplate {
	t, ok := d.read[file.Path]
	if !ok {
		t = parseTemplate(file)
		d.read[file.Path] = t
	}
	return t
}

// values is a values file's document, or nil where it is none.
func (d *drafts) values(name string) *source.Document {
	d.mu.Lock()
	defer d.mu.Unlock()
	doc, ok := d.trees[name]
	if !ok {
		docs, _ := parse.YAML(d.files.get(name, source.ChartFile), source.ChartFile, source.YAML11) // the chart rendered: it is sound
		if len(docs) == 1 {
			doc = docs[0]
		}
		d.trees[name] = doc
	}
	return doc
}

// defined are the named templates of a unit's charts and of the chart that a template belongs to.
func (d *drafts) defined(unit Unit, template *source.File) map[string]defined {
	d.mu.Lock()
	defer d.mu.Unlock()
	roots := []string{unit.Root}
	if own, _, ok := strings.Cut(template.Path, "/templates/"); ok && own != unit.Root && !strings.HasPrefix(own, unit.Root+"/charts/") {
		roots = append(roots, own)
	}
	key := strings.Join(roots, "\n")
	if known, ok := d.named[key]; ok {
		return known
	}
	out := map[string]defined{}
	for _, sibling := range d.libraries(unit) {
		d.helpers(sibling, out)
	}
	for i := range roots {
		d.helpers(roots[len(roots)-1-i], out) // the unit's own last: they win
	}
	d.named[key] = out
	return out
}

// libraries are the directories of the repository's charts that a unit declares to depend on.
func (d *drafts) libraries(unit Unit) []string {
	file := d.files.get(unit.File, source.Chart)
	declared := readDeclarations(chartFile{path: file.Path, data: file.Data})
	var out []string
	for _, s := range unit.siblings {
		if slices.ContainsFunc(declared, func(d declaration) bool { return d.name == s.Name }) && s.Root != unit.Root {
			out = append(out, s.Root)
		}
	}
	return out
}

// helpers adds the named templates that a chart's files, and those of the charts in it, define.
func (d *drafts) helpers(root string, out map[string]defined) {
	tree, err := openTree(d.files.root)
	if err != nil {
		return // nothing is defined: places are those of the includes
	}
	defer tree.close() //nolint:errcheck // only read
	left := maxFiles
	var walk func(dir string, depth int)
	walk = func(dir string, depth int) {
		names, _ := tree.list(dir) // a directory that is not there defines nothing
		for _, name := range names {
			full := path.Join(dir, name)
			if left--; left < 0 || depth > 16 {
				return
			}
			switch {
			case tree.isDir(full) && (depth > 0 || name == "templates" || name == "charts"):
				walk(full, depth+1)
			case depth > 0 && slices.Contains([]string{".tpl", ".yaml", ".yml", ".txt"}, path.Ext(name)):
				d.addDefined(full, out)
			}
		}
	}
	walk(root, 0)
}

func (d *drafts) addDefined(name string, out map[string]defined) {
	file := d.files.get(name, source.ChartFile)
	if !strings.Contains(string(file.Data), "define") {
		return
	}
	if t := d.templateLocked(file); t != nil {
		for name, tree := range t.all {
			if tree != t.main {
				out[name] = defined{in: t, tree: tree}
			}
		}
	}
}

// layer is a file of values, and where in it those of the template's chart stand.
type layer struct {
	doc *source.Document
	at  source.Path
}

// layers are the values files that a template is rendered with, those that win first. Of a chart two levels down not all
// are known, and it has only those that win over the others.
func (p *page) layers() []layer {
	var below source.Path
	chart, _, _ := strings.Cut(p.text.Name, "/templates/")
	for _, name := range strings.Split(chart, "/charts/")[1:] {
		below = below.Append(name)
	}
	var out []layer
	add := func(name string, at source.Path) {
		if doc := p.drafts.values(name); name != "" && doc != nil {
			out = append(out, layer{doc, at})
		}
	}
	for _, layer := range p.variant.Layers {
		add(layer.File, below)
	}
	if len(below) > 0 {
		add(path.Join(p.unit.Root, "values.yaml"), below)
	}
	if len(below) < 2 {
		add(p.text.Values, nil)
	}
	return out
}

// supply is the entry of the values that a path of the template's chart leads to, in the file that wins.
func (p *page) supply(at source.Path) (l layer, full source.Path, value any, ok bool) {
	for _, l := range p.layers() {
		full := append(slices.Clip(l.at), at...)
		if len(at) > 0 && at[0] == "global" {
			full = at
		}
		if value, ok := full.Get(l.doc.Value); ok {
			return l, full, value, true
		}
	}
	return layer{}, nil, nil, false
}

// reads are the entries of the values that the actions of a node's line name.
func (p *page) reads(n *node) []source.Path {
	var out []source.Path
	for at := n.valueAt; at < n.valueAt+len(n.value); at++ {
		if p.sketch.text[at] == hole[0] {
			out = append(out, p.sketch.pieceAt(at).reads...)
		}
	}
	slices.SortFunc(out, func(a, b source.Path) int { return strings.Compare(a.String(), b.String()) })
	return slices.CompactFunc(out, func(a, b source.Path) bool { return a.String() == b.String() })
}

// supplies reports whether the values that an action reads hold what a path leads to in what it writes.
func (p *page) supplies(n *node, rest source.Path) bool {
	return slices.ContainsFunc(p.reads(n), func(read source.Path) bool {
		_, _, _, ok := p.supply(read.Append(rest...))
		return ok
	})
}

const minPart = 3 // bytes of a text that is taken for a part of another one

// valueNotes names the entries of the values that the line of a node reads and that are in the value it writes.
func (p *page) valueNotes(f found, said any) []source.Note {
	var notes []source.Note
	add := func(l layer, at source.Path, value any) {
		message := fmt.Sprintf("the value is set by %s", at)
		if scalarText(value) != scalarText(said) {
			message = "a part of " + message
		}
		notes = append(notes, source.Note{Message: message, Location: l.doc.Locate(at, "").Location})
	}
	for _, read := range p.reads(f.node) {
		l, at, value, ok := p.supply(read.Append(f.rest...))
		switch entries, isMap := value.(map[string]any); {
		case !ok:
		case isMap && len(f.rest) == 0: // such as an image that a helper puts together
			for _, key := range sortedKeys(entries) {
				l, at, value, ok := p.supply(read.Append(key))
				if ok && len(scalarText(value)) >= minPart && takesPart(value, said) {
					add(l, at, value)
				}
			}
		case len(f.rest) > 0 && scalarText(value) == scalarText(said), len(f.rest) == 0 && takesPart(value, said):
			add(l, at, value)
		}
	}
	return notes
}

// takesPart reports whether a value is, or is put into, another one. Of what is no text nothing less than all counts.
func takesPart(value, said any) bool {
	text, whole := scalarText(value), scalarText(said)
	if _, isBool := value.(bool); isBool {
		return text == whole
	}
	return text != "" && strings.Contains(whole, text)
}
