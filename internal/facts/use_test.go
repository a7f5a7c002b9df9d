package facts

import (
	"slices"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func TestUse(t *testing.T) {
	files := &source.Repository{Paths: []string{
		"app/environments/prod.yaml", "app/tests/web.yaml", "deploy/prod/web.yaml", "deploy/test/web.yaml", "go/vendor/modules.txt", "pkg/test/pod.yaml", "svc/base/web.yaml", "svc/test/web.yaml",
	}}
	if !slices.IsSorted(files.Paths) {
		t.Fatal("paths are sorted")
	}
	cases := []struct {
		path, root string // where it stands; what it was rendered for, "" for what was not
		want       Use
	}{
		{"web.yaml", "", ""},
		{"deploy/test/web.yaml", "", ""}, // beside prod
		{"svc/test/web.yaml", "", ""},    // an overlay of base
		{"clusters/test/web.yaml", "", ""},
		{"app/tests/web.yaml", "", UseTest}, // beside what holds environments is none of them
		{"pkg/test/pod.yaml", "", UseTest},
		{"pkg/testdata/prod/web.yaml", "", UseTest},
		{"policies/a/.chainsaw-test/pod.yaml", "", UseTest},
		{"examples/testdata/web.yaml", "", UseTest},
		{"examples/web.yaml", "", UseExample},
		{".github/examples/web.yaml", "", ""},
		{".devcontainer/Dockerfile", "", UseDevelopment},
		{"src/go/.devcontainer/compose.yaml", "", UseDevelopment},
		{"tests/.devcontainer/Dockerfile", "", UseTest},
		{"injector/fake/data/pod.yaml", "", UseTest},
		{"go/vendor/example.com/a/Dockerfile", "", UseTest},
		{"infra/vendor/base/web.yaml", "", ""},
		{"pkg/test/pod.yaml", "deploy/prod", ""},
		{"pkg/test/pod.yaml", "examples/a", UseExample},
		{"examples/web.yaml", "pkg/test", UseExample},
		{"deploy/base/web.yaml", "pkg/test", ""},
	}
	for _, c := range cases {
		doc := &source.Document{File: &source.File{Path: c.path}}
		if c.root != "" {
			doc.Origin = &source.Origin{Root: c.root}
		}
		if got := useOf(doc, files); got != c.want {
			t.Errorf("%s for %q: %q, want %q", c.path, c.root, got, c.want)
		}
	}
	for variant, want := range map[string]Use{"default": "", "ci/ha-values.yaml": UseTest} {
		doc := &source.Document{
			File: &source.File{Path: "charts/a/templates/pod.yaml"}, Origin: &source.Origin{Renderer: "helm", Root: "charts/a", Variants: []string{variant}},
		}
		if got := useOf(doc, files); got != want {
			t.Errorf("%s: %q, want %q", variant, got, want)
		}
		doc.File.Path = "charts/a/templates/tests/pod.yaml"
		if got := useOf(doc, files); got != UseTest {
			t.Errorf("test of a chart: %q", got)
		}
	}
}
