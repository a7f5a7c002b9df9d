package source_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// read gives the documents of a YAML stream; it stops at the first that cannot be read.
func read(data []byte, dialect source.Dialect) ([]*source.Document, error) {
	y := source.NewYAML(&source.File{Path: "f.yaml", Data: data})
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var docs []*source.Document
	for {
		var root yaml.Node
		if err := decoder.Decode(&root); errors.Is(err, io.EOF) {
			return docs, nil
		} else if err != nil {
			return docs, err
		}
		doc, err := y.Document(&root, 1, source.Manifest, dialect)
		if err != nil {
			return docs, err
		}
		docs = append(docs, doc)
	}
}

func mustRead(t *testing.T, text string) *source.Document {
	t.Helper()
	docs, err := read([]byte(text), source.YAML11)
	if err != nil || len(docs) != 1 {
		t.Fatalf("read %q: %d documents, error %v", text, len(docs), err)
	}
	return docs[0]
}

// leaves calls visit for every scalar of a value.
func leaves(value any, path source.Path, visit func(source.Path, any)) {
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			leaves(item, path.Append(key), visit)
		}
	case []any:
		for i, item := range v {
			leaves(item, path.Append(i), visit)
		}
	default:
		visit(path, value)
	}
}

// checkLeaves holds every scalar to the property that its span, read on its own, gives the value again.
func checkLeaves(t *testing.T, name string, data []byte, doc *source.Document) {
	t.Helper()
	leaves(doc.Value, nil, func(path source.Path, want any) {
		span := doc.Locate(path, "").Span
		if !span.Exact || span.Start.Offset > span.End.Offset || span.End.Offset > len(data) {
			t.Fatalf("%s: %s: span %+v of %d bytes", name, path, span, len(data))
		}
		text := data[span.Start.Offset:span.End.Offset]
		if want == nil || want == "" || want == "..." || indicator.Match(text) {
			return // the place may be that of the key, or the text says something else by itself
		}
		if got := alone(text); !same(got, want) {
			t.Errorf("%s:%d: %s: the span holds %q, which reads as %q, not %q", name, span.Start.Line, path, text, fmt.Sprint(got), fmt.Sprint(want))
		}
	})
}

// indicator finds a block scalar whose indentation is counted from the map around it.
var indicator = regexp.MustCompile(`^[|>][-+]?[1-9]`)

// alone reads a scalar's text by itself.
func alone(text []byte) any {
	docs, err := read(text, source.YAML11)
	if err != nil || len(docs) != 1 {
		return fmt.Sprintf("%d documents, error %v", len(docs), err)
	}
	return docs[0].Value
}

// same compares without the blanks that end a block: they belong to its value but not to its place.
func same(got, want any) bool {
	trim := func(v any) string { return strings.TrimRight(fmt.Sprint(v), " \t\n") }
	return trim(got) == trim(want)
}

