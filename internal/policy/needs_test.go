package policy

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// TestNeedsLoseNothing holds that what is saved by asking first is never a finding: over the rules' own fixtures and,
// where it is present, the corpus, gated and ungated evaluations say the same.
func TestNeedsLoseNothing(t *testing.T) {
	gated, err := Load(t.Context(), policies.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	ungated, err := Load(t.Context(), policies.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	ungated.needs = nil
	var ids []string
	saved, found := 0, 0
	for _, r := range gated.Rules() {
		ids = append(ids, r.ID)
		if gated.judged[r.ID] && slices.Contains(r.Kinds, source.Manifest) && gated.needs[r.ID] == nil {
			t.Errorf("nothing is known of what %s needs, so it is asked about every manifest", r.ID)
		}
	}
	for _, doc := range documents(t) {
		in := facts.Of(doc, facts.In(nil))
		got, err := gated.Evaluate(t.Context(), in, ids)
		if err != nil {
			t.Fatal(err)
		}
		want, err := ungated.Evaluate(t.Context(), in, ids)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(messages(want), messages(got)); diff != "" {
			t.Errorf("%s (-ungated +gated):\n%s", doc.File.Path, diff)
		}
		found += len(got)
		if len(got) == 0 {
			saved++
		}
	}
	if found == 0 || saved == 0 {
		t.Errorf("%d findings, %d documents without: the test compares nothing", found, saved)
	}
}

func messages(found []Violation) []string {
	var out []string
	for _, v := range found {
		out = append(out, v.Rule.ID+" "+v.Path.String()+" "+v.Message)
	}
	return out
}

func documents(t testing.TB) []*source.Document {
	t.Helper()
	var docs []*source.Document
	add := func(name string, data []byte) {
		kind := source.Manifest
		switch {
		case strings.Contains(name, ".github/workflows/"):
			kind = source.Workflow
		case strings.HasSuffix(name, "Dockerfile"):
			kind = source.Dockerfile
		case filepath.Base(name) == "kustomization.yaml":
			kind = source.Kustomization
		case filepath.Base(name) == "Chart.yaml":
			kind = source.Chart
		case filepath.Base(name) == "compose.yaml":
			kind = source.Compose
		case !strings.HasSuffix(name, ".yaml") && !strings.HasSuffix(name, ".yml"):
			return
		}
		more, _ := parse.File(&source.File{Path: name, Kind: kind, Data: data})
		docs = append(docs, more...)
	}
	fixtures, err := filepath.Glob("../../testdata/rules/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range fixtures {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			add(f.Name, f.Data)
		}
	}
	if testing.Short() {
		return docs
	}
	root := corpus.Path("kubernetes")
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		add(name, data)
		return err
	})
	if err != nil {
		t.Logf("the fixtures only, not the corpus: %v", err)
	}
	return docs
}

func TestNeeds(t *testing.T) {
	const head = "# METADATA\n# title: T\n# description: D.\n# custom: {severity: low, confidence: high, kinds: [manifest], since: 0.1.0, remediation: R.}\npackage rules.a.b\n"
	cases := map[string]struct {
		rule string
		in   map[string]any
		want bool
	}{
		"a list to go through": {`deny contains {"msg": "m", "path": []} if { some r in input.refs; r.pinned }`, map[string]any{"refs": []any{}}, false},
		"with an element":      {`deny contains {"msg": "m", "path": []} if { some r in input.refs; r.pinned }`, map[string]any{"refs": []any{1}}, true},
		"a value to be there":  {`deny contains {"msg": "m", "path": []} if input.facts.kube.role.cluster`, map[string]any{"facts": map[string]any{}}, false},
		"its absence asked":    {`deny contains {"msg": "m", "path": []} if { input.file; not input.facts.kube.role }`, map[string]any{"file": map[string]any{}}, true},
		"in a comprehension":   {`deny contains {"msg": "m", "path": []} if { input.file; count([r | some r in input.refs]) == 0 }`, map[string]any{"file": map[string]any{}, "refs": []any{}}, true},
		"for every":            {`deny contains {"msg": "m", "path": []} if { input.file; every r in input.refs { r.pinned } }`, map[string]any{"file": map[string]any{}, "refs": []any{}}, true},
		"one of two ways":      {"deny contains {\"msg\": \"m\", \"path\": []} if some r in input.refs\ndeny contains {\"msg\": \"n\", \"path\": []} if input.origin", map[string]any{"refs": []any{}, "origin": map[string]any{}}, true},
		"a helper's needs":     {"deny contains {\"msg\": \"m\", \"path\": []} if { some x in helper }\nhelper contains r if some r in input.refs", map[string]any{"refs": []any{}}, false},
		"an empty set is one":  {"deny contains {\"msg\": \"m\", \"path\": []} if { input.file; count(helper) == 0 }\nhelper contains r if some r in input.refs", map[string]any{"file": map[string]any{}, "refs": []any{}}, true},
		"a default":            {"default helper := 1\nhelper := 2 if input.origin\ndeny contains {\"msg\": \"m\", \"path\": []} if { input.file; helper }", map[string]any{"file": map[string]any{}}, true},
		"nothing":              {`deny contains {"msg": "m", "path": []} if true`, map[string]any{}, true},
		"the document":         {`deny contains {"msg": "m", "path": []} if input.doc.kind == "Pod"`, map[string]any{}, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			main, err := policies.FS.ReadFile("main.rego")
			if err != nil {
				t.Fatal(err)
			}
			set, err := Load(t.Context(), fstest.MapFS{"main.rego": {Data: main}, "rules/a/b/b.rego": {Data: []byte(head + c.rule)}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			in, err := ast.InterfaceToValue(c.in)
			if err != nil {
				t.Fatal(err)
			}
			if got := mayFire(set.needs["a/b"], in.(ast.Object)); got != c.want {
				t.Errorf("may fire: %v, want %v; needs %+v", got, c.want, set.needs["a/b"])
			}
		})
	}
}
