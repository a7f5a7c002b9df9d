package parse_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func file(kind source.Kind, path, text string) *source.File {
	return &source.File{Path: path, Kind: kind, Data: []byte(text)}
}

// outcome is what a test says of a result: the values of the documents and the errors as text.
func outcome(docs []*source.Document, errs []*source.SyntaxError) (values []any, messages []string) {
	for _, doc := range docs {
		values = append(values, doc.Value)
	}
	for _, err := range errs {
		messages = append(messages, err.Error())
	}
	return values, messages
}

// covered is the text that a path's span covers.
func covered(doc *source.Document, path source.Path, text string) string {
	span := doc.Locate(path, text).Span
	return string(doc.File.Data[span.Start.Offset:span.End.Offset])
}

func TestStream(t *testing.T) {
	tests := []struct {
		name, text string
		values     []any
		errors     []string
	}{
		{name: "empty", text: ""},
		{name: "only comments", text: "# a\n---\n# b\n---\n"},
		{name: "two documents", text: "---\na: 1\n---\nb: 2\n", values: []any{map[string]any{"a": 1}, map[string]any{"b": 2}}},
		{name: "content on the marker's line", text: "--- 1\n--- 2\n", values: []any{1, 2}},
		{name: "end markers", text: "a\n...\n# c\n---\nb\n...\n", values: []any{"a", "b"}},
		{name: "a marker in a block is none", text: "a: |\n  ---\n  x\n", values: []any{map[string]any{"a": "---\nx\n"}}},
		{name: "version directive", text: "%YAML 1.2\n---\na: 1\n", values: []any{map[string]any{"a": 1}}},
		{name: "CRLF", text: "a: 1\r\n---\r\nb: 2\r\n", values: []any{map[string]any{"a": 1}, map[string]any{"b": 2}}},
		{name: "byte order mark", text: "\ufeff---\na: 1\n", values: []any{map[string]any{"a": 1}}},
		{name: "a marker that only YAML sees", text: "a\u2028--- b\n", values: []any{"a", "b"}},
		{name: "JSON", text: "{\n\t\"a\": [1, \"\\/\"]\n}\n", values: []any{map[string]any{"a": []any{1, "/"}}}},
		{name: "JSON's own escapes", text: `{"a": "\\/ \ud83d\ude00", "b": 1.5}`, values: []any{map[string]any{"a": `\/ 😀`, "b": 1.5}}},
		{
			name:   "an escaped slash",
			text:   "a: \"x\\/y \\\\/ z\"\nb: s/\\//x/ # \\/\nc: 'd\\/e'\nf: |\n  g\\/h\n",
			values: []any{map[string]any{"a": `x/y \/ z`, "b": `s/\//x/`, "c": `d\/e`, "f": "g\\/h\n"}},
		},
		{
			name: "a broken document hides no other", text: "a: 1\n---\nb: [\n---\nc: 3\n",
			values: []any{map[string]any{"a": 1}, map[string]any{"c": 3}},
			errors: []string{"line 3: a value is missing: a bracket or brace is not closed, or a comma is one too many"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			values, errs := outcome(parse.YAML(file("", "f.yaml", test.text), source.Workflow, source.YAML12))
			if diff := cmp.Diff(test.values, values); diff != "" {
				t.Errorf("documents (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.errors, errs); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLinesOfLaterDocuments(t *testing.T) {
	docs, _ := parse.YAML(file("", "f.yaml", "a: 1\n---\n# note\n---\nb:\n  c: here\n"), source.Workflow, source.YAML12)
	got := docs[1].Locate(source.Path{"b", "c"}, "").Span.Start
	if want := (source.Point{Line: 6, Column: 6, Offset: 28}); got != want {
		t.Errorf("begins at %+v, want %+v", got, want)
	}
}

func TestErrorLines(t *testing.T) {
	const continues = "the text does not continue the map or list that it stands in: check the indentation and the quotes"
	const noTab, noColon = "a tab stands where YAML takes only spaces", "a colon stands where no key can: put the text around it in quotes, or check the indentation"
	tests := []struct{ name, text, covers, want string }{
		{"first line", "a: b: c\n", ":", "line 1: " + noColon},
		{"colon after a value that goes on", "a: b\n  c: d\n", ":", "line 2: " + noColon},
		{"missing colon", "a: b\nfoo\nbar: 1\n", "foo", "line 2: a line that should be a key with its value has no colon after its key: check the indentation and the quotes"},
		{"indentation", "a: 1\nb:\n  c: 1\n d: 2\ne: 3\n", "d: 2", "line 4: " + continues},
		{"list in a map", "a: 1\n- b\n", "- b", "line 2: " + continues},
		{"map in a list", "- a\n- b\nc: 1\n", "c: 1", "line 3: " + continues},
		{"list beside its key", "a: - b\n", "a: - b", "line 1: a list cannot begin here: put each of its dashes on a line of its own"},
		{"open quotes", "a: 1\nb: \"x\nc: 3\nd: 4\n", "\"x", "line 2: the quotes that begin here are never closed"},
		{"open quotes in a list", "a: 1\nb: ['x', 'y]\n", "'y]", "line 2: the quotes that begin here are never closed"},
		{"open bracket", "a: [b\nc: d\n", "a: [b", "line 1: a list in brackets is not closed, or lacks a comma"},
		{"open brace", "a: {b: c\nd: e\n", "a: {b: c", "line 1: a map in braces is not closed, or lacks a comma"},
		{"text that ends too early", "a: 1\nb: [\n\n\n", "b: [", "line 2: a value is missing: a bracket or brace is not closed, or a comma is one too many"},
		{"tab", "x: 1\ny: 2\n\tz: 3\n", "\t", "line 3: " + noTab},
		{"tab before a list", "x:\n\t- y\n", "\t", "line 2: " + noTab},
		{"unknown anchor", "a: 1\nb: 2\nc: *x\nd: 4\n", "c: *x", "line 3: unknown anchor 'x' referenced"},
		{"star", "a: 1\nb: *.example.com\n", "*", "line 2: a * or & begins the name of an alias or anchor: put the text in quotes"},
		{"escape", "a: \"\\d+\"\n", `\d`, "line 1: a backslash in double quotes stands before what it cannot escape: use single quotes"},
		{"control character", "a: 1\nb: 2\nc: \x01\n", "c: \x01", "line 3: control characters are not allowed"},
		{"second document", "a: 1\n---\nb: 1\nc: @\n", "@", "line 4: no value can begin with this character: put the text in quotes"},
		{"in a list", "a: [b@c, `d`]\n", "`", "line 1: no value can begin with this character: put the text in quotes"},
		{"alias of itself", "a: &a\n  b: *a\n", "*a", "line 2: alias *a stands inside its own anchor"},
		{"key of a map", "a: 1\n{b: c}: 2 # d\n", "{b: c}: 2 # d", "line 2: the key of a map is itself a map or list"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, errs := parse.YAML(file("", "f.yaml", test.text), source.Workflow, source.YAML12)
			if len(errs) != 1 || errs[0].Error() != test.want {
				t.Fatalf("got %v, want %s", errs, test.want)
			}
			span := errs[0].Span
			if got := test.text[span.Start.Offset:span.End.Offset]; got != test.covers || !span.Exact {
				t.Errorf("covers %q, exact %v, want %q", got, span.Exact, test.covers)
			}
		})
	}
}

// TestErrorOfLargeText holds that a place which was not looked for is not said to be exact.
func TestErrorOfLargeText(t *testing.T) {
	text := "a:\n" + strings.Repeat("  - b\n", 60_000) + " c: d\n"
	_, errs := parse.YAML(file("", "f.yaml", text), source.Workflow, source.YAML12)
	if len(errs) != 1 || errs[0].Span.Exact {
		t.Errorf("got %+v", errs)
	}
}

func TestHostile(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c <= 'j'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s*%c]\n", c, c, strings.Repeat(fmt.Sprintf("*%c, ", c-1), 9), c-1)
	}
	const yaml, docker, tf = source.Workflow, source.Dockerfile, source.Terraform
	tests := []struct {
		name string
		kind source.Kind
		text string
		want string
	}{
		{"NUL", yaml, "a: \x00", "line 1: the file holds a NUL byte; it is not a text"},
		{"UTF-16", yaml, "\xff\xfea\x00", "line 1: the file is UTF-16; save it as UTF-8"},
		{"Latin-1", yaml, "a: 1\nb: \xe9t\xe9\n", "line 2: byte 0xe9 is not UTF-8; save the file as UTF-8"},
		{"too large", yaml, "a: " + strings.Repeat("x", parse.MaxBytes), "line 1: the file is larger than 16 MB; exclude it if it is not to be linted"},
		{"too many values", yaml, strings.Repeat("-\n", 2_500_000), "line 1: the file holds more than 4000000 values"},
		{"too many documents", yaml, strings.Repeat("--- 1\n", 20_001), "line 1: the file holds more than 20000 documents"},
		{"lists in lists", yaml, strings.Repeat("[", 200_000), "line 1: exceeded max depth of 10000"},
		{"lists in lists in blocks", yaml, strings.Repeat("- ", 200_000), "line 1: exceeded max depth of 10000"},
		{"nested", yaml, strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000), "line 1: nested more than 500 levels deep"},
		{"alias bomb", yaml, bomb, "line 6: more than 1000000 values once its aliases are expanded"},
		{"Dockerfile of NUL", docker, "FROM a\x00b\n", "line 1: the file holds a NUL byte; it is not a text"},
		{"Dockerfile of one long line", docker, "FROM " + strings.Repeat("a", 70_000), "line 1: the line is longer than 65536 bytes, which Docker does not read"},
		{"Terraform in brackets", tf, "a = " + strings.Repeat("[", 200_000), "line 1: nested more than 1000 levels deep"},
		{"Terraform in negations", tf, "a = " + strings.Repeat("!", 200_000) + "true", "line 1: nested more than 1000 levels deep"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			_, errs := outcome(parse.File(file(test.kind, "f", test.text)))
			if diff := cmp.Diff([]string{test.want}, errs); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestManifests(t *testing.T) {
	const text = `apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: ns}
---
just: values
---
apiVersion: v1
kind: List
items:
  - apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: b
  - apiVersion: v1
    kind: PodList
    items:
      - metadata: {generateName: c-}
        spec: {hostPID: true}
---
apiVersion: example.org/v1
kind: AllowList
metadata: {name: d}
items: [x, y]
---
apiVersion: [not, text]
kind: Pod
`
	docs, errs := parse.File(file(source.Manifest, "m.yaml", text))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	var objects []string
	for _, doc := range docs {
		objects = append(objects, doc.Object.APIVersion+" "+doc.Object.String())
	}
	want := []string{"v1 ConfigMap/ns/a", "apps/v1 Deployment/b", "v1 Pod/c-", "example.org/v1 AllowList/d"}
	if diff := cmp.Diff(want, objects); diff != "" {
		t.Fatalf("objects (-want +got):\n%s", diff)
	}
	pod := docs[2]
	if line := pod.Locate(source.Path{"spec", "hostPID"}, "").Span.Start.Line; line != 18 {
		t.Errorf("the pod's hostPID is on line %d, want 18", line)
	}
	if kind, _ := (source.Path{"kind"}).Get(pod.Value); kind != "Pod" {
		t.Errorf("an item of a PodList has kind %v", kind)
	}
}

func TestTemplates(t *testing.T) {
	const noValue = "a value is missing: a bracket or brace is not closed, or a comma is one too many"
	const noStart = "no value can begin with this character: put the text in quotes"
	const noColon = "a line that should be a key with its value has no colon after its key: check the indentation and the quotes"
	const hint = "; it looks like a template of another tool; exclude it if it is not used as it stands"
	for text, want := range map[string]string{
		"{{ if x }}\na: 1\n{{ end }}\n":                       "line 1: the key of a map is itself a map or list" + hint,
		"apiVersion: v1\nkind: Pod\nspec: {{ .x }}\n":         "line 3: the key of a map is itself a map or list" + hint,
		"apiVersion: v1\nkind: A\nb: \"{{ x }}\"\n---\n- [\n": "line 5: " + noValue,
		"apiVersion: v1\nkind: A\nb: %s\n":                    "line 3: " + noStart + hint,
		"apiVersion: v1\nkind: A\nb: @NAME@\n":                "line 3: " + noStart + hint,
		"apiVersion: v1\nkind: A\n<% if x %>\nb: 1\n":         "line 3: " + noColon + hint,
		"apiVersion: v1\nkind: A\n${labels}\nb: 1\n":          "line 3: " + noColon + hint,
		"apiVersion: v1\nkind: A\nb: @x\n":                    "line 3: " + noStart,
		"apiVersion: v1\nkind: A\nb: '%s <%'\n\nc: @x\n":      "line 5: " + noStart,
	} {
		_, errs := outcome(parse.File(file(source.Manifest, "m.yaml", text)))
		if diff := cmp.Diff([]string{want}, errs); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestKindsWithoutParser(t *testing.T) {
	if docs, errs := parse.File(file(source.ChartFile, "templates/x.yaml", "{{")); docs != nil || errs != nil {
		t.Errorf("a chart's template gives %v, %v; its chart is what reads it", docs, errs)
	}
}

func FuzzFile(f *testing.F) {
	kinds := []source.Kind{source.Workflow, source.Manifest, source.Dockerfile, source.Terraform}
	f.Add(uint8(0), []byte("on: push\njobs:\n  a: {steps: [{run: x}]}\n"))
	f.Add(uint8(1), []byte("%YAML 1.2\n---\napiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, metadata: {}}]\n...\n---\n{{ x }}"))
	f.Add(uint8(2), []byte("# syntax=a:1\n# escape=`\nARG A=1\nFROM x AS y\r\nRUN <<E `\n # c\n && b\nt\nE\nONBUILD COPY --from=y [\"a\", \"b\"]\n"))
	f.Add(uint8(3), []byte("module \"a\" {\n  source = \"x/${y}\"\n  l = [-1, {b = <<E\nt\nE\n}]\n}\n"))
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		in := &source.File{Path: "f", Kind: kinds[int(kind)%len(kinds)], Data: data}
		docs, errs := parse.File(in)
		for _, err := range errs {
			if err.Message == "" || err.Span.End.Offset > len(data) || err.Span.Start.Line < 1 {
				t.Errorf("error %q at %+v", err.Message, err.Span)
			}
		}
		for _, doc := range docs {
			visited := 0
			walk(doc.Value, nil, func(path source.Path) {
				if visited++; visited > 100 { // aliases make many values of a short text
					return
				}
				if span := doc.Locate(path, "x").Span; span.Start.Offset > span.End.Offset || span.End.Offset > len(data) {
					t.Errorf("%s: span %+v of %d bytes", path, span, len(data))
				}
			})
		}
	})
}

// walk visits the path of every value.
func walk(value any, path source.Path, visit func(source.Path)) {
	visit(path)
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			walk(item, path.Append(key), visit)
		}
	case []any:
		for i, item := range v {
			walk(item, path.Append(i), visit)
		}
	}
}

// BenchmarkYAML reads a large manifest as other projects write them, or a made-up one where there is no corpus.
func BenchmarkYAML(b *testing.B) {
	text := []byte(strings.Repeat("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels: {app: b}\ndata:\n  key: |\n    some text\n    and more\n", 5_000))
	if data, err := os.ReadFile(corpus.Path("argoproj", "argo-rollouts", "manifests", "install.yaml")); err == nil {
		text = data
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, errs := parse.File(&source.File{Path: "m.yaml", Kind: source.Manifest, Data: text}); len(errs) > 0 {
			b.Fatal(errs)
		}
	}
}