func TestLocate(t *testing.T) {
	tests := []struct {
		name, yaml string
		path       source.Path
		text       string
		want       string // the text that the span covers
		at         string // line:column
	}{
		{name: "plain", yaml: "a: 1\nb: two words # note\n", path: source.Path{"b"}, want: "two words", at: "2:4"},
		{name: "double quoted", yaml: `a: "x \" y" # "`, path: source.Path{"a"}, want: `"x \" y"`, at: "1:4"},
		{name: "single quoted", yaml: `a: 'it''s'`, path: source.Path{"a"}, want: `'it''s'`, at: "1:4"},
		{name: "CRLF", yaml: "a: 1\r\nb: x\r\nc: |\r\n  one\r\n  two\r\nd: e\r\n", path: source.Path{"c"}, want: "|\r\n  one\r\n  two", at: "3:4"},
		{name: "after CRLF", yaml: "a: 1\r\nb: x\r\n", path: source.Path{"b"}, want: "x", at: "2:4"},
		{name: "byte order mark", yaml: "\ufeffa: x\nb: y\n", path: source.Path{"a"}, want: "x", at: "1:7"},
		{name: "tab before a comment", yaml: "a:\tx\t# y\n", path: source.Path{"a"}, want: "x", at: "1:4"},
		{name: "columns are bytes", yaml: "{é: ü, b: x}\n", path: source.Path{"b"}, want: "x", at: "1:13"},
		{name: "Unicode line separator", yaml: "a: x\u2028b: y\nc: z\n", path: source.Path{"c"}, want: "z", at: "2:4"},
		{name: "next line separator", yaml: "a: x\u0085b: y\n", path: source.Path{"b"}, want: "y", at: "1:10"},
		{name: "literal", yaml: "a: |\n  one\n\n  two\n\nb: c\n", path: source.Path{"a"}, want: "|\n  one\n\n  two", at: "1:4"},
		{name: "literal with indicator", yaml: "k:\n  a: |2-\n      one\n    two\n  b: c\n", path: source.Path{"k", "a"}, want: "|2-\n      one\n    two", at: "2:6"},
		{name: "literal with a comment", yaml: "a: | # 3 lines\n  one\nb: c\n", path: source.Path{"a"}, want: "| # 3 lines\n  one", at: "1:4"},
		{name: "empty literal in a list", yaml: "l:\n  - a: |\n\n  - b: x\n", path: source.Path{"l", 0, "a"}, want: "|", at: "2:8"},
		{name: "empty literal as an item", yaml: "l:\n  - |\n  - b\n", path: source.Path{"l", 0}, want: "|", at: "2:5"},
		{name: "folded", yaml: "a: >-\n  one\n  two\n", path: source.Path{"a"}, want: ">-\n  one\n  two", at: "1:4"},
		{name: "plain over lines", yaml: "a: one\n  two\n\n  three\nb: c\n", path: source.Path{"a"}, want: "one\n  two\n\n  three", at: "1:4"},
		{name: "anchor", yaml: "a: &x  value\n", path: source.Path{"a"}, want: "value", at: "1:8"},
		{name: "tag and anchor", yaml: "a: !!str &x 12\n", path: source.Path{"a"}, want: "12", at: "1:13"},
		{name: "tag without a value", yaml: "a: !t\nb: c\n", path: source.Path{"a"}, want: "a", at: "1:1"},
		{name: "alias leads to its source", yaml: "a: &x value\nb: *x\n", path: source.Path{"b"}, want: "value", at: "1:7"},
		{name: "merged key leads to its source", yaml: "a: &x {k: v}\nb:\n  <<: *x\n  l: m\n", path: source.Path{"b", "k"}, want: "v", at: "1:11"},
		{name: "own key wins over a merged one", yaml: "a: &x {k: v}\nb:\n  k: w\n  <<: *x\n", path: source.Path{"b", "k"}, want: "w", at: "3:6"},
		{name: "last of duplicate keys", yaml: "a: x\na: y\n", path: source.Path{"a"}, want: "y", at: "2:4"},
		{name: "a map is at its key", yaml: "a:\n  b: c\n", path: source.Path{"a"}, want: "a", at: "1:1"},
		{name: "an item that is a map is its first line", yaml: "- a: b\n  c: d\n", path: source.Path{0}, want: "a: b", at: "1:3"},
		{name: "an empty value is at its key", yaml: "a: 1\nb:\n", path: source.Path{"b"}, want: "b", at: "2:1"},
		{name: "nearest ancestor", yaml: "a:\n  b: c\n", path: source.Path{"a", "x", 3}, want: "a", at: "1:1"},
		{name: "text in a literal", yaml: "a: |\n  one ${{ x }}\n  two\n", path: source.Path{"a"}, text: "${{ x }}", want: "${{ x }}", at: "2:7"},
		{name: "text that is not there", yaml: "a: one\n", path: source.Path{"a"}, text: "two", want: "one", at: "1:4"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			span := mustRead(t, test.yaml).Locate(test.path, test.text).Span
			if got := test.yaml[span.Start.Offset:span.End.Offset]; got != test.want {
				t.Errorf("the span covers %q, want %q", got, test.want)
			}
			if at := fmt.Sprintf("%d:%d", span.Start.Line, span.Start.Column); at != test.at {
				t.Errorf("it begins at %s, want %s", at, test.at)
			}
		})
	}
}

