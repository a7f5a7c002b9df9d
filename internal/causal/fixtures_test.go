package causal_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/plimsoll-dev/plimsoll/internal/causal"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestFixtures renders the repositories of testdata/render and holds the places of what they name in want against it.
// Every exact place is tried, too: what stands there is changed, and the value has to follow.
//
// A fixture is a sentence, the files of a repository and the file want. Behind a file's name may stand how its bytes
// differ from what is shown: [crlf], [bom], [chomp] for no line end at the end, [link] for a symbolic link. What is below
// a path that ends in .tgz goes into that archive. A line of want is one of
//
//	Kind/namespace/name@variant:path [part] -> file:line "text" <- file:line <- file:line "text"
//	! rule file:line "part of what is said"
//
// The namespace, the variant, the part of the scalar and the texts may be left out. The first place is the one to annotate: exact,
// or not when "~" stands before it; with "?" either will do, as for a field that is missing. The places after it are causes on the way,
// those in parentheses ones that only lead there.
func TestFixtures(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("..", "..", "testdata", "render", "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatal("there are no fixtures", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			f := &fixture{t: t, root: t.TempDir(), probes: map[string]*causal.Probe{}}
			f.write(archive.Files)
			f.render()
			f.judge()
		})
	}
}

type fixture struct {
	t       *testing.T
	root    string
	want    []string
	repo    *causal.Repository
	results []render.Result
	probes  map[string]*causal.Probe // by unit and variant
}

var (
	fileName = regexp.MustCompile(`^(.*?)(?: \[(.*)\])?$`)
	claim    = regexp.MustCompile(`^(\S+?)(?:@([^:]+))?:(\S+)(?: \[(.*)\])? -> (.*)$`)
	spot     = regexp.MustCompile(`^([?~]?)([^\s":]+)(?::(\d+))?(?: (".*"))?$`)
	fault    = regexp.MustCompile(`^! (\S+) ([^\s":]+)(?::(\d+))?(?: (".*"))?$`)
	named    = regexp.MustCompile(`\[name=([^\]]+)\]`)
	pathStep = regexp.MustCompile(`\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.\[\]]+)`)
)

func (f *fixture) write(files []txtar.File) {
	f.t.Helper()
	archives := map[string]*bytes.Buffer{}
	writers := map[string]*tar.Writer{}
	for _, file := range files {
		m := fileName.FindStringSubmatch(file.Name)
		name, data := m[1], altered(file.Data, strings.Fields(m[2]))
		if name == "want" {
			f.want = strings.Split(strings.TrimSpace(string(data)), "\n")
			continue
		}
		if at := strings.Index(name, ".tgz/"); at >= 0 {
			into, inner := name[:at+4], name[at+5:]
			if writers[into] == nil {
				archives[into] = new(bytes.Buffer)
				writers[into] = tar.NewWriter(archives[into])
			}
			f.must(writers[into].WriteHeader(&tar.Header{Name: inner, Mode: 0o600, Size: int64(len(data))}))
			_, err := writers[into].Write(data)
			f.must(err)
			continue
		}
		full := filepath.Join(f.root, filepath.FromSlash(name))
		f.must(os.MkdirAll(filepath.Dir(full), 0o755))
		if slices.Contains(strings.Fields(m[2]), "link") {
			f.must(os.Symlink(strings.TrimSpace(string(data)), full))
			continue
		}
		f.must(os.WriteFile(full, data, 0o644))
	}
	for name, w := range writers {
		f.must(w.Close())
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, err := z.Write(archives[name].Bytes())
		f.must(err)
		f.must(z.Close())
		f.must(os.MkdirAll(filepath.Dir(filepath.Join(f.root, name)), 0o755))
		f.must(os.WriteFile(filepath.Join(f.root, name), packed.Bytes(), 0o644))
	}
}

func altered(data []byte, how []string) []byte {
	if slices.Contains(how, "crlf") {
		data = bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))
	}
	if slices.Contains(how, "bom") {
		data = append([]byte("\ufeff"), data...)
	}
	if slices.Contains(how, "chomp") {
		data = bytes.TrimRight(data, "\r\n")
	}
	return data
}

