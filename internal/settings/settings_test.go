package settings

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// TestOwnersPatterns holds patterns to the examples of GitHub's own documentation of CODEOWNERS.
func TestOwnersPatterns(t *testing.T) {
	tests := []struct {
		text, file string
		want       bool
	}{
		{"* @a", "deep/in/file.go", true},
		{"*.js @a", "src/app.js", true},
		{"*.js @a", "src/app.jsx", false},
		{"/build/logs/ @a", "build/logs/deep/a.log", true},
		{"/build/logs/ @a", "src/build/logs/a.log", false},
		{"docs/* @a", "docs/getting-started.md", true},
		{"docs/* @a", "docs/build-app/troubleshooting.md", false},
		{"apps/ @a", "deep/apps/x/y", true},
		{"apps/ @a", "apps", false},
		{"/docs/ @a", "docs/a/b", true},
		{"/docs/ @a", "x/docs/a", false},
		{"/scripts/ @a @b", "scripts/x", true},
		{"**/logs @a", "deeply/nested/logs/x", true},
		{"/apps/ @a\n/apps/github", "apps/github/x", false},
		{"/apps/ @a\n/apps/github", "apps/other", true},
		{"/apps/ @a\n/apps/github @b", "apps/github", true},
		{"/a\\ b/ @a", "a b/c", true},
		{"# * @a\n", "x", false},
		{"* # @a", "x", false},
		{"/x @a # why", "x", true},
		{"!x @a", "y", false},
		{"[xy] @a", "x", false},
		{"", "x", false},
	}
	for _, test := range tests {
		if got := owned(readOwners(test.text), test.file); got != test.want {
			t.Errorf("%q owns %s: %t", test.text, test.file, got)
		}
	}
}

func TestOwnersFileThatCounts(t *testing.T) {
	texts := map[string]string{
		"CODEOWNERS": "* @a", "docs/CODEOWNERS": "", ".github/workflows/a.yml": "", "charts/a/Chart.yaml": "", "main.go": "",
	}
	files := &source.Repository{
		Paths:    []string{".github/workflows/a.yml", "CODEOWNERS", "charts/a/Chart.yaml", "docs/CODEOWNERS", "main.go"},
		ReadFile: func(path string) []byte { return []byte(texts[path]) },
	}
	want := &Owners{File: "CODEOWNERS", Workflows: []string{}, Deploys: []string{}}
	if diff := cmp.Diff(want, ownersOf(files)); diff != "" {
		t.Error(diff)
	}
	texts["CODEOWNERS"] = "*.go @a"
	want = &Owners{File: "CODEOWNERS", Workflows: []string{".github/workflows/a.yml", "CODEOWNERS"}, Deploys: []string{"charts/a/Chart.yaml"}}
	if diff := cmp.Diff(want, ownersOf(files)); diff != "" {
		t.Error(diff)
	}
}

// TestFileAndBack holds that what is written is what rules and facts read, and that what is not known is not there.
func TestFileAndBack(t *testing.T) {
	s := &Settings{Repository: "acme/shop", Visibility: "public", DefaultBranch: "main"}
	s.Branch.Checks = &Checks{Required: []Check{{Name: "lint: all #1", App: GitHubActions}, {Name: "other"}, {Name: "elsewhere", App: 7}}}
	s.Actions.SHAPinning = new(false)
	s.Miss("runners", "GitHub answered 403 Forbidden", "administration: read")
	file, err := s.File()
	if err != nil {
		t.Fatal(err)
	}
	docs, faults := parse.File(file)
	if len(docs) != 1 || len(faults) > 0 {
		t.Fatal(docs, faults)
	}
	if diff := cmp.Diff(s, decode(docs[0])); diff != "" {
		t.Error(diff)
	}
	top := docs[0].Value.(map[string]any)
	if _, there := top["releases"]; there {
		t.Error("what is not known is written")
	}
	want := []Gap{{Unread{"runners", "GitHub answered 403 Forbidden", "administration: read"}, source.Path{"unread", 0, "what"}}}
	if diff := cmp.Diff(want, Gaps(docs[0])); diff != "" {
		t.Error(diff)
	}
	facts := FactsOf(docs[0], workflow.NewRepository(nil))
	if len(facts.Checks) != 2 || !facts.Checks[0].Bound || facts.Checks[1].Bound {
		t.Errorf("checks: %+v", facts.Checks)
	}
}
