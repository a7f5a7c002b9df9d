package causal

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"helm.sh/helm/v3/pkg/chart/loader"

	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Probe tries changes on one unit with one variant. It is for one goroutine.
type Probe struct {
	repo  *Repository
	plain Plain
	base  *Scene
	again *Scene // the same rendered once more: what differs is made up at random
	memo  map[Edit]*Scene
	keys  map[string]*file
	// Renders counts the renderings.
	Renders int
}

// file is what can be changed in a YAML file.
type file struct {
	leaves []Leaf
	keys   [][2]int // bytes of the keys of maps
}

var readsClock = regexp.MustCompile(`\bnow\b|unixEpoch`)

// errTwo says that a repository's second rendering failed where its first did not.
var errTwo = errors.New("it renders only now and then")

// Probe renders a unit with a variant as it is, with what stands in crds/ or without. Its error is the library's.
func (r *Repository) Probe(unit render.Unit, variant render.Variant, whole bool) (*Probe, error) {
	plain := r.Plain(unit, variant)
	if whole {
		plain = r.Whole(unit, variant)
	}
	p := &Probe{repo: r, plain: plain, memo: map[Edit]*Scene{}, keys: map[string]*file{}, Renders: 2}
	var err error
	if p.base, err = plain.Render(); err != nil {
		return nil, err
	}
	if chart, ok := plain.(*plainChart); ok {
		if files, _ := r.chartFiles(chart.root); tellsTime(files) {
			time.Sleep(time.Second) // a clock that shows seconds
		}
		if p.again, err = plain.Render(); err != nil {
			return nil, errTwo
		}
	}
	return p, nil
}

// Find is the object that the plain library rendered for one that the product did.
func (p *Probe) Find(doc *source.Document) (Doc, bool) {
	var found []Doc
	for _, group := range p.base.groups() {
		for _, d := range p.base.Docs(group) {
			if d.Object == doc.Object {
				found = append(found, d)
			}
		}
	}
	for _, d := range found {
		if equal(d.Value, doc.Value) {
			return d, true
		}
	}
	if len(found) == 1 { // it holds what is made up at random
		return found[0], true
	}
	return Doc{}, false
}

// Stable reports whether a scalar is the same each time.
func (p *Probe) Stable(doc Doc, at source.Path) bool {
	if p.again == nil {
		return true
	}
	fate, _ := p.base.fate(doc, at, p.again)
	return fate == Same
}

// render gives what becomes of an edit, nil when it does not render.
func (p *Probe) render(e Edit) *Scene {
	if scene, ok := p.memo[e]; ok {
		return scene
	}
	scene, err := p.plain.Render(e)
	p.Renders++
	if err != nil {
		scene = nil
	} else {
		for group, texts := range scene.Texts { // of most groups nothing changed, and reading costs more than rendering
			if same(texts, p.base.Texts[group]) {
				scene.docs[group] = p.base.Docs(group)
			}
		}
	}
	p.memo[e] = scene
	return scene
}

