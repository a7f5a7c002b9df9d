package trace_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/trace"
)

// oneFile knows every value to be set in one file, at its path.
type oneFile struct{}

func (oneFile) Value(path source.Path) (int, source.Path, bool) { return 0, path, true }

func (oneFile) Chart(string, string) (int, source.Path, bool) { return 0, nil, false }

// causes are the values that a rendered scalar is said to come from: those whose change would change it.
func causes(t *testing.T, result *trace.Result, template, key string) []string {
	t.Helper()
	text := result.Texts[template]
	_, rest, found := strings.Cut(text, "\n"+key+": ")
	if !found {
		t.Fatalf("no %s in %q", key, text)
	}
	value, _, _ := strings.Cut(rest, "\n")
	start := len(text) - len(rest)
	record := result.Record(oneFile{})
	answer, ok := record.Ask(trace.Query{
		Text: text, Pieces: result.Pieces(template), Start: start, End: start + len(value), Whole: [2]int{start, start + len(value)},
		Path: source.Path{key}, Value: value, Scalar: true,
	})
	if !ok {
		t.Fatalf("nothing is known of %s", key)
	}
	var out []string
	for _, v := range answer.Values {
		if layer, at := record.Origin(v.Leaf); layer >= 0 && v.Role <= trace.Changed {
			out = append(out, at.String())
		}
	}
	return out
}

// TestChangedValues holds that what a template puts in the place of a value is not said to be that value, even if it is
// the same, and that what a variable was in an inner scope is not what it is in the outer one.
func TestChangedValues(t *testing.T) {
	for name, test := range map[string]struct {
		template string
		want     []string
	}{
		"as it is":               {"\nx: {{ .Values.on }}", []string{"on"}},
		"set to the same":        {"{{ $_ := set .Values `on` true }}\nx: {{ .Values.on }}", nil},
		"set to another value":   {"{{ $_ := set .Values `on` .Values.b.on }}\nx: {{ .Values.on }}", []string{"b.on"}},
		"set to what is made":    {"{{ $_ := set .Values `n` (add .Values.b.n 1) }}\nx: {{ .Values.n }}", []string{"b.n"}},
		"set in a copy":          {"{{ $_ := set (deepCopy .Values) `on` true }}\nx: {{ .Values.on }}", []string{"on"}},
		"set, then written":      {"{{ $_ := set .Values.b `x` 7 }}\n{{ toYaml .Values.b }}", nil},
		"written, then set":      {"\n{{ toYaml .Values.b }}{{ $_ := set .Values.b `x` 7 }}", []string{"b.x"}},
		"merged under its own":   {"{{ $m := merge (dict `on` true) .Values }}\nx: {{ $m.on }}", nil},
		"merged over":            {"{{ $m := mergeOverwrite (dict `on` false) .Values }}\nx: {{ $m.on }}", []string{"on"}},
		"shadowed":               {"{{ $v := .Values.b.on }}{{ if .Values.on }}{{ $v := .Values.on }}{{ end }}\nx: {{ $v }}", []string{"b.on"}},
		"assigned":               {"{{ $v := .Values.on }}{{ if .Values.on }}{{ $v = .Values.b.on }}{{ end }}\nx: {{ $v }}", []string{"b.on"}},
		"declared by with":       {"{{ $v := .Values.on }}{{ with $v := .Values.b.on }}\nx: {{ $v }}{{ end }}", []string{"b.on"}},
		"declared by a loop":     {"{{ $v := .Values.on }}{{ range $v := .Values.list }}{{ end }}\nx: {{ $v }}", []string{"on"}},
		"beside what all see":    {"{{ $a := dict `v` .Values.n `all` . }}{{ $b := dict `all` . }}\nx: {{ printf `%s-` $b.all.Release.Name }}", nil},
		"of a map that all have": {"{{ $_ := set .Values.global.m `k` .Values.list }}\nx: {{ .Values.global.m.n }}", []string{"global.m.n"}},
	} {
		t.Run(name, func(t *testing.T) {
			c, top := load(t, map[string]string{"a.yaml": test.template}, map[string]any{
				"on": true, "n": 3.0, "list": []any{"one", "two"}, "b": map[string]any{"on": true, "n": 4.0, "x": 7.0},
				"global": map[string]any{"m": map[string]any{"n": "five"}},
			})
			result, err := render(c, top)
			if err != nil || len(result.Errors) > 0 {
				t.Fatal(err, result.Errors)
			}
			if diff := cmp.Diff(test.want, causes(t, result, "web/templates/a.yaml", "x")); diff != "" {
				t.Error("(-want +got):\n" + diff)
			}
		})
	}
}
