package deploy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// application holds values in every form that a document can have.
const application = `apiVersion: v1
kind: ConfigMap
metadata: {name: other}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
spec:
  source:
    helm:
      valuesObject:
        replicas: 3
        image: {tag: "1.0", names: [a, b]}
        gone: null
      values: |
        image:
          tag: 2.0
        list:
          - name: x
      parameters:
        - name: image.tag
          value: "{{name}}-3"
        - {name: 'list[0].name', value: v}
        - {name: 'list[1].port', value: 8080}
        - {name: kept, value: "true", forceString: true}
        - {name: hosts, value: "{a.example, b.example}"}
        - {name: text, value: "a,b"}
        - {name: empty, value: ""}
        - {name: 'labels.app\.kubernetes\.io/name', value: web}
`

var helm = source.Path{"spec", "source", "helm"}

func forms() []Layer {
	return []Layer{
		{File: "values.yaml"},
		{File: "app.yaml", Doc: 1, At: helm.Append("valuesObject")},
		{File: "app.yaml", Doc: 1, At: helm.Append("values"), Form: Text},
		{File: "app.yaml", Doc: 1, At: helm.Append("parameters"), Form: Parameters, Fill: []Filling{{"{{name}}", "west"}}},
		{File: "note.txt", Form: Contents, Key: "note.text"},
		{File: "app.yaml", Doc: 1, At: helm.Append("parameters", 3, "value"), Form: Parameter, Key: "typed"},
	}
}

var texts = map[string]string{
	"values.yaml": "image: {tag: 0.1, pull: Always}\nlist: [{name: w, port: 1}]\nlabels: {a: b}\ngone: {deep: 1}\n",
	"app.yaml":    application,
	"note.txt":    "one, {two}\n",
}