func same(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Verdict is what an experiment says about a claim.
type Verdict int

// The verdicts.
const (
	Right      Verdict = iota
	Wrong              // the value does not follow the place
	Untestable         // no change of the place that was tried renders
)

// Check tests the claim that what stands at a place makes a scalar what it is, or the text in it. It says what it did.
func (p *Probe) Check(doc Doc, at source.Path, text string, place source.Location) (Verdict, string) {
	edits, whole := p.editsAt(place)
	if len(edits) == 0 {
		return Wrong, "there is no text to change there"
	}
	before, _ := at.Get(doc.Value)
	tried := ""
	for _, e := range edits {
		scene := p.render(e)
		if scene == nil {
			continue
		}
		fate, after := p.base.fate(doc, at, scene)
		old := strings.Trim(string(p.repo.read(e.Path)[place.Span.Start.Offset:place.Span.End.Offset]), `"'`)
		switch {
		case fate == Changed && partChanged(before, after, text):
			return Right, ""
		case fate == Gone && (whole || strings.Contains(fmt.Sprint(before), old)):
			return Right, ""
		}
		tried = fmt.Sprintf("%s gives %s", e, said(fate, after))
	}
	if tried == "" {
		return Untestable, ""
	}
	return Wrong, tried
}

func said(fate Fate, after any) string {
	switch fate {
	case Same:
		return "the same"
	case Gone:
		return "nothing"
	}
	text := fmt.Sprintf("%q", fmt.Sprint(after))
	return text[:min(len(text), 120)]
}

// partChanged reports whether a value changed where a text stood in it: not before it, and not behind it alone.
func partChanged(before, after any, text string) bool {
	old, isText := before.(string)
	is, still := after.(string)
	if !isText || !still || text == "" {
		return true
	}
	head, tail, found := strings.Cut(old, text)
	rest, kept := strings.CutPrefix(is, head)
	return !found || kept && is != old && (strings.HasSuffix(rest, tail) || !strings.HasPrefix(rest, text))
}

// editsAt are changes of what stands at a place, and whether that is a template or the key of all that is below it.
func (p *Probe) editsAt(place source.Location) ([]Edit, bool) {
	data := p.repo.read(place.Path)
	start, end := place.Span.Start.Offset, place.Span.End.Offset
	if start < 0 || end > len(data) || start > end {
		return nil, false
	}
	if _, helm := p.plain.(*plainChart); helm && strings.Contains("/"+place.Path, "/templates/") {
		return templateEdits(place.Path, data, start, end), true
	}
	f := p.file(place.Path)
	for _, l := range f.leaves {
		switch {
		case start == l.Start && (end == l.End || end == start), l.Start == l.End && start == l.Key:
			return l.Edits(data), false
		case start >= l.Start && end <= l.End:
			return within(l, data, start, end), false
		}
	}
	for _, k := range f.keys {
		if start == k[0] && end == k[1] {
			return textEdits(place.Path, data, start, end), true
		}
	}
	return nil, false
}

// within are changes of a part of a scalar.
func within(l Leaf, data []byte, start, end int) []Edit {
	part := bytes.TrimSpace(data[start:end])
	start += bytes.Index(data[start:end], part)
	end = start + len(part)
	if i := bytes.Index(part, []byte(": ")); i >= 0 && end < l.End { // a line of a block
		return append(textEdits(l.File, data, start+i+2, end), Edit{l.File, end, end, "7"})
	}
	if bytes.Contains(part, []byte("{{")) {
		return templateEdits(l.File, data, start, end)
	}
	return textEdits(l.File, data, start, end)
}

func (p *Probe) file(name string) *file {
	f, ok := p.keys[name]
	if !ok {
		data := p.repo.read(name)
		f = &file{leaves: Leaves(name, data), keys: keys(data)}
		p.keys[name] = f
	}
	return f
}

var keyText = regexp.MustCompile(`(?m)^[ \t]*(?:- +)*("[^"\n]*"|'[^'\n]*'|[^\s#"'{}\[\],&*][^:#\n]*?) *:(?:\s|$)`)

// keys are the bytes of the keys that begin a line.
func keys(data []byte) [][2]int {
	var out [][2]int
	for _, m := range keyText.FindAllSubmatchIndex(data, -1) {
		out = append(out, [2]int{m[2], m[3]})
	}
	return out
}

var action = regexp.MustCompile(`\{\{-?(?s:.*?)-?\}\}`)

// templateEdits change the text of a template at a span: what is printed as it stands, or the actions in it.
func templateEdits(name string, data []byte, start, end int) []Edit {
	raw := data[start:end]
	open, closed := bytes.LastIndex(data[:start], []byte("{{")), bytes.LastIndex(data[:start], []byte("}}"))
	if open > closed || !bytes.Contains(raw, []byte("{{")) { // an argument in an action, or plain text
		return textEdits(name, data, start, end)
	}
	at := end
	if c := data[end-1]; c == '"' || c == '\'' {
		at--
	}
	edits := []Edit{{name, at, at, "7"}}
	for _, m := range action.FindAllIndex(raw, -1) {
		edits = append(edits, Edit{name, start + m[1], start + m[1], "7"}, Edit{name, start + m[0], start + m[1], ""})
	}
	return edits
}

// Claim is a place that a trace says to be a cause, exactly.
type Claim struct {
	source.Location
	Primary bool
}

// Part is the part of the scalar that a claim is about: the place to annotate was asked for that part, the other causes
// are of the whole.
func (c Claim) Part(asked string) string {
	if c.Primary {
		return asked
	}
	return ""
}

// Claims are the claims of a trace, its own place first.
func Claims(trace source.Trace) []Claim {
	var out []Claim
	if trace.Span.Exact {
		out = append(out, Claim{trace.Location, true})
	}
	for _, s := range trace.Steps {
		if s.Cause && s.Location.Span.Exact && s.Location != trace.Location {
			out = append(out, Claim{s.Location, false})
		}
	}
	return out
}

// tellsTime reports whether a chart may look at the clock.
func tellsTime(files []*loader.BufferedFile) bool {
	for _, f := range files {
		if strings.Contains(f.Name, "templates/") && readsClock.Match(f.Data) {
			return true
		}
	}
	return false
}
