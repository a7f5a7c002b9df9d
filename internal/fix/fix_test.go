package fix

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// apply makes the edits in a text, the last one first.
func apply(t *testing.T, text string, changes ...Change) (string, bool) {
	t.Helper()
	docs, faults := parse.File(&source.File{Path: "w.yml", Kind: source.Workflow, Data: []byte(text)})
	if len(docs) != 1 || len(faults) > 0 {
		t.Fatalf("%d documents, %v", len(docs), faults)
	}
	edits, ok := Edits(docs[0], changes)
	for _, edit := range slices.Backward(edits) {
		span := edit.Location.Span
		text = text[:span.Start.Offset] + edit.NewText + text[span.End.Offset:]
	}
	return text, ok
}

func TestEdits(t *testing.T) {
	block := "permissions:\n  contents: read # checkout\n"
	job := source.Path{"jobs", "a", "permissions"}
	cases := map[string]struct {
		text   string
		change Change
		want   string // "" where no edit is sure
	}{
		"scalar":          {"run: echo a # b\n", Change{Path: source.Path{"run"}, With: "echo b"}, "run: echo b # b\n"},
		"part of scalar":  {"run: |\n  a\n  b ${{ x }}\n", Change{Path: source.Path{"run"}, Text: "${{ x }}", With: `"$X"`}, "run: |\n  a\n  b \"$X\"\n"},
		"part not there":  {"run: \"a\\x62\"\n", Change{Path: source.Path{"run"}, Text: "ab", With: "c"}, ""},
		"nothing there":   {"run: a\n", Change{Path: source.Path{"steps"}, With: "c"}, ""},
		"add":             {"jobs:\n  a:\n    steps: []\n", Change{Path: job, Block: block}, "jobs:\n  a:\n    permissions:\n      contents: read # checkout\n    steps: []\n"},
		"add at the top":  {"on: push\n", Change{Path: source.Path{"permissions"}, Block: "permissions: {}"}, "permissions: {}\non: push\n"},
		"replace scalar":  {"jobs:\n  a:\n    permissions: write-all # all\n    steps: []\n", Change{Path: job, Block: block}, "jobs:\n  a:\n    permissions:\n      contents: read # checkout\n    steps: []\n"},
		"replace map":     {"jobs:\n  a:\n    permissions:\n      contents: write # to push\n      issues: write\n    steps: []\n", Change{Path: job, Block: block}, "jobs:\n  a:\n    permissions:\n      contents: read # checkout\n    steps: []\n"},
		"replace flow":    {"jobs:\n  a:\n    steps: []\n    permissions: {contents: write}\n", Change{Path: job, Block: block}, "jobs:\n  a:\n    steps: []\n    permissions:\n      contents: read # checkout\n"},
		"in a list":       {"steps:\n- run: a\n", Change{Path: source.Path{"steps", 0, "env"}, Block: "env:\n  A: b"}, "steps:\n- env:\n    A: b\n  run: a\n"},
		"map in one line": {"jobs: {a: {steps: []}}\n", Change{Path: job, Block: block}, ""},
		"anchor":          {"jobs:\n  a: &a\n    steps: []\n  b: *a\n", Change{Path: job, Block: block}, ""},
		"alias":           {"jobs:\n  b: &a\n    steps: []\n  a: *a\n", Change{Path: job, Block: block}, ""},
		"merge key":       {"x: &x\n  permissions: write-all\njobs:\n  a:\n    <<: *x\n    steps: []\n", Change{Path: job, Block: block}, "x: &x\n  permissions: write-all\njobs:\n  a:\n    permissions:\n      contents: read # checkout\n    <<: *x\n    steps: []\n"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, ok := apply(t, c.text, c.change)
			if ok != (c.want != "") {
				t.Fatalf("ok = %v:\n%s", ok, got)
			}
			if diff := cmp.Diff(c.want, got); ok && diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
