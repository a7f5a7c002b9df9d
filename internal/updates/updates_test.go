package updates_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/updates"
)

// repository holds the files by path; workflows and actions among them are parsed.
func repository(files map[string]string) *source.Repository {
	return &source.Repository{
		Paths:    slices.Sorted(maps.Keys(files)),
		ReadFile: func(path string) []byte { return []byte(files[path]) },
		Parse: func(path string) *source.Document {
			docs, _ := parse.File(&source.File{Path: path, Kind: source.Workflow, Data: []byte(files[path])})
			if len(docs) != 1 {
				return nil
			}
			return docs[0]
		},
	}
}

func dependabot(t *testing.T, text string) *source.Document {
	t.Helper()
	docs, faults := parse.File(&source.File{Path: ".github/dependabot.yml", Kind: source.Dependabot, Data: []byte(text)})
	if len(docs) != 1 || len(faults) > 0 {
		t.Fatalf("%d documents, faults %v", len(docs), faults)
	}
	return docs[0]
}

const usesCheckout = "on: push\njobs: {a: {steps: [{uses: actions/checkout@v5}]}}\n"

// TestUncovered holds which manifests an entry updates.
func TestUncovered(t *testing.T) {
	tests := map[string]struct {
		entries string
		files   []string
		want    []string // ecosystem, folder, whether it is known
	}{
		"no entry":             {"", []string{"go.mod"}, []string{`gomod "" false`}},
		"the root":             {"{package-ecosystem: gomod, directory: /}", []string{"go.mod"}, nil},
		"a folder":             {"{package-ecosystem: gomod, directory: /a/}", []string{"a/go.mod", "b/go.mod"}, []string{`gomod "b" true`}},
		"globs":                {"{package-ecosystem: npm, directories: [/web/*]}", []string{"web/a/yarn.lock", "web/a/b/yarn.lock"}, []string{`npm "web/a/b" true`}},
		"everywhere":           {"{package-ecosystem: npm, directories: ['**/*']}", []string{"yarn.lock", "web/a/b/yarn.lock"}, nil},
		"no glob in directory": {"{package-ecosystem: npm, directory: /web}", []string{"web/a/yarn.lock"}, []string{`npm "web/a" true`}},
		"a parent's modules":   {"{package-ecosystem: maven, directory: /}", []string{"pom.xml", "core/pom.xml"}, nil},
		"bun beside npm":       {"{package-ecosystem: npm, directory: /}", []string{"bun.lock"}, nil},
		"workflows":            {"{package-ecosystem: github-actions, directory: /}", []string{".github/workflows/a.yml"}, nil},
		"workflows, otherwise": {"{package-ecosystem: github-actions, directory: /.github/workflows}", []string{".github/workflows/a.yml"}, nil},
		"what is aside":        {"", []string{"examples/go.mod", "a/testdata/go.mod", "vendor/x/go.mod", "sample-app/go.mod"}, nil},
		"Renovate too":         {"", []string{"go.mod", "renovate.json"}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{}
			for _, file := range tt.files {
				files[file] = "require x\n"
			}
			files[".github/workflows/a.yml"] = "on: push\njobs: {a: {steps: [{run: make}]}}\n"
			if slices.Contains(tt.files, ".github/workflows/a.yml") {
				files[".github/workflows/a.yml"] = usesCheckout
			}
			var got []string
			for _, u := range updates.DependabotOf(dependabot(t, "updates: ["+tt.entries+"]"), repository(files)).Uncovered {
				got = append(got, fmt.Sprintf("%s %q %t", u.Ecosystem, u.Directory, u.Known))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("uncovered (-want +got):\n%s", diff)
			}
		})
	}
}

// TestImages holds which images Dependabot can move: those at a version that stands there in full.
func TestImages(t *testing.T) {
	tests := map[string]struct {
		file, text string
		want       bool
	}{
		"a version":           {"Dockerfile", "FROM node:22-slim AS a\n", true},
		"of a platform":       {"Dockerfile", "FROM --platform=$BUILDPLATFORM golang:1.26\n", true},
		"of a port":           {"Dockerfile", "FROM localhost:5000/app:1\n", true},
		"a digest":            {"Dockerfile", "FROM alpine@sha256:00\n", true},
		"a variable":          {"Dockerfile", "ARG V=1\nFROM node:$V-slim\n", false},
		"a variable behind":   {"Dockerfile", "FROM node:22-${V}\n", false},
		"a stage":             {"Dockerfile", "FROM ${BASE} AS base\nFROM base\n", false},
		"no number":           {"Dockerfile", "FROM node:slim\n", false},
		"scratch":             {"Dockerfile", "FROM scratch\n", false},
		"a service":           {"compose.yaml", "services:\n  db:\n    image: postgres:15-alpine\n", true},
		"a service's default": {"compose.yaml", "services:\n  db:\n    image: redis:alpine\n", false},
		"a service's value":   {"compose.yaml", "services:\n  db:\n    image: app:${V:-1}\n", false},
	}
	for name, tt := range tests {
		found := updates.DependabotOf(dependabot(t, "updates: []"), repository(map[string]string{tt.file: tt.text})).Uncovered
		if got := len(found) > 0; got != tt.want {
			t.Errorf("%s: %t, want %t", name, got, tt.want)
		}
	}
}

// TestDependabotWithoutShape holds that nothing is claimed about a file that is not understood.
func TestDependabotWithoutShape(t *testing.T) {
	for _, text := range []string{"updates: x", "version: 2", "- a", "updates: [a, {directory: 1}]"} {
		found := updates.DependabotOf(dependabot(t, text), repository(map[string]string{"main.c": ""})).Uncovered
		if len(found) > 0 {
			t.Errorf("%s: %v", text, found)
		}
	}
}

// TestNone holds that a missing updater is told once, at the first workflow.
func TestNone(t *testing.T) {
	with := func(more map[string]string) *source.Repository {
		files := map[string]string{".github/workflows/a.yml": "on: push\njobs: {}\n", ".github/workflows/b.yml": usesCheckout}
		maps.Copy(files, more)
		return repository(files)
	}
	tests := map[string]struct {
		workflow string
		repo     *source.Repository
		want     bool
	}{
		"first":         {".github/workflows/a.yml", with(nil), true},
		"second":        {".github/workflows/b.yml", with(nil), false},
		"dependabot":    {".github/workflows/a.yml", with(map[string]string{".github/dependabot.yml": ""}), false},
		"renovate":      {".github/workflows/a.yml", with(map[string]string{".github/renovate.json5": ""}), false},
		"package.json":  {".github/workflows/a.yml", with(map[string]string{"package.json": `{"renovate": {}}`}), false},
		"renovate runs": {".github/workflows/a.yml", with(map[string]string{".github/workflows/c.yml": "on: push\njobs: {a: {steps: [{uses: renovatebot/github-action@v46}]}}\n"}), false},
		"only a name":   {".github/workflows/a.yml", with(map[string]string{".github/workflows/c.yml": "on: push\njobs: {a: {steps: [{uses: octo/renovated-house@v1}]}}\n"}), true},
		"nothing used":  {".github/workflows/a.yml", with(map[string]string{".github/workflows/b.yml": "on: push\njobs: {}\n"}), false},
		"no repository": {".github/workflows/a.yml", nil, false},
	}
	for name, tt := range tests {
		if got := updates.None(tt.workflow, tt.repo); got != tt.want {
			t.Errorf("%s: %t, want %t", name, got, tt.want)
		}
	}
}