func TestValues(t *testing.T) {
	const text = `
bool: [true, "true", yes, "yes", on, no]
numbers: [1, 0o17, 0x1f, 1_000, -3, 1.5, .inf, 18446744073709551615, 123456789012345678901]
null: [~, null, ""]
date: 2024-01-01
tagged: [!!str 1, !!int "2"]
merged: {<<: [{a: 1, b: 1}, {b: 2, c: 2}], c: 3}
`
	want := map[string]any{
		"bool":    []any{true, "true", true, "yes", true, false},
		"numbers": []any{1, 15, 31, 1000, -3, 1.5, ".inf", uint64(18446744073709551615), 1.2345678901234568e+20},
		"null":    []any{nil, nil, ""},
		"date":    "2024-01-01",
		"tagged":  []any{"1", 2},
		"merged":  map[string]any{"a": 1, "b": 1, "c": 3},
	}
	if diff := cmp.Diff(want, mustRead(t, text).Value); diff != "" {
		t.Errorf("YAML 1.1 (-want +got):\n%s", diff)
	}
	docs, err := read([]byte("on: [yes, no, off, true]"), source.YAML12)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"on": []any{"yes", "no", "off", true}}, docs[0].Value); diff != "" {
		t.Errorf("YAML 1.2 (-want +got):\n%s", diff)
	}
}

func TestHostile(t *testing.T) {
	bomb := "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
	for c := 'b'; c <= 'h'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s*%c]\n", c, c, strings.Repeat(fmt.Sprintf("*%c, ", c-1), 9), c-1)
	}
	tests := []struct{ name, yaml, want string }{
		{"alias bomb", bomb, "line 6: more than 1000000 values once its aliases are expanded"},
		{"self", "a: 1\nb: &b [*b]\n", "line 2: alias *b stands inside its own anchor"},
		{"self by merge", "a: 1\nb: &b\n  <<: *b\n", "line 3: alias *b stands inside its own anchor"},
		{"depth", "a: " + strings.Repeat("[", 600) + strings.Repeat("]", 600), "line 1: nested more than 500 levels deep"},
		{"key is a map", "a: {{ x }}\n", "line 1: the key of a map is itself a map or list"},
		{"merge of a text", "a: 1\n<<: x\n", "line 2: a merge key takes a map"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := read([]byte(test.yaml), source.YAML11)
			if err == nil || err.Error() != test.want {
				t.Errorf("error %v, want %s", err, test.want)
			}
		})
	}
}

// TestCorpus holds every scalar of the public corpus to its span.
func TestCorpus(t *testing.T) {
	root := corpus.Dir(t)
	if testing.Short() {
		t.Skip("reads the whole corpus")
	}
	documents := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		ext := filepath.Ext(path)
		if err != nil || !entry.Type().IsRegular() || ext != ".yml" && ext != ".yaml" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil || len(data) > 16<<10 { // larger ones hold more of the same
			return err
		}
		docs, _ := read(data, source.YAML11)
		for _, doc := range docs {
			checkLeaves(t, path, data, doc)
			documents++
		}
		return nil
	})
	if err != nil || documents == 0 {
		t.Errorf("%d documents, error %v", documents, err)
	}
}

func FuzzLocate(f *testing.F) {
	for _, seed := range []string{
		"a: b\n", "a: |2-\n   x\n  y\nb: >+\n\n  z\n", "- &a x\n- *a\n", "a: &m {k: v}\nb: {<<: *m}\n", "{é: \"\\u00e9\", 'it''s': !!str 1}",
		"\ufeffa: b\r\nc: d\re: f\u2028g: h\u0085i: j", "a: one\n  two\n\n  three\n", "? a\n: b\n", "a:\n- |\n- x\n", "--- >\n x\n--- y\n...\n",
	} {
		f.Add([]byte(seed), "x")
	}
	f.Fuzz(func(t *testing.T, data []byte, text string) {
		docs, _ := read(data, source.YAML11)
		for _, doc := range docs {
			visited := 0
			visit := func(path source.Path, _ any) {
				if visited++; visited > 100 { // aliases make many values of a short text
					return
				}
				span := doc.Locate(path, text).Span
				if span.Start.Offset < 0 || span.Start.Offset > span.End.Offset || span.End.Offset > len(data) {
					t.Fatalf("%s: span %+v of %d bytes", path, span, len(data))
				}
				if lines := bytes.Count(data[:span.Start.Offset], []byte("\n")); span.Start.Line != lines+1 {
					t.Fatalf("%s: line %d, want %d", path, span.Start.Line, lines+1)
				}
			}
			visit(source.Path{"no", 7, "such"}, nil)
			leaves(doc.Value, nil, visit)
		}
	})
}
