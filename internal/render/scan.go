package render

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// scan follows a kustomization through all that it reaches, before the library does: it leaves out what the library
// would fetch or run, and notes what the library will trip over, at its line.
type scan struct {
	worker
	ask       request
	found     []*kustomization
	stages    []stage           // what each of them takes
	charts    []chartRun        // what they had rendered
	edits     map[string][]byte // what the library is to read in place of a file
	namespace string            // of the kustomization that is scanned, or else of the nearest one that uses it
	inflated  int               // bytes of what they wrote
	root      string            // the root's kustomization
	lean      []byte            // what to read in its place when the library is not asked where objects are from; nil when it has to be
	extra     map[string][]byte // what it is to find where there is no file
	moved     []movable         // what is moved, in the order in which it was found
	pads      *pads             // how, once that is decided
	deep      bool              // something may look into the schemas of resource definitions
	asis      map[string]bool   // files whose very bytes end up in what is built
	left      []Problem         // what was left out
	problems  []problem         // of charts that were rendered
	blames    []blame           // what cannot be followed, in the library's order
	outside   []Problem         // files that only a build without load restrictions takes
	files     []string          // resources, patches and other files that take part
	read      map[string]bool   // the files that were parsed
	loose     bool              // the library writes some objects anew, so that they lose their lines
	refused   bool              // something does not parse: the library is not to see it
	special   bool              // a schema of its own changes how the library merges, for all later builds of the process
}

// form is what a parsed file holds.
type form int

const (
	objects form = iota
	list         // as the operations of a JSON patch are
)

// blame is a likely cause of a failing build.
type blame struct {
	at      source.Location
	message string
	unread  bool // the file at that place does not parse
}

func (s *scan) blame(at source.Location, format string, args ...any) {
	s.blames = append(s.blames, blame{at: at, message: fmt.Sprintf(format, args...)})
}

// refuse blames a file that we cannot read. The library is kept from trying: it reads otherwise than we do, and would
// follow what we have not seen.
func (s *scan) refuse(name string, err *source.SyntaxError, unread bool) {
	s.refused = true
	s.blames = append(s.blames, blame{
		at: source.Location{Path: name, Span: err.Span}, message: fmt.Sprintf("%s: %s", name, err.Message), unread: unread,
	})
}

// dir scans the kustomization in a directory and gives its index among those found, -1 for none; chain are the real
// directories that led to it, the root's first.
func (s *scan) dir(dir string, chain []string) int {
	name, ok := kustomizationIn(dir, s.tree.isFile)
	if i := slices.IndexFunc(s.found, func(k *kustomization) bool { return k.file.Path == name }); !ok || i >= 0 {
		return i
	}
	data, real, err := s.tree.read(name)
	if err == nil && len(s.found) >= maxReached {
		err = fmt.Errorf("is one kustomization more than the %d that one may reach", maxReached)
	}
	if err != nil {
		s.refused = true
		s.blame(source.FileStart(name), "%s %s", name, err)
		return -1
	}
	defer func(outer string) { s.namespace = outer }(s.namespace)
	k := readKustomization(&source.File{Path: name, Kind: source.Kustomization, Data: data})
	index := len(s.found)
	s.found = append(s.found, k)
	s.stages = append(s.stages, stage{File: name})
	if k.err != nil {
		s.refuse(name, k.err, k.unread)
		return index
	}
	s.namespace = cmp.Or(wordOf(k.value["namespace"]), s.namespace)
	c := changes{gone: map[string]bool{}, put: map[string]any{}}
	chain = append(slices.Clip(chain), dir)
	for _, e := range k.entries() {
		if s.entry(k, index, e, chain) {
			c.gone[e.owner.String()] = true
		}
	}
	s.helmCharts(k, index, &c)
	for _, name := range beyondTelling {
		s.deep = s.deep || k.value[name] != nil
	}
	s.deep = s.deep || saysSchema.Match(data)
	s.special = s.special || k.value["openapi"] != nil || k.value["crds"] != nil
	s.loose = s.loose || k.value["patchesJson6902"] != nil || k.value["configMapGenerator"] != nil ||
		k.value["secretGenerator"] != nil || k.value["generators"] != nil
	s.edit(k, real, c, len(chain) == 1)
	return index
}

