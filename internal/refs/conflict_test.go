package refs_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func TestConflicts(t *testing.T) {
	a, b := "sha256:"+strings.Repeat("a", 64), "sha256:"+strings.Repeat("b", 64)
	cases := map[string]struct {
		images []string
		want   []string
	}{
		"agree":                   {[]string{"x:1.2.3@" + a, "x:1.2.3@" + a}, nil},
		"no digest":               {[]string{"x:1.2.3@" + a, "x:1.2.3"}, nil},
		"no tag":                  {[]string{"x@" + a, "x@" + b}, nil},
		"other images":            {[]string{"x:1.2.3@" + a, "y:1.2.3@" + b}, nil},
		"the fewer are told":      {[]string{"x:1@" + b, "x:1@" + a, "docker.io/library/x:1@" + a}, []string{"0 digest against 1 (2)"}},
		"the later of as many":    {[]string{"x:1@" + b, "x:1@" + a}, []string{"1 digest against 0 (1)"}},
		"two versions":            {[]string{"x:1.2.3@" + a, "x:v1.2.4-alpine@" + a}, []string{"1 version against 0 (1)"}},
		"one version, two forms":  {[]string{"x:1.2.3@" + a, "x:v1.2.3-alpine@" + a, "x:1.2@" + a, "x:latest@" + a}, nil},
		"a word is no version":    {[]string{"x:stable@" + a, "x:edge@" + a}, nil},
		"both at the same time":   {[]string{"x:1.2.3@" + a, "x:1.2.3@" + a, "x:1.2.3@" + b, "x:1.2.4@" + b, "x:1.2.4@" + b}, []string{"2 digest against 0 (2)", "2 version against 3 (2)"}},
		"a number in the middle":  {[]string{"x:jdk-1.2.3@" + a, "x:jdk-1.2.4@" + a}, nil},
		"four numbers are others": {[]string{"x:1.2.3.4@" + a, "x:1.2.3.5@" + a}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var images []refs.Ref
			for i, raw := range c.images {
				r := refs.ParseImage(raw)
				r.Path = source.Path{i}
				images = append(images, r)
			}
			var got []string
			for _, conflict := range refs.Conflicts(images) {
				got = append(got, fmt.Sprintf("%v %s against %v (%d)", conflict.Path[0], conflict.Kind, conflict.Against[0], conflict.Count))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("conflicts (-want +got):\n%s", diff)
			}
		})
	}
}

// TestValuesImages holds what is taken for an image among the values of a chart.
func TestValuesImages(t *testing.T) {
	text := `
image: {repository: example/app, tag: 1.2.3, digest: ""}
appVersion: {image: {repository: example/app, tag: ""}}
sha: {repository: grafana/grafana, tag: 1.2.3, sha: 9d6b58feebd2dbd3c56ab5853333d627cc6e281011cfd6050fa4bcf2072c9496}
registry: {registry: quay.io/, repository: a/b, tag: 2}
loki: {image: grafana/loki, tag: 3.1.0}
waitImage: busybox:1.37
list: [{image: "c:1"}]
chart: {repository: https://charts.example.com, tag: 1.2.3}
template: {repository: "{{ .Values.x }}", tag: 1.2.3}
hero: {image: assets/hero.png}
note: {image: "see: below"}
`
	want := []string{
		"2 chart values that no rendering printed: exact docker.io/example/app@1.2.3",
		"8 chart values that no rendering printed: floating docker.io/library/c@1",
		"6 chart values that no rendering printed: exact docker.io/grafana/loki@3.1.0",
		"5 chart values that no rendering printed: floating quay.io/a/b@2",
		"4 chart values that no rendering printed: digest docker.io/grafana/grafana@1.2.3",
		"7 chart values that no rendering printed: floating docker.io/library/busybox@1.37",
	}
	docs, faults := parse.YAML(&source.File{Path: "values.yaml", Data: []byte(text)}, source.Values, source.YAML11)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var got []string
	for _, image := range refs.ValuesImages(docs[0].Value) {
		r := image.Ref
		got = append(got, fmt.Sprintf("%d %s: %s %s@%s", docs[0].Locate(r.Path, "").Span.Start.Line, r.Context, r.Pin, r.Name, r.Version))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
