package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTable(t *testing.T) {
	var got bytes.Buffer
	table(&got, "Repositories", "files", "of the floor", []row{
		{name: "a|b", count: 2, sample: sample{wall: 1500 * time.Millisecond, cpu: 2 * time.Second, peak: 64 << 20}, against: time.Second},
		{name: "floor", sample: sample{wall: time.Second}},
	})
	want := `### Repositories

| | files | wall s | CPU s | peak MB | of the floor |
|---|---:|---:|---:|---:|---:|
| a\|b | 2 | 1.500 | 2.000 | 64 | 1.50× |
| floor | 0 | 1.000 | 0.000 | 0 |  |

`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

func TestSamplesAddUp(t *testing.T) {
	sum := sample{wall: 1, cpu: 2, peak: 9}.add(sample{wall: 10, cpu: 20, peak: 4})
	if want := (sample{wall: 11, cpu: 22, peak: 9}); sum != want {
		t.Errorf("sum %v, want %v", sum, want)
	}
	if got := median([]sample{{wall: 9}, {wall: 1}, {wall: 5}}).wall; got != 5 {
		t.Errorf("median %d, want 5", got)
	}
}

func TestMeasureRefusesAProgramThatGaveUp(t *testing.T) {
	for code, refused := range map[string]bool{"0": false, "1": false, "2": true, "3": true} {
		_, err := measure(t.Context(), t.TempDir(), "sh", "-c", "exit "+code)
		if (err != nil) != refused {
			t.Errorf("exit code %s gives error %v", code, err)
		}
	}
}

func TestCorpus(t *testing.T) {
	corpus, dir := t.TempDir(), t.TempDir()
	for _, name := range []string{
		"o/a/.github/workflows/ci.yml", "o/b/.github/workflows/ci.yaml", "o/b/.github/workflows/README.md",
		"o/b/charts/x/Chart.yaml", "o/b/charts/x/charts/y/Chart.yaml",
	} {
		if err := writeFile(filepath.Join(corpus, name), []byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	workflows, err := gatherWorkflows(corpus, dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{".github/workflows/o_a_.github_workflows_ci.yml", ".github/workflows/o_b_.github_workflows_ci.yaml"}
	if diff := cmp.Diff(want, workflows); diff != "" {
		t.Errorf("workflows (-want +got):\n%s", diff)
	}
	if text, err := os.ReadFile(filepath.Join(dir, want[0])); string(text) != "o/a/.github/workflows/ci.yml" {
		t.Errorf("the copy holds %q, %v", text, err)
	}
	charts, err := findCharts(corpus)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{filepath.Join(corpus, "o/b/charts/x")}, charts); diff != "" {
		t.Errorf("charts (-want +got):\n%s", diff)
	}
}

func TestFloorCountsWhatItDoes(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a/pod.yaml":                   "kind: Pod\n---\nkind: Service\n",
		"broken.yaml":                  "kind: [\n",
		".github/workflows/ci.yml":     "on: push\n",
		"base/kustomization.yaml":      "resources: [map.yaml]\n",
		"base/map.yaml":                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
		"overlay/kustomization.yaml":   "resources: [../base]\n",
		"remote/kustomization.yaml":    "resources: ['https://example.invalid/a.yaml']\n",
		"chart/Chart.yaml":             "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
		"chart/templates/pod.yaml":     "kind: Pod\n",
		"chart/charts/sub/Chart.yaml":  "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
		"chart/charts/sub/values.yaml": "a: 1\n",
	} {
		if err := writeFile(filepath.Join(dir, name), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:9")
	t.Setenv("PATH", "")
	var got bytes.Buffer
	if err := plain(dir, &got); err != nil {
		t.Fatal(err)
	}
	// Six files, with two and four documents; a chart with one; two kustomizations, of which one is built, with one.
	if got.String() != "6 1 2 8\n" {
		t.Errorf("files, charts, kustomizations and documents: %s", got.String())
	}
}