func TestApply(t *testing.T) {
	cases := []struct {
		name   string
		layers []Layer
		want   map[string]any
	}{
		{"no layers", nil, map[string]any{}},
		{"a values file", forms()[:1], map[string]any{
			"image": map[string]any{"tag": 0.1, "pull": "Always"}, "labels": map[string]any{"a": "b"},
			"list": []any{map[string]any{"name": "w", "port": 1.0}}, "gone": map[string]any{"deep": 1.0},
		}},
		{"a map over a file", forms()[:2], map[string]any{
			"image":  map[string]any{"tag": "1.0", "pull": "Always", "names": []any{"a", "b"}},
			"labels": map[string]any{"a": "b"}, "list": []any{map[string]any{"name": "w", "port": 1.0}}, "gone": nil, "replicas": 3.0,
		}},
		{"all", forms(), map[string]any{
			"image":  map[string]any{"tag": "west-3", "pull": "Always", "names": []any{"a", "b"}},
			"labels": map[string]any{"a": "b", "app.kubernetes.io/name": "web"},
			"list":   []any{map[string]any{"name": "v"}, map[string]any{"port": int64(8080)}},
			"gone":   nil, "replicas": 3.0, "kept": "true", "hosts": []any{"a.example", " b.example"}, "text": "a,b", "empty": "",
			"note": map[string]any{"text": "one, {two}\n"}, "typed": true,
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := map[string]any{}
			for _, l := range c.layers {
				var err error
				if got, err = l.Apply(got, []byte(texts[l.File])); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestShadowMirrorsApply merges values and their shadows, and reads every value back at the layer and path of its tag.
func TestShadowMirrorsApply(t *testing.T) {
	layers := forms()
	merged, shadows := map[string]any{}, map[string]any{}
	own := make([]map[string]any, len(layers))
	for i, l := range layers {
		data, err := []byte(texts[l.File]), error(nil)
		if own[i], err = l.Apply(nil, data); err != nil {
			t.Fatal(err)
		}
		if merged, err = l.Apply(merged, data); err != nil {
			t.Fatal(err)
		}
		if shadows, err = l.Shadow(shadows, data, func(path source.Path) string { return fmt.Sprintf("%d %s", i, path) }); err != nil {
			t.Fatal(err)
		}
	}
	var back func(shadow any) any
	back = func(shadow any) any {
		switch s := shadow.(type) {
		case map[string]any:
			out := map[string]any{}
			for key, item := range s {
				if key != TableKey {
					out[key] = back(item)
				}
			}
			return out
		case []any:
			out := make([]any, len(s))
			for i := range s {
				out[i] = back(s[i])
			}
			return out
		case string:
			var layer int
			var rest string
			if _, err := fmt.Sscan(s, &layer, &rest); err != nil {
				t.Fatalf("tag %q: %v", s, err)
			}
			_, rest, _ = strings.Cut(s, " ")
			value, ok := findPath(own[layer], nil, rest)
			if !ok {
				t.Errorf("tag %q leads nowhere", s)
			}
			return value
		}
		return shadow
	}
	if diff := cmp.Diff(any(merged), back(shadows)); diff != "" {
		t.Error(diff)
	}
	if got := shadows["image"].(map[string]any)[TableKey]; got != "2 image" {
		t.Errorf("the table image is of %v", got)
	}
}

// findPath finds the value whose path is written so.
func findPath(value any, at source.Path, written string) (any, bool) {
	if at.String() == written {
		return value, true
	}
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			if found, ok := findPath(item, at.Append(key), written); ok {
				return found, true
			}
		}
	case []any:
		for i, item := range v {
			if found, ok := findPath(item, at.Append(i), written); ok {
				return found, true
			}
		}
	}
	return nil, false
}

// TestApplyReadsLikeHelm goes by what helm template -f 0 -f 1 … makes of these files.
func TestApplyReadsLikeHelm(t *testing.T) {
	files := []string{
		"a: {b: 1, c: [1, 2], d: yes}\ne: 12345678901\nt: 2020-01-01\n",
		"a: {b: {x: 1}, c: []}\n",
		"f: null\ne: {f: 0o17, g: 017, h: 1e3}\n",
		"",
		"l: {z: &z [1], w: *z}\n---\nsecond: document\n",
	}
	got := map[string]any{}
	for _, text := range files {
		var err error
		if got, err = (Layer{File: "v.yaml"}).Apply(got, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]any{
		"a": map[string]any{"b": map[string]any{"x": 1.0}, "c": []any{}, "d": true},
		"e": map[string]any{"f": 15.0, "g": 15.0, "h": 1000.0}, "f": nil, "t": "2020-01-01",
		"l": map[string]any{"z": []any{1.0}, "w": []any{1.0}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLocator(t *testing.T) {
	cases := []struct {
		name  string
		layer int
		path  source.Path
		want  string // line:column text, ~ when not exact
	}{
		{"in a file", 0, source.Path{"image", "pull"}, `1:25 Always`},
		{"in a map", 1, source.Path{"image", "tag"}, `12:22 "1.0"`},
		{"an item of a list", 1, source.Path{"image", "names", 1}, `12:40 b`},
		{"in a text", 2, source.Path{"image", "tag"}, `16:16 2.0`},
		{"in a text's list", 2, source.Path{"list", 0, "name"}, `18:19 x`},
		{"a parameter", 3, source.Path{"image", "tag"}, `21:18 "{{name}}-3"`},
		{"a parameter of a list", 3, source.Path{"list", 1, "port"}, `23:41 8080`},
		{"an item of a parameter's list", 3, source.Path{"hosts", 1}, `25:32 "{a.example, b.example}"`},
		{"a dotted key", 3, source.Path{"labels", "app.kubernetes.io/name"}, `28:60 web`},
		{"a table of parameters", 3, source.Path{"labels"}, `28:60 web`},
		{"no parameter", 3, source.Path{"nothing"}, `~19:7 parameters`},
		{"a file's contents", 4, source.Path{"note", "text"}, `~1:1`},
		{"one parameter", 5, source.Path{"typed"}, `24:31 "true"`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := forms()[c.layer]
			file := &source.File{Path: l.File, Data: []byte(texts[l.File])}
			at := l.Locator(file).Locate(c.path, "")
			got := fmt.Sprintf("%d:%d %s", at.Span.Start.Line, at.Span.Start.Column, file.Data[at.Span.Start.Offset:at.Span.End.Offset])
			if !at.Span.Exact {
				got = "~" + got
			}
			if inexact := strings.HasPrefix(c.want, "~") && strings.HasPrefix(got, c.want); at.Path != l.File || got != c.want && !inexact {
				t.Errorf("got %s %s, want %s", at.Path, got, c.want)
			}
		})
	}
}

// TestTemplate reads values out of a file that writes YAML, and finds their places.
func TestTemplate(t *testing.T) {
	const text = `{{- $x := 1 }}
kube: {{ requiredEnv "KUBE: CONTEXT" }}
releases:
  - values:
      - name: "{{` + "`{{ .Release.Name }}`" + `}}-x" # é {{ .y }}
        tag: 1
{{- if .more }}
        privileged: true
{{ end -}}
`
	l := Layer{
		File: "helmfile.yaml", At: source.Path{"releases", 0, "values", 0}, Template: true,
		Fill: []Filling{{"{{`{{ .Release.Name }}`}}", "web"}},
	}
	got, err := l.Apply(nil, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"name": "web-x", "tag": 1.0, "privileged": true}, got); diff != "" {
		t.Error(diff)
	}
	locator := l.Locator(&source.File{Path: l.File, Data: []byte(text)})
	for key, want := range map[string]string{"name": `5:15 "{{` + "`{{ .Release.Name }}`" + `}}-x"`, "tag": "6:14 1", "privileged": "8:21 true"} {
		at := locator.Locate(source.Path{key}, "")
		if got := fmt.Sprintf("%d:%d %s", at.Span.Start.Line, at.Span.Start.Column, text[at.Span.Start.Offset:at.Span.End.Offset]); got != want {
			t.Errorf("%s is at %s, want %s", key, got, want)
		}
	}
}

func TestKeyPathIsHelms(t *testing.T) {
	for _, key := range []string{"a", "a.b", `a\.b.c`, "a[2]", "a[0].b", "a[1][0].b", `a\,b`, `x.y\[0\].z`} {
		path, ok := keyPath(key)
		if !ok {
			t.Errorf("%s: no path", key)
			continue
		}
		got := map[string]any{}
		s := setting{key: key, text: "v"}
		if err := s.into(got, nil); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		if value, found := path.Get(got); !found || value != "v" {
			t.Errorf("%s: %v leads to %v in %v", key, path, value, got)
		}
	}
	for _, key := range []string{"", "a=b", "a,b", "a[x]", "a[", `a\`, "a[-1]"} {
		if path, ok := keyPath(key); ok {
			t.Errorf("%q: path %v", key, path)
		}
	}
}

func TestParameterInQuotes(t *testing.T) {
	for text, want := range map[string]any{`'80'`: "80", `"true"`: "true", `80`: int64(80), `'`: "'", `a,b`: "a,b"} {
		got, err := Layer{Form: Parameter, Key: "k"}.Apply(nil, []byte(text))
		if err != nil || got["k"] != want {
			t.Errorf("%s: %#v, %v", text, got["k"], err)
		}
	}
}

func TestApplyRefuses(t *testing.T) {
	cases := map[string]struct {
		layer Layer
		data  string
	}{
		"no YAML":             {Layer{}, "a: [\n"},
		"no map":              {Layer{}, "- a\n"},
		"no document":         {Layer{Doc: 3, At: source.Path{"a"}}, "a: {}\n"},
		"a text for a map":    {Layer{At: source.Path{"a"}}, "a: b\n"},
		"a map for a text":    {Layer{At: source.Path{"a"}, Form: Text}, "a: {}\n"},
		"a list not ended":    {Layer{At: source.Path{"a"}, Form: Parameter, Key: "k"}, "a: '{b'\n"},
		"no key":              {Layer{At: source.Path{"a"}, Form: Parameter, Key: "k=v"}, "a: b\n"},
		"a scalar is no list": {Layer{At: source.Path{"a"}, Form: Parameters}, "a: [{name: b, value: c}, {name: b.d, value: e}]\n"},
		"a far index":         {Layer{At: source.Path{"a"}, Form: Parameter, Key: "k[99999999]"}, "a: b\n"},
		"many parameters":     {Layer{At: source.Path{"a"}, Form: Parameters}, "a: [" + strings.Repeat("{name: b, value: c},", maxParameters+1) + "]\n"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got, err := c.layer.Apply(nil, []byte(c.data)); err == nil {
				t.Errorf("got %v", got)
			}
		})
	}
}

// infra holds values in every form that a file of Terraform can have.
const infra = `resource "helm_release" "web" {
  values = [
    <<-EOT
      image:
        tag: ${var.tag}
        pull: ${var.unknown}
    EOT
    ,
    yamlencode({
      port  = var.port
      image = { name = "web", pull = local.pull }
      list  = [{ name = "a" }]
    }),
  ]
  set {
    name  = "list[0].name"
    value = "b,c"
  }
  set_list {
    name  = "hosts"
    value = ["a", "b"]
  }
}
`

func TestTerraformLayers(t *testing.T) {
	release := source.Path{"resource", "helm_release", "web", 0}
	fill := []Filling{{"${var.tag}", "v1"}}
	layers := []Layer{
		{File: "main.tf", At: release.Append("values", 0), Form: Text, Fill: fill},
		{File: "main.tf", At: release.Append("values", 1), Form: Text, Fill: []Filling{{"${var.port}", "80"}}},
		{File: "main.tf", At: release.Append("set", 0, "value"), Form: Parameter, Key: "list[0].name"},
		{File: "main.tf", At: release.Append("set_list", 0, "value"), Form: Parameter, Key: "hosts"},
	}
	var values map[string]any
	for _, l := range layers {
		var err error
		if values, err = l.Apply(values, []byte(infra)); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]any{
		"image": map[string]any{"tag": "v1", "name": "web"}, "port": 80.0,
		"list": []any{map[string]any{"name": "b,c"}}, "hosts": []any{"a", "b"},
	}
	if diff := cmp.Diff(want, values); diff != "" {
		t.Error(diff)
	}
	file := &source.File{Path: "main.tf", Data: []byte(infra)}
	for i, place := range []struct {
		path source.Path
		want string
	}{
		{source.Path{"image", "tag"}, "${var.tag}"},
		{source.Path{"list", 0, "name"}, `"a"`},
		{source.Path{"list", 0, "name"}, `"b,c"`},
		{source.Path{"hosts", 1}, "value"},
	} {
		span := layers[i].Locator(file).Locate(place.path, "").Span
		if got := infra[span.Start.Offset:span.End.Offset]; got != place.want {
			t.Errorf("layer %d, %s: %q, want %q", i, place.path, got, place.want)
		}
	}
}
