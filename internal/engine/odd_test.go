package engine

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"go.yaml.in/yaml/v3"
	"golang.org/x/sync/errgroup"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/discover"
	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/policy"
	"github.com/plimsoll-dev/plimsoll/internal/ruletest"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/syntax"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// oddTotal is about how many mutants are judged, of a hundred thousand; PLIMSOLL_MUTANTS=all judges every one, in
// some twenty minutes.
const oddTotal = 1500

// oddValues stand in turn in the place of each value.
var oddValues = []any{
	nil, "", -1.5, 7, true,
	[]any{},
	[]any{nil},
	[]any{[]any{"x"}, 1},
	map[string]any{},
	map[string]any{"": nil, "a.b": []any{1}},
	strings.Repeat("long ", 5_000), "${{ a[ ", "\u202e::x\n#[\x1b",
	map[string]any{"name": 1, "uses": 2.5, "run": nil, "image": false, "key": []any{}},
}

// oddTerms do so in Terraform's language, and oddWords in lines of text.
var (
	oddTerms = []string{"null", `""`, "-1.5", "true", "[]", "[null]", "{}", `{ "" = [1] }`, `"${x}"`, "x.y[0]", "f(1)", `[for a in b : a]`}
	oddWords = []string{"", "0", "$", "${x:-", `"`, `'`, "[", `["a", 1]`, "--x=", "<<E", "\\", "@", ":", "\t", "\u2028", strings.Repeat("w", 20_000)}
)

// index is one in a path as it is printed.
var index = regexp.MustCompile(`\[\d+\]`)

// TestOddValues holds that no value of a type that nobody expects, anywhere in the rules' own fixtures, keeps a rule from
// judging or makes the facts panic: either would be "not evaluated" for whoever wrote `rev: 1.2`.
func TestOddValues(t *testing.T) {
	fixtures, err := ruletest.Find("../../testdata/rules")
	if err != nil {
		t.Fatal(err)
	}
	set, err := policy.Load(t.Context(), policies.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	var houses []*house
	total := 0
	for _, id := range slices.Sorted(maps.Keys(fixtures)) {
		h := open(t, set, fixtures[id])
		houses = append(houses, h)
		h.judge(t, "as it is", nil)
		h.mutants(func(string, *source.File, func() string) { total++ })
	}
	every := uint32(max(1, total/oddTotal))
	if testing.Short() {
		every *= 5
	}
	if os.Getenv("PLIMSOLL_MUTANTS") == "all" {
		every = 1
	}
	judged := 0
	var group errgroup.Group
	group.SetLimit(2)
	for _, h := range houses {
		h.mutants(func(name string, file *source.File, text func() string) {
			if digest(name)%every == 0 {
				judged++
				odd := []byte(text())
				group.Go(func() error {
					h.judge(t, name, &source.File{Path: file.Path, Kind: file.Kind, Data: odd})
					return nil
				})
			}
		})
	}
	_ = group.Wait() // what is wrong is an error of the test
	t.Logf("%d of %d mutants judged", judged, total)
	if judged == 0 {
		t.Error("nothing was judged")
	}
}

func digest(text string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(text)) // never fails
	return h.Sum32()
}

// house is a fixture's small repository.
type house struct {
	rule   string
	dir    string
	found  *discover.Result
	files  []*source.File // with the settings
	set    *policy.Set
	params map[string]map[string]any
	told   *sync.Map // what was said already, so that one fault is told once
}

func open(t *testing.T, set *policy.Set, fixture *ruletest.Fixture) *house {
	t.Helper()
	h := &house{rule: fixture.RuleID, dir: t.TempDir(), set: set, told: &sync.Map{}}
	if err := fixture.Write(h.dir); err != nil {
		t.Fatal(err)
	}
	var err error
	if h.found, err = discover.Walk(t.Context(), discover.Options{Root: h.dir, MaxFileSize: parse.MaxBytes}); err != nil {
		t.Fatal(err)
	}
	for _, file := range h.found.Files {
		if file.Kind != source.ChartFile {
			h.files = append(h.files, file)
		}
	}
	h.files = append(h.files, fixture.Settings()...)
	for _, name := range config.Names() {
		data, err := os.ReadFile(filepath.Join(h.dir, name))
		if err != nil {
			continue
		}
		c, err := config.Parse(name, data)
		if err != nil {
			t.Fatal(err)
		}
		h.params = c.Params()
	}
	return h
}

