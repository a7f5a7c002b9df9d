package render_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// lay writes a tree of files to a directory of its own.
func lay(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(root, name), text)
	}
	return root
}

// renderOne renders the one unit in a directory of a repository.
func renderOne(t *testing.T, root, dir string) render.Result {
	t.Helper()
	result, ok := renderAll(t, root, render.Options{})[dir]
	if !ok {
		t.Fatalf("nothing to render in %s", dir)
	}
	return result
}

const (
	chartYAML = "apiVersion: v2\nname: web\nversion: 1.0.0\n"
	configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n"
	oneMap    = "resources: [cm.yaml]\n"
	elsewhere = `it is not in charts/ and lint does not use the network; run "helm dependency build" before lint`
)

// laugh is a YAML text whose aliases stand for more values than memory holds.
func laugh() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 9; i++ {
		fmt.Fprintf(&b, "a%d: &a%[1]d [%s]\n", i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	return b.String()
}

// chartNamed is a Chart.yaml.
func chartNamed(name, version string, rest ...string) string {
	return fmt.Sprintf("apiVersion: v2\nname: %s\nversion: %s\n%s", name, version, strings.Join(rest, ""))
}

// dependencyTests are charts with dependencies: what is told of them, and how many objects are rendered.
var dependencyTests = map[string]struct {
	files     map[string]string
	want      []string // problems
	documents int
}{
	"names that are no text to Helm": {
		map[string]string{"Chart.yaml": chartYAML + `dependencies:
  - {name: y, version: 1.0.0, repository: "https://e.com"}
  - {name: off, version: 1.0.0, repository: "https://e.com"}
  - {name: 1.0, version: 1.0.0, repository: "https://e.com"}
`},
		[]string{
			"not-evaluated Chart.yaml:5: dependency true (1.0.0 from https://e.com) was not analysed: " + elsewhere,
			"not-evaluated Chart.yaml:6: dependency false (1.0.0 from https://e.com) was not analysed: " + elsewhere,
			"not-evaluated Chart.yaml:7: dependency 1 (1.0.0 from https://e.com) was not analysed: " + elsewhere,
		},
		0,
	},
	"the list under a key of Helm's latitude": {
		map[string]string{"Chart.yaml": chartYAML + "Dependencies: [{name: redis, version: 1.0.0}]\n"},
		[]string{"not-evaluated Chart.yaml:1: dependency redis (1.0.0) was not analysed: " + elsewhere},
		0,
	},
	"requirements.yaml comes instead": {
		map[string]string{
			"Chart.yaml":        "apiVersion: v1\nname: web\nversion: 1.0.0\ndependencies: [{name: old, version: 1.0.0}]\n",
			"requirements.yaml": "# the old way\ndependencies:\n  - name: redis\n    version: 1.0.0\n",
		},
		[]string{"not-evaluated requirements.yaml:3: dependency redis (1.0.0) was not analysed: " + elsewhere},
		0,
	},
	"one chart under two names, its own dependency renamed": {
		map[string]string{
			"Chart.yaml":                         chartYAML + "dependencies: [{name: d, version: 1.0.0, alias: aa}, {name: d, version: 1.0.0, alias: bb}]\n",
			"charts/d/Chart.yaml":                chartNamed("d", "1.0.0", "dependencies: [{name: e, version: 1.0.0, alias: x}]\n"),
			"charts/d/charts/e/Chart.yaml":       chartNamed("e", "1.0.0"),
			"charts/d/charts/e/templates/a.yaml": configMap,
		},
		nil, 2,
	},
	"two versions of a chart, one of them there": {
		map[string]string{
			"Chart.yaml": chartYAML + `dependencies:
  - {name: d, version: 1.0.0}
  - {name: d, version: 2.0.0, alias: next}
`,
			"charts/d/Chart.yaml":       chartNamed("d", "1.0.0"),
			"charts/d/templates/a.yaml": configMap,
		},
		[]string{"not-evaluated Chart.yaml:6: dependency d (2.0.0) was not analysed: " + elsewhere},
		1,
	},
	"another version than is asked for, which Helm renders": {
		map[string]string{
			"Chart.yaml":                chartYAML + "dependencies: [{name: d, version: 2.0.0}]\n",
			"charts/d/Chart.yaml":       chartNamed("d", "1.0.0"),
			"charts/d/templates/a.yaml": configMap,
		},
		nil, 1,
	},
	"switched off": {
		map[string]string{
			"Chart.yaml":  chartYAML + "dependencies: [{name: redis, version: 1.0.0, condition: redis.enabled}]\n",
			"values.yaml": "redis: {enabled: false}\n",
		},
		nil, 0,
	},
}

func TestDependencies(t *testing.T) {
	for name, tt := range dependencyTests {
		t.Run(name, func(t *testing.T) {
			result := renderOne(t, lay(t, tt.files), ".")
			if diff := cmp.Diff(tt.want, problems(result)); diff != "" {
				t.Error("(-want +got):\n" + diff)
			}
			if len(result.Documents) != tt.documents {
				t.Errorf("got %v, want %d documents", objects(result), tt.documents)
			}
		})
	}
}

func TestHelmignore(t *testing.T) {
	files := func(ignore string) map[string]string {
		return map[string]string{
			"Chart.yaml": chartYAML, ".helmignore": ignore,
			"templates/a.yaml": configMap, "templates/deep/b.yaml": configMap, "templates/NOTES.txt": "x", "templates/_h.tpl": "x",
			"templates/tests/t.yaml": configMap, "templates/old.yaml.bak": " ", "templates/.hidden.yaml": configMap,
			"crds/c.json": `{"apiVersion": "v1", "kind": "List", "items": []}`, "docs/d.yaml": configMap, "crds/kustomization.yaml": "{apiVersion: v1, kind: List, items: []}",
			"charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n", "charts/sub/templates/s.yaml": configMap,
		}
	}
	said := func(line, count int, names string) string {
		noun := map[bool]string{true: "template file", false: "template files"}[count == 1]
		return fmt.Sprintf("not-evaluated .helmignore:%d: not analysed: %d %s of chart . (%s), which this line hides from Helm; "+
			"delete the line, or the files if they are not part of the chart", line, count, noun, names)
	}
	for ignore, want := range map[string][]string{
		"# nothing\n*.bak\nNOTES.txt\n_*\ntests/\ndocs\nkustomization.yaml\n": nil,
		"\ntemplates/*\n":     {said(2, 2, "templates/a.yaml, templates/deep/b.yaml")},
		"templates\n":         {said(1, 3, "charts/sub/templates/s.yaml, templates/a.yaml, templates/deep/b.yaml")},
		"a.yaml\nb.*\n":       {said(1, 1, "templates/a.yaml"), said(2, 1, "templates/deep/b.yaml")},
		"*.json\n":            {said(1, 1, "crds/c.json")},
		"charts/sub\n":        {said(1, 1, "charts/sub/templates/s.yaml")},
		"docs\n!Chart.yaml\n": {}, // hides all there is, and then is no chart
	} {
		result := renderOne(t, lay(t, files(ignore)), ".")
		got := problems(result)
		if len(want) == 0 && want != nil {
			if len(got) == 0 {
				t.Errorf("%q: no problem", ignore)
			}
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", ignore, diff)
		}
	}
}

func TestManyVariants(t *testing.T) {
	files := map[string]string{"Chart.yaml": chartYAML, "templates/a.yaml": configMap}
	for i := range 105 {
		files[fmt.Sprintf("ci/%03d-values.yaml", i)] = ""
	}
	result := renderOne(t, lay(t, files), ".")
	want := []string{"not-evaluated Chart.yaml:1: chart . with ci/099-values.yaml, ci/100-values.yaml, ci/101-values.yaml, ci/102-values.yaml, ci/103-values.yaml and 1 more " +
		"was not rendered: lint renders a chart with at most 100 sets of values; keep fewer in ci/, or exclude those that are not to be linted"}
	if diff := cmp.Diff(want, problems(result)); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
	if got := len(result.Documents[0].Origin.Variants); got != 100 {
		t.Errorf("%d variants", got)
	}
}

func TestSlowVariants(t *testing.T) {
	files := map[string]string{
		"Chart.yaml":       chartYAML,
		"templates/a.yaml": "{{ range until (int .Values.count) }}{{ range until 10000 }}{{ range until 10000 }}{{ end }}{{ end }}{{ end }}" + configMap,
		"values.yaml":      "count: 0\n",
	}
	for i := range 20 {
		files[fmt.Sprintf("ci/%02d-values.yaml", i)] = "count: 1000\n"
	}
	root := lay(t, files)
	r, err := render.New(render.Options{Root: root, Timeout: 200 * time.Millisecond, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got := problems(r.Render(context.Background(), render.NewPlan(filesOf(t, root), render.PlanOptions{}).Units[0]))
	killed := slices.IndexFunc(got, func(p string) bool { return strings.HasPrefix(p, "not-evaluated") })
	if killed < 5 || killed > 8 || killed != len(got)-1 {
		t.Fatalf("got %q, want some variants that were killed and one problem for the others", got)
	}
	want := fmt.Sprintf("and %d more was not rendered: all sets of values of a chart together get 1.2s of processor time", 20-killed-5)
	if !strings.Contains(got[killed], want) {
		t.Errorf("got %q, want %q", got[killed], want)
	}
}

// refusedTests are kustomizations in the root of a repository, and what is told of them.
var refusedTests = map[string]struct {
	files map[string]string
	want  []string
}{
	"two documents": {
		map[string]string{"kustomization.yaml": oneMap + "---\nresources: ['https://github.com/acme/base']\n"},
		[]string{"render-error kustomization.yaml:3: kustomization.yaml: a kustomization is one document, and here begins another; move it to a file of its own"},
	},
	"two documents in a base": {
		map[string]string{"kustomization.yaml": "resources: [base]\n", "base/kustomization.yaml": "kind: Kustomization\n---\nresources: []\n"},
		[]string{"render-error base/kustomization.yaml:3: base/kustomization.yaml: a kustomization is one document, and here begins another; move it to a file of its own"},
	},
	"a list": {
		map[string]string{"kustomization.yaml": "- cm.yaml\n"},
		[]string{"render-error kustomization.yaml:1: kustomization.yaml: a kustomization is a map"},
	},
	"nothing": {
		map[string]string{"kustomization.yaml": "# later\n"},
		[]string{"render-error kustomization.yaml:1: kustomization.yaml: the kustomization is empty"},
	},
	"one field in two spellings": {
		map[string]string{"kustomization.yaml": "Resources: []\nresources: [cm.yaml]\n", "cm.yaml": configMap},
		[]string{"render-error kustomization.yaml:2: kustomization.yaml: the field resources is there twice, in upper and lower case"},
	},
	"a name that Kustomize's reader decodes and ours does not": {
		map[string]string{
			"kustomization.yaml": "resources: [base]\n", "base/kustomization.yaml": "resources: [!!binary Y20ueWFtbA==]\n", "base/cm.yaml": configMap,
		},
		[]string{"render-error base/kustomization.yaml:1: resource Y20ueWFtbA== does not exist"},
	},
	"a resource in a circle of aliases": {
		map[string]string{"kustomization.yaml": oneMap, "cm.yaml": configMap + "data: &a\n  b: *a\n"},
		[]string{"render-error cm.yaml:6: cm.yaml: alias *a stands inside its own anchor"},
	},
	"a patch that is a bomb": {
		map[string]string{"kustomization.yaml": oneMap + "patches: [{path: bomb.yaml}]\n", "cm.yaml": configMap, "bomb.yaml": laugh()},
		[]string{"render-error bomb.yaml:6: bomb.yaml: more than 1000000 values once its aliases are expanded"},
	},
	"several entries": {
		map[string]string{"kustomization.yaml": "resources:\n  - a.yaml\n  - ../../b.yaml\npatches: [{path: p.yaml}]\nconfigMapGenerator:\n  - name: x\n    files:\n      - /etc/passwd\n      - c.txt\n"},
		[]string{
			"render-error kustomization.yaml:2: resource a.yaml does not exist",
			"render-error kustomization.yaml:3: resource ../../b.yaml leads out of the repository; lint reads nothing outside of it",
			"render-error kustomization.yaml:4: patch p.yaml does not exist",
			"render-error kustomization.yaml:8: configMapGenerator input /etc/passwd is an absolute path; name it relative to .",
			"render-error kustomization.yaml:9: configMapGenerator input c.txt does not exist",
		},
	},
	"a generator's input is any text": {
		map[string]string{"kustomization.yaml": "configMapGenerator:\n  - name: x\n    files: [a.txt]\n", "a.txt": "a: [b: c\n"},
		nil,
	},
}

func TestRefusedKustomizations(t *testing.T) {
	many := make([]string, 25)
	for i := range many {
		many[i] = fmt.Sprintf("      - gone%02d.txt\n", i)
	}
	for name, tt := range refusedTests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, problems(renderOne(t, lay(t, tt.files), "."))); diff != "" {
				t.Error("(-want +got):\n" + diff)
			}
		})
	}
	result := renderOne(t, lay(t, map[string]string{"kustomization.yaml": "configMapGenerator:\n  - name: x\n    files:\n" + strings.Join(many, "")}), ".")
	got := problems(result)
	if want := "render-error kustomization.yaml:24: this and 4 more of kustomization . cannot be followed; mend the 20 that are named first"; len(got) != 21 || got[20] != want {
		t.Errorf("got %q, want %q at the end", got, want)
	}
}

