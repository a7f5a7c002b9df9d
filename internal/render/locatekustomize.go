package render

import (
	"fmt"
	"reflect"
	"slices"
	"sort"
	"sync"

	"sigs.k8s.io/kustomize/kyaml/resid"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// resourceLocator tells where the values of one built object come from. What the library read, its spots tell. What it
// wrote anew is sought among all that its kustomizations say, the one that was applied last first, and is believed only
// where it gives the very value that was built.
type resourceLocator struct {
	*Renderer
	unit    Unit
	lineage lineage
	built   *source.Document
	text    text

	once     sync.Once
	spots    *spotted         // nil when nothing is told
	home     place            // the object in its own file; no document when that is not known
	stages   []*kustomization // that the object went through, the last one first
	ids      []resid.ResId    // what it was called on the way; never none
	faithful bool             // the ids are known: the first is that of its file, each stage adds one
}

// place is a value in a document of the repository, or in the text that a chart rendered to.
type place struct {
	doc   *source.Document // tells the places in the repository
	value any              // what the document holds there
	path  source.Path
	in    origin // the text that the document is of
}

func (p place) locate(text string) source.Trace { return p.doc.Locate(p.path, text) }

// Locate implements source.Locator.
func (l *resourceLocator) Locate(path source.Path, text string) source.Trace {
	return l.trace(path, text, 0)
}

// trace locates for an object that copies from this one, as one does from that; depth is how many there are.
func (l *resourceLocator) trace(path source.Path, text string, depth int) source.Trace {
	l.once.Do(l.read)
	value, whole := path.Get(l.built.Value)
	if !whole {
		return l.missing(path)
	}
	key, self := l.traced(path)
	if self.in.Patch && identifies(path) {
		self = place{} // there it only tells what the patch is for
	}
	ask := question{
		resourceLocator: l, path: path, value: value, said: wordOf(value), text: text, key: key, placeholder: self, depth: depth,
	}
	if isScalar(value) && self.doc != nil && same(self.value, value) {
		if trace, ok := ask.overwritten(); ok {
			return trace
		}
		return l.supplied(self, path, text)
	}
	if !isScalar(value) && key.doc != nil {
		return l.supplied(key, path, "")
	}
	if trace, ok := ask.answer(); ok {
		return trace
	}
	if there, ok := l.sameInHome(path, value); ok {
		return l.supplied(there, path, text)
	}
	return l.near(key, path)
}

// identifies reports whether a path is one that tells an object from others.
func identifies(path source.Path) bool {
	switch path.String() {
	case "apiVersion", "kind", "metadata.name", "metadata.namespace":
		return true
	}
	return false
}

func (l *resourceLocator) read() {
	l.spots = spread(l.text.Spots, l.built.Value)
	l.home = l.findHome()
	l.findWay()
}

// traced gives what the spots tell of a value: the place of its key, and its own when it is a scalar. For a value that
// has neither, as an item of a list that is a map, the key is the first place within that is told.
func (l *resourceLocator) traced(path source.Path) (key, self place) {
	t, ok := l.spots.at(path)
	if !ok {
		return place{}, place{}
	}
	key, self = l.open(t.key), l.open(t.self)
	if key.doc == nil && self.doc == nil && len(path) > 0 {
		if _, item := path[len(path)-1].(int); item {
			if first := l.open(t.within()); first.doc != nil && len(first.path) > 0 {
				key = first
				key.path = first.path[:lastIndex(first.path)+1]
			}
		}
	}
	return key, self
}

// lastIndex is where the last index of a list stands in a path, -1 for nowhere.
func lastIndex(path source.Path) int {
	for i, step := range slices.Backward(path) {
		if _, ok := step.(int); ok {
			return i
		}
	}
	return -1
}

// open finds what begins at a spot.
func (l *resourceLocator) open(s spot) place {
	if s.line == 0 {
		return place{}
	}
	i, line := find(l.lineage.Origins, s.line)
	if i < 0 {
		return place{}
	}
	o := l.lineage.Origins[i]
	read, shown := l.documentsOf(o)
	n := sort.Search(len(read), func(i int) bool { return read[i].StartsAfter(line) }) - 1
	if n < 0 || n >= len(shown) {
		return place{}
	}
	path, ok := read[n].PathAt(line, s.column)
	if !ok {
		return place{}
	}
	value, _ := path.Get(read[n].Value)
	return place{doc: shown[n], value: value, path: path, in: o}
}

// documentsOf gives the documents of a text as they stand in it, and the same with their places in the repository.
func (l *resourceLocator) documentsOf(o origin) (read, shown []*source.Document) {
	switch {
	case o.Chart > 0:
		return l.chartDocuments(o)
	case o.At != nil:
		k := l.sources.kustomization(o.File)
		return l.inlineDocuments(k, o.At)
	default:
		docs := l.sources.documents(o.File)
		return docs, docs
	}
}

// key names the text of an origin.
func (o origin) key() textKey { return textKey{o.File, o.At.String(), o.Chart, o.Text} }

// inlineDocuments reads a patch that is written in a kustomization.
func (l *resourceLocator) inlineDocuments(k *kustomization, at source.Path) (read, shown []*source.Document) {
	value, _ := at.Get(k.value)
	text, _ := value.(string)
	if k.doc == nil || text == "" {
		return nil, nil
	}
	t := l.lineage.family.once(textKey{file: k.file.Path, at: at.String()}, func() texted {
		read, _ := parse.YAML(&source.File{Path: k.file.Path, Data: []byte(text)}, source.Manifest, source.YAML11)
		shown, _ := parse.Embedded(k.doc, at, source.Manifest)
		return texted{read, shown}
	})
	return t.read, t.shown
}

// chartDocuments reads what a template of a chart wrote, with places as those of the chart rendered by itself.
func (l *resourceLocator) chartDocuments(o origin) (read, shown []*source.Document) {
	t := l.lineage.family.once(o.key(), func() texted { return l.chartText(l.lineage.Charts[o.Chart-1], o.Text) })
	return t.read, t.shown
}

func (l *resourceLocator) chartText(c chartRun, index int) texted {
	t := c.Reply.Texts[index]
	unit := Unit{Renderer: Helm, Root: c.Root, File: c.File}
	home := l.Renderer.home(unit, t)
	read, _ := parse.YAML(&source.File{Path: home.Path, Kind: source.Manifest, Data: []byte(t.Data)}, source.Manifest, source.YAML11)
	shown := make([]*source.Document, len(read))
	for i, doc := range read {
		d := *doc
		d.File, d.Origin = home, l.built.Origin
		shown[i] = &d
	}
	for i, locator := range l.locators(unit, run{variant: c.Variant, outcome: outcome{reply: c.Reply}}, t, shown) {
		shown[i] = shown[i].WithLocator(locator)
	}
	return texted{read, shown}
}

func isScalar(value any) bool {
	switch value.(type) {
	case map[string]any, []any:
		return false
	}
	return true
}

// same compares a value of a source with one that was built: the library may well make a number of a text.
func same(a, b any) bool {
	return reflect.DeepEqual(a, b) || (isScalar(a) && isScalar(b) && wordOf(a) == wordOf(b))
}

// supplied is the trace of a value that a document holds as it was built.
func (l *resourceLocator) supplied(at place, path source.Path, text string) source.Trace {
	trace := at.locate(text)
	if len(trace.Steps) > 0 { // a chart tells more
		return trace
	}
	if !at.in.Patch {
		trace.Steps = []source.Step{{Note: source.Note{Message: "the resource sets it here", Location: trace.Location}, Cause: true}}
		return trace
	}
	trace.Steps = append(l.stands(path), source.Step{
		Note: source.Note{Message: "the patch sets it here", Location: trace.Location}, Cause: true,
	})
	return trace
}

// stands is the step that names the object's own place: that of the value at a path, or of what is nearest to it.
func (l *resourceLocator) stands(path source.Path) []source.Step {
	if l.home.doc == nil {
		return nil
	}
	there, _ := translate(path, l.built.Value, l.home.value)
	at := l.home.doc.Locate(l.home.path.Append(there...), "").Location
	return []source.Step{{Note: source.Note{Message: "the object stands here", Location: at}}}
}

// missing is the place of what is not there: the key of the nearest map or list around it.
func (l *resourceLocator) missing(path source.Path) source.Trace {
	for len(path) > 0 {
		if _, ok := path.Get(l.built.Value); ok {
			break
		}
		path = path[:len(path)-1]
	}
	if key, self := l.traced(path); key.doc != nil {
		return l.supplied(key, path, "")
	} else if self.doc != nil {
		return l.supplied(self, path, "")
	}
	if len(path) == 0 && l.home.doc != nil {
		return l.supplied(l.home, nil, "")
	}
	return l.near(place{}, path)
}

// sameInHome finds the value in the object's own file, where it is the same.
func (l *resourceLocator) sameInHome(path source.Path, value any) (place, bool) {
	if l.home.doc == nil {
		return place{}, false
	}
	there, whole := translate(path, l.built.Value, l.home.value)
	held, _ := there.Get(l.home.value)
	return place{doc: l.home.doc, value: held, path: l.home.path.Append(there...)}, whole && same(held, value)
}

// near is the best that is left to say: the key that holds the value, or the nearest part of the object in its file.
func (l *resourceLocator) near(key place, path source.Path) source.Trace {
	var trace source.Trace
	switch {
	case key.doc != nil:
		trace = key.locate("")
	case l.home.doc != nil:
		there, _ := translate(path, l.built.Value, l.home.value)
		trace = l.home.doc.Locate(l.home.path.Append(there...), "")
	case l.text.Anchor.Path != "":
		trace = source.Trace{Location: l.text.Anchor}
	case l.text.Source != "":
		trace = source.Trace{Location: source.FileStart(l.text.Source)}
	default:
		trace = source.Trace{Location: source.FileStart(l.unit.File)}
	}
	trace.Span.Exact = false
	trace.Steps = append(trace.Steps, source.Step{Note: source.Note{
		Message:  fmt.Sprintf("nothing in the kustomizations could be told to set %s to what is built; this is near it", path),
		Location: trace.Location,
	}})
	return trace
}
