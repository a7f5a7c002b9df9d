package deploy

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// hostile are repositories that somebody wrote to keep the search busy.
func hostile() map[string]Repository {
	manifest := func(parts ...string) Repository {
		return Repository{
			Files: []*source.File{{Path: "a.yaml", Kind: source.Manifest, Data: []byte(strings.Join(parts, "---\n"))}},
			Paths: []string{"a.yaml", "charts/web/Chart.yaml"},
		}
	}
	const app = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x}\nspec: {source: {path: charts/web, helm: {valueFiles: ['/**/*x*/**/y*']}}}\n"
	set := func(generators, rest string) string {
		return "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: x}\nspec:\n  generators:\n" + generators +
			"  template:\n    metadata: {name: 'x{{a}}'}\n    spec: {source: {path: charts/web, helm: {values: '" + rest + "'}}}\n"
	}
	elements := "list: {elements: [" + strings.Repeat("{a: b},", 400) + "]}"
	paths := make([]string, 12_000)
	for i := range paths {
		paths[i] = fmt.Sprintf("a/b%05d/x/x/x/x.yaml", i)
	}
	globs := manifest(strings.Repeat(app+"---\n", 1_900))
	globs.Paths = paths
	flux := "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: x}\nspec: {%s values: {a: 1}}\n"
	base := fmt.Sprintf(flux, "chart: {spec: {chart: charts/web}}, ")
	return map[string]Repository{
		"applications": manifest(strings.Repeat(app+"---\n", maxReleases+50)),
		"patterns":     globs,
		"a matrix":     manifest(set("    - matrix: {generators: [{"+elements+"}, {"+elements+"}]}\n", "a: 1")),
		"sets":         manifest(strings.Repeat(set("    - "+elements+"\n", strings.Repeat("a{{a}} ", 2_000))+"---\n", 100)),
		"patches":      manifest(strings.Repeat(base+"---\n", 300), strings.Repeat(fmt.Sprintf(flux, "")+"---\n", 300)),
		"values": manifest(fmt.Sprintf(flux, "chart: {spec: {chart: charts/web}}, valuesFrom: ["+
			strings.Repeat("{kind: ConfigMap, name: x},", 100_000)+"],"), strings.Repeat("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {values.yaml: 'a: 1'}\n---\n", 3_000)),
	}
}

func TestFindIsBounded(t *testing.T) {
	for name, repo := range hostile() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			releases, misses := Find(repo, []Chart{{Root: "charts/web", Name: "web", Version: "1.0.0"}})
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("it took %s", took)
			}
			if len(misses) == 0 {
				t.Error("nothing is said of what was left out")
			}
			if len(releases) > maxReleases || len(misses) > maxReleases+1 {
				t.Errorf("%d releases, %d misses", len(releases), len(misses))
			}
			t.Logf("%d releases, %d misses, %s", len(releases), len(misses), time.Since(start))
		})
	}
}

// TestTemplateIsBounded reads a Helmfile that is one line of actions.
func TestTemplateIsBounded(t *testing.T) {
	text := []byte("releases: [" + strings.Repeat("{{a}},", maxActions-1) + "{{a}}]\n")
	repo := Repository{
		Paths: []string{"charts/web/Chart.yaml", "helmfile.yaml"},
		Read:  func(string) ([]byte, error) { return text, nil },
	}
	start := time.Now()
	Find(repo, []Chart{{Root: "charts/web", Name: "web", Version: "1.0.0"}})
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}