func TestManyKustomizations(t *testing.T) {
	files := map[string]string{}
	var all strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&all, "  - d%04d\n", i)
		files[fmt.Sprintf("d%04d/kustomization.yaml", i)] = "resources: []\n"
	}
	files["kustomization.yaml"] = "resources:\n" + all.String()
	want := []string{"render-error d1999/kustomization.yaml:1: d1999/kustomization.yaml is one kustomization more than the 2000 that one may reach"}
	if diff := cmp.Diff(want, problems(renderOne(t, lay(t, files), "."))); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
}

// TestUnread holds that a file that its own linting tells of is not told of twice, and that one nobody lints is.
func TestUnread(t *testing.T) {
	for name, text := range map[string]string{
		"broken": "name: [\n", "bomb": laugh(), "NUL": "name: a\x00b\n", "Latin-1": "name: caf\xe9\n",
	} {
		root := lay(t, map[string]string{
			"chart/Chart.yaml": text, "chart/templates/a.yaml": configMap,
			"over/kustomization.yaml": "resources: [../base]\n", "base/kustomization.yaml": text,
		})
		for unit, result := range renderAll(t, root, render.Options{}) {
			if len(problems(result))+len(result.Documents) > 0 || len(result.Problems) != 1 {
				t.Errorf("%s %s: %v %v", name, unit, problems(result), objects(result))
			}
		}
		listed := slices.DeleteFunc(filesOf(t, root), func(f *source.File) bool { return f.Path == "base/kustomization.yaml" })
		r, err := render.New(render.Options{Root: root})
		if err != nil {
			t.Fatal(err)
		}
		for _, unit := range render.NewPlan(listed, render.PlanOptions{}).Units {
			result := r.Render(context.Background(), unit)
			if unit.Root == "over" && (len(result.Problems) != 1 || result.Problems[0].Location.Path != "base/kustomization.yaml") {
				t.Errorf("%s: a base that nobody lists: %v", name, problems(result))
			}
		}
		r.Close()
	}
}