// judge judges all files with one of them replaced, and tells what could not be judged.
func (h *house) judge(t *testing.T, name string, mutant *source.File) {
	defer func() {
		if v := recover(); v != nil {
			h.tell(t, name, fmt.Sprintf("panic: %v\n%s", v, debug.Stack()))
		}
	}()
	files := slices.Clone(h.files)
	near := &neighbours{root: h.dir, paths: h.found.Paths, files: map[string]*source.File{}}
	for i, file := range files {
		if mutant != nil && file.Path == mutant.Path {
			files[i] = mutant
		}
		near.files[file.Path] = files[i]
	}
	if mutant != nil {
		near.files[mutant.Path] = mutant
	}
	repo := facts.In(&source.Repository{Paths: h.found.Paths, ReadFile: near.read, Parse: near.parse, Owner: "acme", Address: "https://github.com/acme/shop"})
	var ids []string
	for _, r := range h.set.Rules() {
		ids = append(ids, r.ID)
	}
	j := &judge{set: h.set, ids: ids, params: h.params, repo: repo, deployed: repo, images: &gathering{}}
	for _, group := range Directories(files) {
		if !concerns(group, mutant) {
			continue
		}
		var docs []*source.Document
		for _, file := range group {
			found, faults := parse.File(file)
			docs = append(docs, found...)
			if file.Kind == source.Workflow && len(faults) == 0 && file == mutant {
				syntax.Lint(file, nil)
			}
		}
		h.judgeUnit(t, name, j, facts.Together(docs))
	}
	whole := wholeOf(j.images.sorted())
	j.images = nil
	h.judgeUnit(t, name, j, facts.Together([]*source.Document{whole}))
}

// concerns reports whether a change of a file can change what is said of a group: others look at actions, workflows and what
// has no kind of its own.
func concerns(group []*source.File, changed *source.File) bool {
	return changed == nil || slices.Contains(group, changed) || slices.Contains([]source.Kind{"", source.Workflow, source.Action, source.ActionsLock}, changed.Kind)
}

func (h *house) judgeUnit(t *testing.T, name string, j *judge, unit *facts.Unit) {
	for i := range unit.Documents {
		found, _ := j.findings(t.Context(), unit, i)
		for _, f := range found {
			if f.RuleID == finding.NotEvaluated && strings.Contains(f.Message, "could not judge") {
				h.tell(t, name, f.Message)
			}
		}
	}
}

func (h *house) tell(t *testing.T, name, message string) {
	t.Helper()
	if _, told := h.told.LoadOrStore(message, true); !told {
		t.Errorf("%s: %.3000s", name, message)
	}
}

// mutant takes a change of a file: what it is, and the text that comes of it. Of changes with one likeness in one fixture the
// first is enough.
type mutant func(likeness, what string, text func() string)

// mutants gives each mutant of each file, with a name that says what was changed.
func (h *house) mutants(yield func(name string, file *source.File, text func() string)) {
	known := map[string]bool{}
	at := func(file *source.File) mutant {
		return func(likeness, what string, text func() string) {
			likeness = string(file.Kind) + " " + likeness
			if known[likeness] {
				return
			}
			known[likeness] = true
			yield(fmt.Sprintf("%s: %s: %.80s", h.rule, file.Path, what), file, text)
		}
	}
	seen := map[string]bool{}
	for _, file := range h.files {
		seen[file.Path] = true
		switch file.Kind {
		case source.Terraform:
			mutateTerms(file, at(file))
		case source.Dockerfile:
			mutateWords(file, at(file))
		default:
			docs, _ := parse.File(file)
			mutateValues(docs, at(file))
		}
	}
	for _, name := range h.found.Paths { // what facts look at beside documents: locks, scripts, lists of packages
		data, err := os.ReadFile(filepath.Join(h.dir, name))
		if seen[name] || err != nil {
			continue
		}
		file := &source.File{Path: name, Data: data}
		for _, kind := range h.found.Files {
			if kind.Path == name {
				file.Kind = kind.Kind
			}
		}
		docs, faults := parse.YAML(file, "", source.YAML12)
		if len(faults) > 0 || len(docs) == 0 {
			mutateWords(file, at(file))
			continue
		}
		mutateValues(docs, at(file))
	}
}

