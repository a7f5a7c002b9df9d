package policy

import (
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

func TestReadDocument(t *testing.T) {
	libs := map[string]string{
		"facts.rego": "package lib.facts\n\nname := input.facts.kube.name\n\nmine := data.lib.facts.name",
		"doc.rego":   "package lib.doc\n\nname := input.doc.metadata.name",
		"both.rego":  "package lib.both\n\nimport data.lib.doc\n\nname := doc.name",
		"round.rego": "package lib.round\n\nimport data.lib.round\n\nname := data.lib.trip.name",
		"trip.rego":  "package lib.trip\n\nname := data.lib.round.name",
	}
	modules := map[string]*ast.Module{}
	for name, text := range libs {
		modules[name] = ast.MustParseModule(text)
	}
	tests := []struct {
		name, rule string
		want       bool
	}{
		{"facts alone", `deny contains x if some x in input.facts.kube.pods`, false},
		{"the document", `deny contains x if x := input.doc.kind`, true},
		{"input as a whole", `deny contains x if x := input`, true},
		{"a part that it works out", `deny contains input[part] if some part in ["refs"]`, true},
		{"a library of facts", "import data.lib.facts\n\ndeny contains facts.name", false},
		{"a library that reads it", "import data.lib.doc\n\ndeny contains doc.name", true},
		{"by way of another", "import data.lib.both\n\ndeny contains both.name", true},
		{"libraries that need each other", "import data.lib.round\n\ndeny contains round.name", false},
		{"a library that there is not", "import data.lib.other\n\ndeny contains other.name", true},
		{"other data", "deny contains data.words.x", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := ast.MustParseModule("package rules.a.b\n\n" + test.rule)
			if got := librariesOf(modules).readDocument(m, map[string]bool{}); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
