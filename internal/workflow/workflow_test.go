package workflow

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func document(t testing.TB, kind source.Kind, text string) *source.Document {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		t.Fatal(err)
	}
	file := &source.File{Path: "a.yml", Kind: kind, Data: []byte(text)}
	doc, err := source.NewYAML(file).Document(&root, 1, kind, source.YAML12)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func workflowFacts(t testing.TB, text string) *Facts {
	return FactsOf(document(t, source.Workflow, text), NewRepository(nil))
}

// FactsOf establishes the facts about a document.
func FactsOf(doc *source.Document, repo *Repository) *Facts { return Of(doc).Facts(repo) }

// on gives a workflow with the triggers, whose one job has the steps.
func on(events, steps string) string {
	return "on: " + events + "\njobs:\n  a:\n    steps:\n" + steps
}

func TestModel(t *testing.T) {
	w := Of(document(t, source.Workflow, `
on: {push: {}, pull_request: null}
defaults: {run: {shell: bash, working-directory: top}}
jobs:
  two:
    needs: one
    environment: prod
    defaults: {run: {working-directory: job}}
    steps:
      - &first {run: a}
      - parallel:
          - {run: b, working-directory: own}
          - parallel: [{run: c}]
      - parallel: {steps: [{run: d}]}
      - {wait: x}
      - *first
      - not a step
  one: {uses: ./.github/workflows/b.yml}
`))
	var got []string
	for _, job := range w.Jobs {
		got = append(got, fmt.Sprintf("%s needs %v", job.ID, job.Needs))
		for _, s := range job.Steps {
			got = append(got, fmt.Sprintf("%s %q %s %s", s.Path, s.Run, s.Shell, s.Directory))
		}
	}
	want := []string{
		"one needs []",
		"two needs [one]",
		`jobs.two.steps[0] "a" bash job`,
		`jobs.two.steps[1].parallel[0] "b" bash own`,
		`jobs.two.steps[1].parallel[1].parallel[0] "c" bash job`,
		`jobs.two.steps[2].parallel.steps[0] "d" bash job`,
		`jobs.two.steps[3] "" bash job`,
		`jobs.two.steps[4] "a" bash job`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEvents(t *testing.T) {
	for text, want := range map[string]string{
		"on: push":                          "[push]",
		"on: [push, issues]":                "[issues push]",
		"on: {push: {}, workflow_call: {}}": "[push workflow_call]",
		"on: 7":                             "[]",
		"name: x":                           "[]",
	} {
		var names []string
		for _, e := range workflowFacts(t, text).Events {
			names = append(names, e.Name)
		}
		if got := fmt.Sprint(names); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestPermissions(t *testing.T) {
	for text, want := range map[string]GrantKind{
		"on: push":               GrantAbsent,
		"permissions: {}":        GrantEmpty,
		"permissions:":           GrantEmpty,
		"permissions: read-all":  GrantReadAll,
		"permissions: write-all": GrantWriteAll,
		"permissions: {vulnerability-alerts: read}": GrantMap,
		"permissions: everything":                   GrantUnknown,
		"permissions: [contents]":                   GrantUnknown,
	} {
		if got := workflowFacts(t, text).Permissions.Kind; got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	facts := workflowFacts(t, `
jobs:
  bare: {steps: [{run: a}]}
  call: {uses: ./b.yml}
  none: {permissions: {}, steps: [{run: a}]}
`)
	var defaults []string
	for _, job := range facts.Jobs {
		if job.DefaultToken {
			defaults = append(defaults, job.ID)
		}
	}
	if diff := cmp.Diff([]string{"bare"}, defaults); diff != "" {
		t.Errorf("jobs on the default token: %s", diff)
	}
}

func TestFactsOfNeither(t *testing.T) {
	if facts := FactsOf(document(t, source.Manifest, "kind: Pod"), NewRepository(nil)); facts != nil {
		t.Errorf("a manifest has facts of a workflow: %v", facts)
	}
	if facts := workflowFacts(t, "[a]"); facts != nil {
		t.Errorf("a list has facts of a workflow: %v", facts)
	}
}

// TestListsAreNeverNull holds that rules can count every list.
func TestListsAreNeverNull(t *testing.T) {
	for kind, text := range map[source.Kind]string{source.Workflow: "name: a", source.Action: "name: a"} {
		out, err := json.Marshal(FactsOf(document(t, kind, text), NewRepository(nil)))
		if err != nil || strings.Contains(string(out), "null") {
			t.Errorf("%s: %s, %v", kind, out, err)
		}
	}
}

// FuzzFacts holds that no document, whatever its types, makes a panic.
func FuzzFacts(f *testing.F) {
	f.Add("on: [1, {a: b}]\njobs: [a]\npermissions: 7")
	f.Add("on: pull_request_target\njobs: {a: {steps: {b: c}, needs: {d: e}, if: [1], outputs: 3}, b: 1}")
	f.Add("on: issues\njobs: {a: {steps: [{run: '${{ ((((', uses: 1, with: [2], env: 3}, {parallel: 4}]}}")
	f.Add("on: issue_comment\njobs: {a: {steps: [{run: \"git checkout $(gh pr checkout 1 && ((\"}, {run: 'a ${{ x[ }} |'}]}}")
	f.Add("on: issue_comment\njobs: {0: {steps: [{run: \"0&&0(\"}]}}")
	f.Add("on: issues\njobs: {a: {strategy: {matrix: [1]}, steps: [{id: a, run: \"cat <<A >> $GITHUB_ENV\\n$X\\x01\\nA\"}, {run: \"${{ matrix.a }} ${{ steps.a.outputs.b }}\"}]}}")
	f.Fuzz(func(t *testing.T, text string) {
		var root yaml.Node
		if yaml.Unmarshal([]byte(text), &root) != nil {
			t.Skip()
		}
		for _, kind := range []source.Kind{source.Workflow, source.Action} {
			file := &source.File{Path: "a.yml", Kind: kind, Data: []byte(text)}
			if doc, err := source.NewYAML(file).Document(&root, 1, kind, source.YAML12); err == nil {
				FactsOf(doc, NewRepository(nil))
			}
		}
	})
}

// TestCorpus holds that every path in the facts of a real workflow leads somewhere, and every text stands there.
func TestCorpus(t *testing.T) {
	for _, name := range corpus.Workflows(t) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		doc := document(t, source.Workflow, string(data))
		facts := FactsOf(doc, NewRepository(nil))
		if facts == nil {
			continue
		}
		for _, i := range facts.Injections {
			if value, _ := i.Path.Get(doc.Value); !strings.Contains(text(value), i.Text) {
				t.Errorf("%s: %s does not hold %q", name, i.Path, i.Text)
			}
		}
		for _, c := range facts.Checkouts {
			for _, run := range c.Executed {
				if value, found := run.Path.Get(doc.Value); !found || !strings.Contains(text(value), run.Text) {
					t.Errorf("%s: %s does not hold %q", name, run.Path, run.Text)
				}
			}
		}
	}
}