// lineage is what the places of what was built are told from.
type lineage struct {
	Origins []origin
	Stages  []stage    // the kustomizations that took part, the root's first
	Charts  []chartRun // what they had rendered

	family *family // the objects that were built; only in the parent
}

// stage is what one kustomization takes, by index in the stages and by file.
type stage struct {
	File             string // the kustomization
	Resources        []string
	Uses, Components []int // the directories among its resources, and its components
}

func (s *scan) leave(k *kustomization, at source.Path, what, message string) {
	s.left = append(s.left, Problem{Rule: NotEvaluated, Location: k.locate(at), What: what, Message: message})
}

// entry follows one reference and reports whether it is to be left out.
func (s *scan) entry(k *kustomization, index int, e entry, chain []string) bool {
	if e.remote() {
		s.leave(k, e.at, e.noun()+" "+e.value, e.notLocal())
		return true
	}
	if e.inline() {
		return e.takes == plugin && s.foreign(k, e, k.file.Path, []byte(e.value))
	}
	full := k.dir() + "/" + e.value // not joined: the tree itself tells what leads out of it
	at, info, err := s.tree.resolve(path.Clean(full))
	switch {
	case path.IsAbs(e.value):
		s.blame(k.locate(e.at), "%s %s is an absolute path; name it relative to %s", e.noun(), e.value, k.dir())
	case err != nil && refused(err):
		s.blame(k.locate(e.at), "%s %s %s", e.noun(), e.value, err)
	case err != nil:
		s.blame(k.locate(e.at), "%s %s does not exist", e.noun(), e.value)
	case info.IsDir():
		s.follow(k, index, e, at, chain)
	case !within(at, k.dir()):
		s.outside = append(s.outside, Problem{
			Rule: RenderError, Location: k.locate(e.at),
			Message: fmt.Sprintf("%s %s lies outside of the kustomization's directory, so Kustomize refuses to build; "+
				"if you build with --load-restrictor LoadRestrictionsNone, set kustomize.load-restrictor: none", e.noun(), e.value),
		})
		return s.file(k, index, e, at)
	default:
		return s.file(k, index, e, at)
	}
	return false
}

// file takes a file that an entry names into the build, or leaves it out when it would run something.
func (s *scan) file(k *kustomization, index int, e entry, at string) bool {
	s.files = append(s.files, at)
	if e.generated() {
		s.asis[at] = true
		return false
	}
	data, _, err := s.tree.read(at)
	if err != nil {
		s.refused = true
		s.blame(k.locate(e.at), "%s %s %s", e.noun(), e.value, err)
		return false
	}
	parsed := s.shelf.parse(at, data)
	if len(parsed.errs) > 0 {
		if !s.read[at] {
			s.refuse(at, parsed.errs[0], true)
		}
		s.read[at] = true
		return false
	}
	s.take(index, e, at, parsed)
	return e.takes == plugin && s.foreign(k, e, at, data)
}

func formOf(docs []*source.Document) form {
	for _, doc := range docs {
		if _, ok := doc.Value.([]any); ok {
			return list
		}
	}
	return objects
}

// take notes what a file is to the kustomization that names it, and moves what objects and patches it holds.
func (s *scan) take(index int, e entry, at string, parsed *parsedFile) {
	as := origin{File: at}
	s.deep = s.deep || e.takes != target && saysSchema.Match(parsed.data) || bytes.Contains(parsed.data, []byte(schemaMark))
	switch {
	case e.takes == target:
		s.stages[index].Resources = append(s.stages[index].Resources, at)
	case e.field == "patches" || e.field == "patchesStrategicMerge":
		as.Patch = true
		s.loose = s.loose || parsed.form == list
	default:
		return
	}
	if parsed.form == objects && !strings.HasSuffix(at, ".json") {
		s.moved = append(s.moved, movable{name: at, data: parsed.data, short: parsed.short, as: as})
	}
}

