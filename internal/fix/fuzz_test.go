package fix

import (
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// FuzzEdits holds that edits of any text lie within it.
func FuzzEdits(f *testing.F) {
	for _, seed := range []string{"on: push\njobs:\n  a:\n    steps:\n      - uses: a/b@v1 # c\n", "on: push\r\njobs: {a: {steps: [{uses: a/b@v1}]}}", "jobs:\n  a: &x\n    steps: []\n  b: *x\n", "\ufeffjobs:\n\ta:", "jobs:\n  a:\n    <<: {b: c}\n", "jobs:\n  a: |\n    b\n"} {
		f.Add(seed, "v2 # three", "permissions:\n  contents: read # why\n")
	}
	f.Fuzz(func(t *testing.T, text, with, block string) {
		file := &source.File{Path: "w.yml", Kind: source.Workflow, Data: []byte(text)}
		docs, _ := parse.File(file)
		for _, doc := range docs {
			for _, c := range []Change{
				{Path: source.Path{"jobs", "a", "steps", 0, "uses"}, Text: "v1", With: with},
				{Path: source.Path{"on"}, With: with},
				{Path: source.Path{"jobs", "a", "permissions"}, Block: block},
				{Path: source.Path{"permissions"}, Block: block},
			} {
				edits, _ := Edits(doc, []Change{c})
				for _, edit := range edits {
					if at := edit.Location.Span; at.Start.Offset < 0 || at.Start.Offset > at.End.Offset || at.End.Offset > len(text) {
						t.Fatalf("an edit at %v of %d bytes", at, len(text))
					}
				}
			}
		}
	})
}
