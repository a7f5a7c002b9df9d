package render

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/kustomize/kyaml/resid"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Most of the bytes of many kustomizations are schemas in definitions of custom resources, which nothing but a patch ever
// looks into, and every root that uses the definitions reads them anew. So where nothing looks into them the library gets a
// mark in the place of each, and what was built gets the schema in the place of its mark. The lines around stay where they are.

const (
	schemaMark  = "plimsoll-schema"
	leastSchema = 2 << 10  // bytes that are worth a mark
	mostParsed  = 48 << 20 // bytes of files and schemas that a child remembers
)

var (
	markedSchema = regexp.MustCompile(`\{"` + schemaMark + `":"(\d+)"\}`)
	// What a text says that may change a schema or read it: a patch, a pointer, a field path.
	saysSchema = regexp.MustCompile(schemaMark + `|openAPIV3Schema|[/.\]]schema|schema["']?\s*:|validation`)
	// The fields of a kustomization that may do more than can be told from here.
	beyondTelling = []string{"transformers", "configurations", "validators", "vars", "openapi", "crds"}
)

// shelf remembers files that were parsed for one kustomization: the next one may well use them too.
type shelf struct {
	files   map[string]*parsedFile
	schemas map[string]*schema // by the number in their mark
	bytes   int
	marks   int
}

// parsedFile is what a file holds.
type parsedFile struct {
	data  []byte
	form  form
	errs  []*source.SyntaxError
	ids   []resid.ResId // of its objects
	short []byte        // the same with marks for schemas, nil when it has none
}

// schema is one that a mark stands for.
type schema struct {
	text    []byte      // of the document that it is in
	at      source.Path // in that document
	written string      // as the library writes it, "" until it is asked for
}

func newShelf() *shelf { return &shelf{files: map[string]*parsedFile{}, schemas: map[string]*schema{}} }

// parse reads a file, unless it was read before.
func (s *shelf) parse(name string, data []byte) *parsedFile {
	if known := s.files[name]; known != nil && bytes.Equal(known.data, data) {
		return known
	}
	docs, errs := parse.YAML(&source.File{Path: name, Data: data}, source.Manifest, source.YAML11)
	p := &parsedFile{data: data, form: formOf(docs), errs: errs, ids: idsOf(docs)}
	if s.bytes += len(data); s.bytes > mostParsed {
		*s = shelf{files: map[string]*parsedFile{}, schemas: map[string]*schema{}, bytes: len(data), marks: s.marks}
	}
	if len(errs) == 0 {
		p.short = s.shorten(name, data, docs)
	}
	s.files[name] = p
	return p
}

// shorten puts marks in the place of schemas. It gives nothing when that would change more than those.
func (s *shelf) shorten(name string, data []byte, docs []*source.Document) []byte {
	if bytes.Contains(data, []byte(schemaMark)) {
		return nil
	}
	var out []byte
	done := 0
	want := make([]any, len(docs))
	for i, doc := range docs {
		want[i] = doc.Value
		for _, at := range schemasOf(doc.Value) {
			span, ok := doc.Extent(at)
			start, end := span.Start.Offset, span.End.Offset
			if !ok || end-start < leastSchema || start < done {
				continue
			}
			s.marks++
			mark := strconv.Itoa(s.marks)
			s.schemas[mark] = &schema{text: documentAround(data, start), at: at}
			want[i] = with(want[i], at, map[string]any{schemaMark: mark})
			out = append(out, data[done:start]...)
			out = fmt.Appendf(out, "{%s: %q}", schemaMark, mark)
			out = append(out, bytes.Repeat([]byte("\n"), source.LineCount(data[start:end])-1)...)
			done = end
		}
	}
	if out == nil {
		return nil
	}
	out = append(out, data[done:]...)
	short, errs := parse.YAML(&source.File{Path: name, Data: out}, source.Manifest, source.YAML11)
	if len(errs) > 0 || len(short) != len(docs) {
		return nil
	}
	for i, doc := range short {
		if !reflect.DeepEqual(doc.Value, want[i]) {
			return nil
		}
	}
	return out
}

// schemasOf are the paths of the schemas in the definition of a custom resource.
func schemasOf(object any) []source.Path {
	if field(object, "kind") != "CustomResourceDefinition" {
		return nil
	}
	out := []source.Path{{"spec", "validation", "openAPIV3Schema"}}
	versions, _ := source.Path{"spec", "versions"}.Get(object)
	for i := range items(versions) {
		out = append(out, source.Path{"spec", "versions", i, "schema", "openAPIV3Schema"})
	}
	return out
}

// documentAround is the text of the document around a place.
func documentAround(data []byte, at int) []byte {
	start := 0
	for {
		end := documentEnd(data, start)
		if end > at || end == len(data) {
			return data[start:end]
		}
		start = end
	}
}

// with is a copy of a value with another one at a path.
func with(value any, at source.Path, other any) any {
	if len(at) == 0 {
		return other
	}
	inner, _ := at[:1].Get(value)
	switch v := value.(type) {
	case map[string]any:
		out := maps.Clone(v)
		out[at[0].(string)] = with(inner, at[1:], other)
		return out
	case []any:
		out := append([]any(nil), v...)
		out[at[0].(int)] = with(inner, at[1:], other)
		return out
	}
	return value
}

// restore puts the schemas back into an object that was built. It reports false when a mark is not as it was.
func (s *shelf) restore(object string) (string, bool) {
	if !strings.Contains(object, schemaMark) {
		return object, true
	}
	whole := true
	out := markedSchema.ReplaceAllStringFunc(object, func(found string) string {
		c := s.schemas[markedSchema.FindStringSubmatch(found)[1]]
		if c == nil {
			whole = false
			return found
		}
		if c.written == "" {
			c.written = c.json()
			s.bytes += len(c.written)
		}
		whole = whole && c.written != ""
		return c.written
	})
	return out, whole && strings.Count(object, schemaMark) == len(markedSchema.FindAllStringIndex(object, -1))
}

// json is the schema as the library writes it, "" when it cannot be had.
func (c schema) json() string {
	nodes, err := kio.FromBytes(c.text)
	if err != nil || len(nodes) != 1 {
		return ""
	}
	node := nodes[0]
	for _, step := range c.at {
		switch step := step.(type) {
		case string:
			node, err = node.Pipe(yaml.Get(step))
		case int:
			node, err = node.Pipe(yaml.GetElementByIndex(step))
		}
		if err != nil || node == nil {
			return ""
		}
	}
	data, err := node.MarshalJSON()
	if err != nil {
		return ""
	}
	return string(data)
}