// follow scans a directory that an entry leads to.
func (s *scan) follow(k *kustomization, index int, e entry, at string, chain []string) {
	if e.takes != target && e.takes != plugin {
		s.blame(k.locate(e.at), "%s %s is a directory", e.noun(), e.value)
		return
	}
	if slices.ContainsFunc(chain, func(dir string) bool { return inside(dir, at) }) {
		s.blame(k.locate(e.at), "%s %s leads back to a kustomization that uses it: a cycle", e.noun(), e.value)
		return
	}
	if _, ok := kustomizationIn(at, s.tree.isFile); !ok {
		s.blame(k.locate(e.at), "%s %s is a directory without a kustomization file", e.noun(), e.value)
		return
	}
	used := s.dir(at, chain)
	switch {
	case used < 0:
	case e.field == "components":
		s.stages[index].Components = append(s.stages[index].Components, used)
	case e.takes == target:
		s.stages[index].Uses = append(s.stages[index].Uses, used)
	}
}

// inside reports whether a directory is the other or lies below it.
func inside(dir, other string) bool {
	return other == "." || dir == other || strings.HasPrefix(dir, other+"/")
}

// within reports whether a file lies in or below a directory.
func within(name, dir string) bool { return inside(path.Dir(name), dir) }

// foreign reports whether a plugin's configuration is for a program, and notes that it does not run.
func (s *scan) foreign(k *kustomization, e entry, name string, data []byte) bool {
	docs, _ := parse.YAML(&source.File{Path: name, Data: data}, source.Kustomization, source.YAML11)
	if e.inline() {
		docs, _ = parse.Embedded(k.doc, e.at, source.Kustomization)
	}
	if s.plug(k, e, docs) {
		return true
	}
	for _, doc := range docs {
		kind := field(doc.Value, "kind")
		if field(doc.Value, "apiVersion") == "builtin" && kind != "HelmChartInflationGenerator" {
			continue
		}
		what := fmt.Sprintf("%s %s", e.noun(), kind)
		s.leave(k, e.at, what, fmt.Sprintf("the %s was not analysed: it is a program, and lint runs none that a repository names", what))
		return true
	}
	return false
}

// edit has the library read a kustomization as we read it, with the changes made, and the root's with origins switched
// on. The real path is where the file stands once links are followed.
func (s *scan) edit(k *kustomization, real string, c changes, root bool) {
	if k.empty() {
		return
	}
	s.inlinePatches(k, &c)
	value, _ := c.apply(k.value, nil).(map[string]any)
	if texts, ok := c.put[chartTexts].([]any); ok {
		list, _ := value["resources"].([]any)
		value["resources"] = append(list, texts...)
	}
	if metadata, _ := value["buildMetadata"].([]any); root || len(c.gone) > 0 {
		if !slices.Contains(metadata, any(originOption)) {
			metadata = append(slices.Clip(metadata), originOption)
		}
		value["buildMetadata"] = metadata // which also keeps a kustomization that has nothing left from being refused as empty
	}
	data, err := json.Marshal(value)
	if err != nil {
		s.refuse(k.file.Path, &source.SyntaxError{Message: oneLine(err.Error()), Span: source.FileStart(k.file.Path).Span}, false)
		return
	}
	s.edits[real] = data
	if root {
		if lean := leanly(k, value); lean != nil {
			s.root = real
			s.lean, _ = json.Marshal(lean) // as it was just before
		}
	}
}

// empty reports whether the library will refuse the kustomization because it says nothing.
func (k *kustomization) empty() bool {
	for key := range k.value {
		if key != "kind" && key != "apiVersion" {
			return false
		}
	}
	return true
}
