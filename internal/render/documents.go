package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/deploy"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// documents turns what the runs rendered into the result's documents, the same text of several variants into the same
// documents.
func (r *Renderer) documents(result *Result, runs []run) {
	type key struct {
		name, data string
		cause      uint64 // the same text may have another cause
	}
	first, places := map[key]*source.Origin{}, new(deploy.Reader)
	for _, run := range runs {
		run.Lineage.family = new(family)
		run.Tracing.places = places
		for _, t := range run.Texts {
			k := key{t.Name, t.Data, t.Cause}
			if origin, ok := first[k]; ok {
				origin.Variants = append(origin.Variants, run.variant.names()...)
				slices.Sort(origin.Variants)
				origin.Variants = slices.Compact(origin.Variants)
				continue
			}
			origin := &source.Origin{Renderer: result.Unit.Renderer, Root: result.Unit.Root}
			origin.Variants = slices.Sorted(slices.Values(run.variant.names()))
			if result.Unit.Renderer == Helm { // kustomize may well build two objects of the same text from two files
				first[k] = origin
			}
			r.parse(result, run, t, origin)
		}
	}
}

// parse reads one rendered text and gives its documents their places.
func (r *Renderer) parse(result *Result, run run, t text, origin *source.Origin) {
	file := r.home(result.Unit, t)
	result.Texts = append(result.Texts, RenderedText{Source: file.Path, Origin: origin, Data: t.Data})
	if result.Unit.Renderer == Kustomize {
		r.object(result, run, t, file, origin)
		return
	}
	rendered := &source.File{Path: file.Path, Kind: source.Manifest, Data: separated([]byte(t.Data))}
	verbatim := t.Source != "" && bytes.Equal(bytes.TrimPrefix(file.Data, []byte("\ufeff")), rendered.Data)
	if verbatim {
		rendered = file // so that its places are the template's own, the byte order mark counted
	}
	docs, errs := parse.YAML(rendered, source.Manifest, source.YAML11)
	for _, err := range errs {
		result.add(r.textProblem(result.Unit, run, t, err, verbatim))
	}
	for _, doc := range docs {
		doc.File, doc.Origin = file, origin
	}
	locators := r.locators(result.Unit, run, t, docs)
	for i, doc := range docs {
		if !verbatim {
			doc = doc.WithLocator(locators[i])
		}
		objects := parse.Objects(doc)
		if len(objects) == 0 && !isList(doc.Value) {
			result.add(Problem{
				Rule: RenderError, Location: doc.Locate(nil, "").Location, What: result.Unit.what(),
				Message: fmt.Sprintf("%s renders something that is no Kubernetes object: it has no apiVersion and kind", t.label(file)),
			})
		}
		result.Documents = append(result.Documents, objects...)
	}
}

// commented is a separator of documents with a comment at its heels, which a template writes that trims too much. Helm takes
// it for a separator all the same.
var commented = regexp.MustCompile(`(?m)^---#.*$`)

// separated takes such comments out of a text; every place stays where it is.
func separated(data []byte) []byte {
	if !bytes.Contains(data, []byte("---#")) {
		return data
	}
	return commented.ReplaceAllFunc(data, func(line []byte) []byte {
		return append([]byte("---"), bytes.Repeat([]byte(" "), len(line)-len("---"))...)
	})
}

// object reads one object of a kustomization, which is JSON that the library wrote.
func (r *Renderer) object(result *Result, run run, t text, file *source.File, origin *source.Origin) {
	decoder := json.NewDecoder(strings.NewReader(t.Data))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		result.add(Problem{
			Rule: RenderError, Location: source.FileStart(file.Path), What: result.Unit.what(),
			Message: fmt.Sprintf("%s renders to an object that cannot be read: %s", result.Unit.what(), oneLine(err.Error())),
		})
		return
	}
	doc := source.NewDocument(file, source.Manifest, parse.PlainNumbers(value), nil)
	doc.Origin = origin
	locators := r.locators(result.Unit, run, t, []*source.Document{doc})
	result.Documents = append(result.Documents, parse.Objects(doc.WithLocator(locators[0]))...)
}

// isList reports whether a document is a list, which may well be empty.
func isList(value any) bool {
	m, _ := value.(map[string]any)
	_, ok := m["items"]
	return ok && m["kind"] != nil
}

// home is the file that a text is attributed to as a whole.
func (r *Renderer) home(unit Unit, t text) *source.File {
	switch {
	case t.Source != "" && unit.Renderer == Helm:
		return r.files.get(t.Source, source.ChartFile)
	case t.Source != "":
		return r.files.get(t.Source, source.Manifest)
	case t.Anchor.Path != "":
		return r.files.get(t.Anchor.Path, kindOf(unit))
	default:
		return r.files.get(unit.File, kindOf(unit))
	}
}

func kindOf(unit Unit) source.Kind {
	if unit.Renderer == Helm {
		return source.Chart
	}
	return source.Kustomization
}

// label names a text in a message.
func (t text) label(file *source.File) string {
	if t.Source == "" && t.Name != "" {
		return t.Name
	}
	return file.Path
}

// textProblem is a rendered text that is no YAML.
func (r *Renderer) textProblem(unit Unit, run run, t text, err *source.SyntaxError, verbatim bool) Problem {
	file := r.home(unit, t)
	at := source.FileStart(file.Path)
	switch {
	case verbatim:
		at.Span = err.Span
	case t.Source == "":
		at = t.Anchor
	default:
		line := source.NewText([]byte(t.Data)).Line(err.Span.Start.Line)
		if n, ok := onlyLine(file.Data, line); ok {
			at = lineOf(file.Path, file.Data, n)
		}
	}
	what := unit.what()
	if !run.variant.defaults() {
		what += " with " + run.variant.Name
	}
	message := fmt.Sprintf("%s renders to what is no YAML, at line %d of its output: %s", t.label(file), err.Span.Start.Line, oneLine(err.Message))
	if whole, ok := strings.CutPrefix(err.Message, "the file "); ok && !verbatim { // the parser takes the output for a file
		whole, _, _ = strings.Cut(whole, "; ")
		message = fmt.Sprintf("%s renders to what cannot be read: its output %s", t.label(file), whole)
	}
	return Problem{Rule: RenderError, Location: at, What: what, Message: message}
}

// onlyLine is the 1-based number of the line of data that reads like line, when there is just one.
func onlyLine(data, line []byte) (int, bool) {
	line = bytes.TrimSpace(line)
	if len(line) == 0 {
		return 0, false
	}
	at, found := 0, 0
	for i, l := range bytes.Split(data, []byte("\n")) {
		if bytes.Equal(bytes.TrimSpace(l), line) {
			at, found = i+1, found+1
		}
	}
	return at, found == 1
}