func (f *fixture) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) render() {
	f.t.Helper()
	var err error
	f.repo, err = causal.Open(f.t.Context(), f.root)
	f.must(err)
	r, err := render.New(render.Options{Root: f.root, Workers: 1})
	f.must(err)
	defer r.Close()
	for _, unit := range f.repo.Plan.Units {
		f.results = append(f.results, r.Render(f.t.Context(), unit))
	}
}

// judge holds what was rendered against the lines of want.
func (f *fixture) judge() {
	if len(f.want) == 0 {
		f.t.Fatal("the fixture wants nothing")
	}
	faults := 0
	for _, line := range f.want {
		if m := fault.FindStringSubmatch(line); m != nil {
			faults++
			f.fault(m[1], m[2], m[3], unquoted(m[4]))
			continue
		}
		m := claim.FindStringSubmatch(line)
		if m == nil {
			f.t.Errorf("this line of want cannot be read: %s", line)
			continue
		}
		f.claim(m[1], m[2], m[3], m[4], strings.Split(m[5], " <- "))
	}
	for _, result := range f.results {
		for _, p := range result.Problems {
			if faults == 0 && !p.Told {
				f.t.Errorf("%s: unwanted problem: %s %s:%d: %s", result.Unit.Root, p.Rule, p.Location.Path, p.Location.Span.Start.Line, p.Message)
			}
		}
	}
}

func unquoted(text string) string {
	if plain, err := strconv.Unquote(text); err == nil {
		return plain
	}
	return strings.Trim(text, `"`)
}

func (f *fixture) fault(rule, file, line, said string) {
	f.t.Helper()
	var seen []string
	for _, result := range f.results {
		for _, p := range result.Problems {
			at := fmt.Sprintf("%s:%d", p.Location.Path, p.Location.Span.Start.Line)
			if p.Rule == rule && (at == file+":"+line || line == "" && p.Location.Path == file) && strings.Contains(p.Message, said) {
				return
			}
			seen = append(seen, fmt.Sprintf("    %s %s %q", p.Rule, at, p.Message))
		}
	}
	f.t.Errorf("no problem %s %s:%s %q\n  there are:\n%s", rule, file, line, said, strings.Join(seen, "\n"))
}

// claim asks for the place of one value.
func (f *fixture) claim(object, variant, path, part string, spots []string) {
	f.t.Helper()
	doc, unit := f.find(object, variant)
	if doc == nil {
		f.t.Errorf("%s@%s was not rendered; there are %s", object, variant, f.objects())
		return
	}
	at := stepsOf(path, doc.Value)
	value, present := at.Get(doc.Value)
	trace := doc.Locate(at, part)
	var wrong []string
	if why := f.differs(spots[0], trace.Location, present); why != "" {
		wrong = append(wrong, why)
	}
	rest := trace.Steps
	for _, s := range spots[1:] {
		leads := strings.HasPrefix(s, "(")
		place := "?" + strings.Trim(s, "()")
		i := slices.IndexFunc(rest, func(step source.Step) bool { return step.Cause != leads && f.differs(place, step.Location, true) == "" })
		if i < 0 {
			wrong = append(wrong, "no cause at "+s)
		}
	}
	if len(wrong) > 0 {
		f.t.Errorf("%s:%s %s= %v\n  want %s\n  got  %s\n  %s", object, path, bracketed(part), value, strings.Join(spots, " <- "), f.shown(trace), strings.Join(wrong, "\n  "))
	}
	if present && unit != nil {
		f.try(*unit, doc, at, part, trace)
	}
}

func bracketed(part string) string {
	if part == "" {
		return ""
	}
	return "[" + part + "] "
}

