package deploy

import (
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// FuzzFind holds that nothing that may deploy a chart – a Helmfile, an object of Argo CD or Flux, a Terraform resource –
// makes a panic, and that a template read as YAML keeps its places.
func FuzzFind(f *testing.F) {
	for _, seed := range []string{
		"releases: [{name: a, chart: charts/web, values: [a.yaml, {b: {{ .c }}}]}]", "{{ if x }}\nreleases: []\n{{ end }}", "bases: [helmfile.yaml]\nhelmfiles: [./helmfile.yaml]", "releases: {{ toYaml . | nindent 2 }}", "{{`", "{{ a\n}}",
		"apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {source: {path: charts/web, helm: {values: 1, parameters: [{name: 'a[0].b', value: ~}], valueFiles: ['**', ../..]}}}",
		"apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec: {generators: [{matrix: {generators: [{git: {files: [{path: '*'}]}}, {list: {elements: [{a: 1}]}}]}}], template: {spec: {source: {path: 'charts/{{a}}'}}}}",
		"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec: {chart: {spec: {chart: ./charts/web}}, valuesFrom: [{kind: ConfigMap, name: [a]}], values: 1}",
		"resource \"helm_release\" \"a\" {\n  chart = \"./charts/web\"\n  values = [yamlencode({a = 1}), file(\"x\")]\n  set {\n    name = 1\n  }\n}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if a, ok := readActions(text); ok && len(a.plain) != len(text) {
			t.Fatalf("%d bytes became %d", len(text), len(a.plain))
		}
		repo := Repository{
			Files: []*source.File{{Path: "a.yaml", Kind: source.Manifest, Data: text}, {Path: "main.tf", Kind: source.Terraform, Data: text}},
			Paths: []string{"a.yaml", "charts/web/Chart.yaml", "helmfile.yaml", "main.tf"},
			Read:  func(string) ([]byte, error) { return text, nil },
		}
		Find(repo, []Chart{{Root: "charts/web", Name: "web", Version: "1.0.0"}})
	})
}
