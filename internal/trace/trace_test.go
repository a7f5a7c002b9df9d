package trace_test

import (
	"maps"
	"path"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"

	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/trace"
)

// nowhere knows the origin of nothing.
type nowhere struct{}

func (nowhere) Value(source.Path) (int, source.Path, bool) { return 0, nil, false }

func (nowhere) Chart(string, string) (int, source.Path, bool) { return 0, nil, false }

// templates are the texts of a chart's templates by their names in Helm.
func templates(c *chart.Chart) map[string]string {
	out := map[string]string{}
	for _, f := range c.Templates {
		out[path.Join(c.ChartFullPath(), f.Name)] = string(f.Data)
	}
	for _, sub := range c.Dependencies() {
		maps.Copy(out, templates(sub))
	}
	return out
}

// checkPieces holds every piece of text to the property that its source has the same bytes there, and counts the bytes of
// pieces that an action made of others.
func checkPieces(t *testing.T, c *chart.Chart, result *trace.Result) (bytes, folded int) {
	t.Helper()
	record, sources := result.Record(nowhere{}), templates(c)
	for name, text := range result.Texts {
		pieces := result.Pieces(name)
		for i, p := range pieces {
			end := len(text)
			if i+1 < len(pieces) {
				end = pieces[i+1].Start
			}
			if p.Start > end || end > len(text) {
				t.Fatalf("%s: piece %d begins at %d and ends at %d of %d bytes", name, i, p.Start, end, len(text))
			}
			bytes += end - p.Start
			switch p.Form {
			case trace.Folded:
				folded += len(strings.TrimSpace(text[p.Start:end]))
			case trace.Text:
				from := sourceOf(record, p.At)
				if from.Made {
					continue // a text that the test does not have
				}
				if at := p.At - from.Start; !strings.HasPrefix(sources[from.Name][at:], text[p.Start:end]) {
					t.Errorf("%s: %q is said to stand at byte %d of %s", name, text[p.Start:end], at, from.Name)
				}
			}
		}
	}
	return bytes, folded
}

func sourceOf(r *trace.Record, at int) trace.Source {
	for _, s := range r.Sources {
		if at >= s.Start && at <= s.Start+s.Length {
			return s
		}
	}
	return trace.Source{}
}

func load(t *testing.T, files map[string]string, values map[string]any) (*chart.Chart, chartutil.Values) {
	t.Helper()
	c := &chart.Chart{Metadata: &chart.Metadata{Name: "web", Version: "1.0.0", APIVersion: "v2"}, Values: values}
	for name, text := range files {
		c.Templates = append(c.Templates, &chart.File{Name: "templates/" + name, Data: []byte(text)})
	}
	top, err := chartutil.ToRenderValues(c, nil, chartutil.ReleaseOptions{Name: "r", Namespace: "n"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c, top
}

func render(c *chart.Chart, top chartutil.Values) (*trace.Result, error) {
	r := trace.New(c, nil)
	r.With(top)
	return r.Render()
}

// TestPieces goes through the ways in which a template writes.
func TestPieces(t *testing.T) {
	c, top := load(t, map[string]string{
		"_lib.tpl": "{{ define \"inner\" }}a: 1\nb: {{ .b | quote }}\n{{ end }}{{ define \"outer\" }}{{ include \"inner\" . | trim }}\nc: ü{{ end }}",
		"a.yaml": "{{- /* a comment */ -}}\nx:\n{{- include \"outer\" .Values | nindent 2 }}\ny: {{ template \"inner\" .Values }}\n" +
			"{{ range $k, $v := .Values.m }}{{ $k }}={{ $v }};{{ else }}none{{ end }}\n{{- with .Values.none }}never{{ end }} z: {{ tpl .Values.t . }} <no value> end {{ .Values.none }}.\r\n",
	}, map[string]any{"b": "two", "m": map[string]any{"k": "v", "l": 1.0}, "t": "t={{ .Values.b }}!"})
	result, err := render(c, top)
	if err != nil || len(result.Errors) > 0 {
		t.Fatal(err, result.Errors)
	}
	const want = "x:\n  a: 1\n  b: \"two\"\n  c: ü\ny: a: 1\nb: \"two\"\n\nk=v;l=1; z: t=two!  end .\r\n"
	if got := result.Texts["web/templates/a.yaml"]; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, folded := checkPieces(t, c, result); folded > 0 {
		t.Errorf("%d bytes are not told apart", folded)
	}
}

// TestWants holds that what required and fail ask for is known, though other templates render.
func TestWants(t *testing.T) {
	c, top := load(t, map[string]string{
		"_lib.tpl": "{{ define \"host\" }}{{ required \"give a host\" .host }}{{ end }}",
		"a.yaml":   "a: {{ include \"host\" .Values.server }}",
		"b.yaml":   "b: {{ if not .Values.b }}{{ fail \"no b\" }}{{ end }}",
		"c.yaml":   "c: 1",
	}, map[string]any{"server": map[string]any{"port": 1.0}})
	result, err := render(c, top)
	if err != nil {
		t.Fatal(err)
	}
	if got := result.Texts["web/templates/c.yaml"]; got != "c: 1" {
		t.Errorf("what does not fail renders to %q", got)
	}
	want := result.Wants["web/templates/a.yaml"]
	if want.Message != "give a host" || want.Path.String() != "server.host" || want.Name != "web/templates/_lib.tpl" || want.Offset != strings.Index("{{ define \"host\" }}{{ required", "required") {
		t.Errorf("required: %+v", want)
	}
	want = result.Wants["web/templates/b.yaml"]
	if want.Message != "no b" || want.Path != nil || want.Name != "web/templates/b.yaml" {
		t.Errorf("fail: %+v", want)
	}
}