// mutateValues puts each odd value in the place of each value of each document.
func mutateValues(docs []*source.Document, yield mutant) {
	printed := make([]string, len(docs))
	for i, doc := range docs {
		printed[i] = asJSON(doc.Value)
	}
	for i, doc := range docs {
		for _, path := range pathsIn(nil, doc.Value) {
			for n, odd := range oddValues {
				like := fmt.Sprintf("%s %s %d", doc.Object.Kind, index.ReplaceAllString(path.String(), "[]"), n)
				yield(like, fmt.Sprintf("document %d, %s is odd value %d", i, path, n), func() string {
					all := slices.Clone(printed)
					all[i] = asJSON(with(doc.Value, path, odd))
					return strings.Join(all, "\n---\n")
				})
			}
		}
	}
}

func asJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		text, _ = yaml.Marshal(value) // which knows .inf
	}
	return string(text)
}

// pathsIn lists the paths of all values in a value, its own first.
func pathsIn(path source.Path, value any) []source.Path {
	all := []source.Path{path}
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			all = append(all, pathsIn(path.Append(key), v[key])...)
		}
	case []any:
		for i, item := range v {
			all = append(all, pathsIn(path.Append(i), item)...)
		}
	}
	return all
}

// with is a copy of a value with another one at a path.
func with(value any, path source.Path, odd any) any {
	if len(path) == 0 {
		return odd
	}
	switch v := value.(type) {
	case map[string]any:
		c, key := maps.Clone(v), path[0].(string)
		c[key] = with(v[key], path[1:], odd)
		return c
	case []any:
		c, i := slices.Clone(v), path[0].(int)
		c[i] = with(v[i], path[1:], odd)
		return c
	}
	return value
}

// mutateTerms puts each odd term in the place of each expression.
func mutateTerms(file *source.File, yield mutant) {
	parsed, diagnostics := hclsyntax.ParseConfig(file.Data, file.Path, hcl.InitialPos)
	if diagnostics.HasErrors() {
		mutateWords(file, yield)
		return
	}
	_ = hclsyntax.VisitAll(parsed.Body.(*hclsyntax.Body), func(node hclsyntax.Node) hcl.Diagnostics {
		at := node.Range()
		if _, is := node.(hclsyntax.Expression); is && at.End.Byte > at.Start.Byte {
			for _, term := range oddTerms {
				like := string(file.Data[at.Start.Byte:at.End.Byte]) + " " + term
				yield(like, fmt.Sprintf("%d:%d is %s", at.Start.Line, at.Start.Column, term), func() string {
					return string(file.Data[:at.Start.Byte]) + term + string(file.Data[at.End.Byte:])
				})
			}
		}
		return nil
	})
}

// mutateWords puts each odd word in the place of each word, and ends the text at each line.
func mutateWords(file *source.File, yield mutant) {
	text := string(file.Data)
	for start := 0; start < len(text); {
		end := len(text)
		if i := strings.IndexAny(text[start:], " \n="); i >= 0 {
			end = start + i
		}
		if end > start {
			for n, word := range oddWords {
				like := fmt.Sprintf("%s %d", text[start:end], n)
				yield(like, fmt.Sprintf("byte %d is odd word %d", start, n), func() string { return text[:start] + word + text[end:] })
			}
			yield(text[start:end], fmt.Sprintf("ends at byte %d", start), func() string { return text[:start] })
		}
		start = end + 1
	}
}