func TestValueFaults(t *testing.T) {
	for name, tt := range map[string]struct{ values, want string }{
		"NUL":      {"a: 1\nb: \x00\n", "the file holds a NUL byte"},
		"Latin-1":  {"a: 1\nb: caf\xe9\n", ":2: values.yaml: byte 0xe9 is not UTF-8"},
		"a bomb":   {laugh(), ":6: values.yaml: more than 1000000 values"},
		"a circle": {"b: 1\na: &a\n  c: *a\n", ":3: values.yaml: alias *a stands inside its own anchor"},
		"a scalar for a dependency": {
			"x: 1\nsub: 1\n", ":2: chart . does not render: sub is a dependency, so the value sub must be a map",
		},
	} {
		files := map[string]string{
			"Chart.yaml": chartYAML, "templates/a.yaml": configMap, "values.yaml": tt.values,
			"charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
		}
		if got := problems(renderOne(t, lay(t, files), ".")); len(got) != 1 || !strings.Contains(got[0], "render-error values.yaml:") || !strings.Contains(got[0], tt.want) {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
		files["values.yaml"], files["ci/x-values.yaml"] = "", tt.values
		want := strings.ReplaceAll(strings.ReplaceAll(tt.want, "values.yaml", "ci/x-values.yaml"), "chart . does", "chart . with ci/x-values.yaml does")
		if got := problems(renderOne(t, lay(t, files), ".")); len(got) != 1 || !strings.Contains(got[0], "render-error ci/x-values.yaml:") || !strings.Contains(got[0], want) {
			t.Errorf("%s in ci: got %q, want %q", name, got, want)
		}
	}
}

func TestByteOrderMark(t *testing.T) {
	const mark = "\ufeff"
	result := renderOne(t, lay(t, map[string]string{
		"Chart.yaml": mark + chartYAML, "values.yaml": mark + "a: b\n", "a.txt": mark + "x",
		"templates/a.yaml": mark + configMap + `data: {size: "{{ .Files.Get "a.txt" | len }}"}`,
	}), ".")
	if len(result.Problems) > 0 || len(result.Documents) != 1 {
		t.Fatalf("got %v, %v", problems(result), objects(result))
	}
	if size, _ := (source.Path{"data", "size"}).Get(result.Documents[0].Value); size != "1" {
		t.Errorf("got %v, want 1: Helm takes a byte order mark off", size)
	}
}

func TestLargeOutput(t *testing.T) {
	root := lay(t, map[string]string{"Chart.yaml": chartYAML, "templates/a.yaml": "a: {{ repeat 17000000 \"x\" }}\n"})
	want := []string{"render-error templates/a.yaml:1: templates/a.yaml renders to what cannot be read: its output is larger than 16 MB"}
	if diff := cmp.Diff(want, problems(renderOne(t, root, "."))); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
}
