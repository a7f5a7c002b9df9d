package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

const wantChain = `Deployment/prod/web, rendered by helm from charts/web with ci/a-values.yaml, ci/b-values.yaml, ci/c-values.yaml and 1 more
spec.template.spec.containers[0].image: nginx:latest

<-- charts/web/templates/deploy.yaml:3:21  the template writes it here
    3 |     template: {image: '{{ include "image" . }}'} # 日本語 名前 ⚓
      |                        ^^^^^^^^^^^^^^^^^^^^^^^

<-- charts/web/templates/_image.tpl:2:26 (not exact: it is on this line or nearby)  the named template image writes it here
    2 | {{ .Values.image.name }}:{{ .Values.image.tag }}
      |                          ~~~~~~~~~~~~~~~~~~~~~~~

<== charts/web/values.yaml:4:8  image.tag is set here; the cause: a finding would stand here
    4 |   tag: latest
      |        ^^^^^^
`

func TestWriteWhy(t *testing.T) {
	lone := Why{
		Origin: finding.Origin{Renderer: "kustomize", Root: "deploy", Object: "Pod/x", Field: "spec", Value: "a map of 2"},
		Trace: source.Trace{
			Location: source.FileStart("deploy/pod.yaml"),
			Steps:    []source.Step{{Note: source.Note{Message: "the object stands here", Location: at("Dockerfile", "debian:12", 1)}}},
		},
	}
	const wantLone = `Pod/x, rendered by kustomize from deploy
spec: a map of 2

<== deploy/pod.yaml:1:1 (only the file is known)  the cause: a finding would stand here

<-- Dockerfile:1:6  the object stands here
    1 | FROM debian:12
      |      ^^^^^^^^^
`
	tests := map[string]struct {
		all  []Why
		want string
	}{
		"a whole chain":              {[]Why{chain()}, wantChain},
		"a cause beside its steps":   {[]Why{lone}, wantLone},
		"several, with a gap":        {[]Why{lone, chain()}, wantLone + "\n" + wantChain},
		"nothing is written of none": {nil, ""},
	}
	for name, tt := range tests {
		var b bytes.Buffer
		if err := WriteWhy(&b, Options{Source: fixtureSource}, tt.all); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, b.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWriteWhyJSON(t *testing.T) {
	y := chain()
	y.Trace.Steps = y.Trace.Steps[2:]
	y.Origin.Variants = nil
	var b bytes.Buffer
	if err := WriteWhyJSON(&b, []Why{y}); err != nil {
		t.Fatal(err)
	}
	want := `[
  {
    "object": "Deployment/prod/web",
    "field": "spec.template.spec.containers[0].image",
    "value": "nginx:latest",
    "renderer": "helm",
    "root": "charts/web",
    "variants": [],
    "steps": [
      {
        "path": "charts/web/values.yaml",
        "startLine": 4,
        "startColumn": 8,
        "endLine": 4,
        "endColumn": 14,
        "exact": true,
        "message": "image.tag is set here",
        "cause": true,
        "primary": true
      }
    ]
  }
]
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// hostile is a text that would act in a terminal, a log or a YAML comment.
const hostile = "x\n::error::y\r\x1b[31m\u202e##[add-mask]\u200b"

func TestRenderedTextCannotAct(t *testing.T) {
	place := source.FileStart(hostile)
	y := Why{
		Origin: finding.Origin{Renderer: "helm", Root: hostile, Variants: []string{hostile}, Object: hostile, Field: hostile, Value: hostile},
		Trace:  source.Trace{Location: place, Steps: []source.Step{{Note: source.Note{Message: hostile, Location: place}}}},
	}
	m := Manifests{Source: hostile, Origin: source.Origin{Renderer: "helm", Root: hostile, Variants: []string{hostile}}, Text: []byte("a: '" + hostile + "'\n")}
	var why, manifests, list bytes.Buffer
	for _, err := range []error{
		WriteWhy(&why, Options{}, []Why{y}), WriteManifests(&manifests, []Manifests{m}, true), WriteJSON(&list, []string{hostile}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, out := range []string{why.String(), manifests.String(), list.String()} {
		if strings.ContainsAny(out, "\r\x1b\u202e\u200b") || strings.Contains(out, "##[") {
			t.Errorf("%q", out)
		}
	}
	if strings.Contains(why.String(), "\n::") {
		t.Errorf("a command begins a line: %q", why.String())
	}
}

// A tab is a tab and a backslash a backslash, in a terminal too.
func TestTerminalShowsWhatIsThere(t *testing.T) {
	const text = "a: \"b\\tc\"\n\td\n"
	var b bytes.Buffer
	if err := WriteManifests(&b, []Manifests{{Text: []byte(text)}}, true); err != nil || !strings.HasSuffix(b.String(), "\n"+text) {
		t.Errorf("%v: %q", err, b.String())
	}
}

func TestWriteManifests(t *testing.T) {
	origin := source.Origin{Renderer: "helm", Root: "charts/web", Variants: []string{"ci/a.yaml", "default"}}
	const comment = "---\n# charts/web/templates/web.yaml, rendered by helm from charts/web with ci/a.yaml, default\n"
	tests := map[string]struct{ text, want string }{
		"one document":           {"a: b\n", comment + "a: b\n"},
		"no line end":            {"a: b", comment + "a: b\n"},
		"two documents":          {"---\na: b\n\n---\nc: d\n", comment + "a: b\n" + comment + "c: d\n"},
		"only comments":          {"# a\n---\n\n---\n# b\n", ""},
		"a comment of its own":   {"---\n# why\na: b\n", comment + "# why\na: b\n"},
		"content by the marker":  {"--- {a: b}\n--- # c\nd: e\n", comment + "{a: b}\n" + comment + "# c\nd: e\n"},
		"a directive":            {"%YAML 1.2\n---\na: b\n...\n", comment + "a: b\n...\n"},
		"dashes within a line":   {"a: |\n  ---\n  b\n---x: y\n", comment + "a: |\n  ---\n  b\n---x: y\n"},
		"what a pipe takes":      {"a: '\u202e##[x]\t'\r\n", comment + "a: '\u202e##[x]\t'\r\n"},
		"a byte order mark":      {"\ufeffa: b\n", comment + "a: b\n"},
		"nothing at all":         {"", ""},
		"a marker at the end":    {"a: b\n---", comment + "a: b\n"},
		"blank lines are no end": {"\n\na:\n\n  b: c\n\n\n", comment + "a:\n\n  b: c\n"},
	}
	for name, tt := range tests {
		var b bytes.Buffer
		m := Manifests{Source: "charts/web/templates/web.yaml", Origin: origin, Text: []byte(tt.text)}
		if err := WriteManifests(&b, []Manifests{m}, false); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, b.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
