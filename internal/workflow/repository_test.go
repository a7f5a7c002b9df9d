package workflow

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// repository makes one of files' texts by path.
func repository(t *testing.T, files map[string]string) *Repository {
	t.Helper()
	return NewRepository(&source.Repository{
		Paths:    slices.Sorted(maps.Keys(toAny(files))),
		ReadFile: func(path string) []byte { return []byte(files[path]) },
		Parse: func(path string) *source.Document {
			kind := source.Workflow
			if path[0] != '.' {
				kind = source.Action
			}
			return document(t, kind, files[path])
		},
	})
}

func toAny(files map[string]string) map[string]any {
	out := map[string]any{}
	for path := range files {
		out[path] = nil
	}
	return out
}

func TestRepository(t *testing.T) {
	repo := repository(t, map[string]string{
		".github/workflows/a.yml": "on: push\njobs:\n  call: {uses: ./.github/workflows/b.yml}\n  run:\n    steps: [{uses: ./deploy}, {uses: $/deploy}]\n",
		".github/workflows/b.yml": "on: workflow_call\njobs: {run: {steps: [{uses: ./deploy/../deploy/}]}}\n",
		"deploy/action.yaml":      "runs: {using: composite, steps: [{uses: ./nowhere}]}\n",
	})
	for uses, want := range map[string]string{
		"./deploy": "deploy/action.yaml", "$/deploy": "deploy/action.yaml", "./.github/workflows/b.yml": ".github/workflows/b.yml",
		"./nowhere": "", "./../deploy": "", "actions/checkout@v4": "", "docker://deploy": "", "./deploy/action.yaml": "deploy/action.yaml",
	} {
		if got := repo.Local(uses); got != want {
			t.Errorf("Local(%q) = %q, want %q", uses, got, want)
		}
	}
	var calls []string
	for _, c := range repo.Callers("deploy/action.yaml") {
		calls = append(calls, c.File+" "+c.Path.String()+" "+c.Job)
	}
	want := []string{
		".github/workflows/a.yml jobs.run.steps[0].uses run", ".github/workflows/a.yml jobs.run.steps[1].uses run",
		".github/workflows/b.yml jobs.run.steps[0].uses run",
	}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Error(diff)
	}
	if w := repo.File("deploy/action.yaml"); w == nil || !w.IsAction || repo.File("deploy/action.yaml") != w {
		t.Errorf("the action is read once: %v", w)
	}
	if NewRepository(nil).Local("./deploy") != "" || NewRepository(nil).File("deploy/action.yaml") != nil {
		t.Error("no files hold nothing")
	}
}