// differs says how a place is not the wanted one.
func (f *fixture) differs(want string, got source.Location, present bool) string {
	m := spot.FindStringSubmatch(want)
	if m == nil {
		return "this place of want cannot be read: " + want
	}
	line, _ := strconv.Atoi(m[3])
	text := ""
	if m[4] != "" {
		text = unquoted(m[4])
	}
	switch is := f.text(got); {
	case got.Path != m[2], line > 0 && got.Span.Start.Line != line:
		return "another place"
	case text != "" && strings.Trim(is, `"'`) != strings.Trim(text, `"'`):
		return fmt.Sprintf("another text on that line: %q", is)
	case m[1] == "~" && got.Span.Exact:
		return "it is said to be exact"
	case m[1] == "" && !got.Span.Exact && present:
		return "it is not said to be exact"
	}
	return ""
}

func (f *fixture) text(at source.Location) string {
	data, err := os.ReadFile(filepath.Join(f.root, at.Path))
	if err != nil || at.Span.End.Offset > len(data) {
		return fmt.Sprintf("(nothing: %v)", err)
	}
	return string(data[at.Span.Start.Offset:at.Span.End.Offset])
}

func (f *fixture) shown(trace source.Trace) string {
	show := func(at source.Location) string {
		mark := ""
		if !at.Span.Exact {
			mark = "~"
		}
		return fmt.Sprintf("%s%s:%d %q", mark, at.Path, at.Span.Start.Line, f.text(at))
	}
	out := show(trace.Location)
	for _, s := range trace.Steps {
		role := "because"
		if s.Cause {
			role = "<-"
		}
		out += fmt.Sprintf("\n         %s %s: %s", role, show(s.Location), s.Message)
	}
	return out
}

func (f *fixture) objects() string {
	var out []string
	for _, result := range f.results {
		for _, d := range result.Documents {
			out = append(out, fmt.Sprintf("%s@%s", d.Object, strings.Join(d.Origin.Variants, ",")))
		}
	}
	return strings.Join(out, " ")
}

// find is the document of an object, and the unit that it is of with the first variant that gives it.
func (f *fixture) find(object, variant string) (*source.Document, *render.Unit) {
	for _, result := range f.results {
		for _, d := range result.Documents {
			if d.Object.String() != object || variant != "" && !slices.Contains(d.Origin.Variants, variant) {
				continue
			}
			unit := result.Unit
			for _, v := range unit.Sets() {
				if len(d.Origin.Variants) == 0 || slices.Contains(d.Origin.Variants, v.Name) {
					unit = unit.With(v)
					return d, &unit
				}
			}
		}
	}
	return nil, nil
}

// try changes what stands at the places of a trace and looks whether the value follows.
func (f *fixture) try(unit render.Unit, doc *source.Document, at source.Path, part string, trace source.Trace) {
	f.t.Helper()
	key := unit.Root + "\n" + unit.Variants[0].Name
	probe, ok := f.probes[key]
	if !ok {
		var err error
		if probe, err = f.repo.Probe(unit, unit.Variants[0], true); err != nil {
			f.t.Logf("%s is not tried: the plain library does not render it: %s", unit.Root, err)
		}
		f.probes[key] = probe
	}
	if probe == nil {
		return
	}
	twin, ok := probe.Find(doc)
	if !ok || !probe.Stable(twin, at) {
		return
	}
	for _, c := range causal.Claims(trace) {
		if verdict, why := probe.Check(twin, at, c.Part(part), c.Location); verdict == causal.Wrong {
			f.t.Errorf("%s:%s %sdoes not follow %s:%d %q, which is said to be its cause: %s",
				doc.Object, at, bracketed(part), c.Path, c.Span.Start.Line, f.text(c.Location), why)
		}
	}
}

// stepsOf reads a path as source.Path prints it, and [name=web] for the item of that name.
func stepsOf(text string, value any) source.Path {
	var at source.Path
	for _, m := range pathStep.FindAllStringSubmatch(named.ReplaceAllString(text, ".\x00$1"), -1) {
		switch {
		case m[1] != "":
			at = append(at, m[1])
		case m[2] != "":
			index, _ := strconv.Atoi(m[2])
			at = append(at, index)
		case strings.HasPrefix(m[3], "\x00"):
			list, _ := at.Get(value)
			items, _ := list.([]any)
			at = append(at, slices.IndexFunc(items, func(item any) bool { return item.(map[string]any)["name"] == m[3][1:] }))
		default:
			at = append(at, m[3])
		}
	}
	return at
}
