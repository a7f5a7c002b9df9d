package facts_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestBuiltImages tells what Skaffold builds and puts in the place of a name from what is pulled by that name.
func TestBuiltImages(t *testing.T) {
	files := map[string]string{
		"app/skaffold.yaml": `apiVersion: skaffold/v4beta11
kind: Config
build: {artifacts: [{image: web}, {image: gcr.io/example/api}]}
profiles: [{name: p, build: {artifacts: [{imageName: worker}]}}]
---
apiVersion: skaffold/v4beta11
build: {artifacts: [{image: second}]}
`,
		"other/skaffold.yaml":       "apiVersion: skaffold/v4beta11\nbuild: {artifacts: [{image: elsewhere}]}\n",
		"app/skaffold-broken.yaml":  "apiVersion: skaffold/v4beta11\nbuild: [",
		"app/skaffold-another.yaml": "apiVersion: v1\nbuild: {artifacts: [{image: foreign}]}\n",
	}
	text := "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
	for i, image := range []string{"web", "web:latest", "gcr.io/example/api", "worker", "second", "elsewhere", "foreign", "webs"} {
		text += fmt.Sprintf("    - {name: c%d, image: '%s'}\n", i, image)
	}
	repo := &source.Repository{ReadFile: func(path string) []byte { return []byte(files[path]) }}
	for path := range files {
		repo.Paths = append(repo.Paths, path)
	}
	slices.Sort(repo.Paths)
	var got []string
	for _, r := range facts.Of(read(t, "app/k8s/pod.yaml", source.Manifest, text), facts.In(repo)).Refs {
		got = append(got, r.Raw+" "+string(r.Pin))
	}
	want := []string{
		"web local", "web:latest local", "gcr.io/example/api local", "worker local", "second local",
		"elsewhere none", "foreign none", "webs none",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
