package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/policy"
	"github.com/plimsoll-dev/plimsoll/internal/ruletest"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

const root = "../.."

func TestGeneratedFilesAreFresh(t *testing.T) {
	files, err := generate(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	stale, err := files.stale(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range stale {
		t.Errorf("%s is out of date: run `make generate`", name)
	}
}

func TestEveryRuleHasAFixtureAndEveryFixtureARule(t *testing.T) {
	set, err := policy.Load(t.Context(), os.DirFS(filepath.Join(root, "policies")), nil)
	if err != nil {
		t.Fatal(err)
	}
	fixtures, err := ruletest.Find(filepath.Join(root, "testdata", "rules"))
	if err != nil {
		t.Fatal(err)
	}
	for id := range fixtures {
		if set.Rule(id) == nil {
			t.Errorf("the fixture of %s belongs to no rule", id)
		}
	}
	for _, rule := range set.Rules() {
		f := fixtures[rule.ID]
		if f == nil {
			if rule.Category() != "builtin" { // testdata/script holds those to their word
				t.Errorf("rule %s has no fixture", rule.ID)
			}
			continue
		}
		if avoid, prefer := examples(f); len(avoid) == 0 || len(prefer) == 0 {
			t.Errorf("the fixture of %s has %d bad and %d good files: it needs one of each", rule.ID, len(avoid), len(prefer))
		}
	}
}

func TestPage(t *testing.T) {
	fixture, err := ruletest.Parse("image/sample", []byte(`Why it matters.
-- Dockerfile.bad --

# plain
# want+2 "no tag"
# want+1 "no digest"
FROM nginx
FROM `+"`b`"+` # want "no tag" at "nginx"
-- bad/Chart.yaml --
name: shop
-- bad/templates/pod.yaml --
# want+1 "no tag"
image: nginx
-- good.yaml --
# `+"```"+`
image: nginx@sha256:0
`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := page(&finding.Rule{
		ID: "image/sample", Title: "Sample", Description: "It moves.", Severity: finding.High,
		Confidence: finding.ConfidenceLow, Kinds: []source.Kind{source.Dockerfile, source.Manifest}, Since: "0.1.0",
		Remediation: "Pin it.", References: []finding.Reference{{URL: "https://example.com/a"}}, Persona: finding.Pedantic, Deployed: true,
		Frameworks: map[string][]string{"CIS": {"5.1", "5.2"}},
	}, fixture)
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/page.golden.md"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
}

func TestPageNeedsAFixture(t *testing.T) {
	_, err := page(&finding.Rule{ID: "image/sample"}, nil)
	if err == nil || !strings.Contains(err.Error(), "testdata/rules/image/sample.txtar") {
		t.Errorf("error %v does not name the file to write", err)
	}
}

func TestBetween(t *testing.T) {
	text := "# Name\n<!-- begin rules, written by make generate -->\nold\n<!-- end rules -->\nrest\n"
	got, err := between(text, "rules", "new\n")
	if err != nil {
		t.Fatal(err)
	}
	want := "# Name\n<!-- begin rules, written by make generate -->\n\nnew\n\n<!-- end rules -->\nrest\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	if again, err := between(got, "rules", "new\n"); err != nil || again != got {
		t.Errorf("a second time gives %q, %v", again, err)
	}
	if _, err := between(text, "inputs", "new"); err == nil {
		t.Error("missing markers give no error")
	}
}

func TestStaleNamesPagesWithoutARule(t *testing.T) {
	dir := t.TempDir()
	gone := filepath.Join(dir, "policies", "rules", "image", "gone")
	if err := os.MkdirAll(gone, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(gone, "README.md"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := files{"policies/README.md": []byte("index")}.stale(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"policies/README.md", "policies/rules/image/gone/README.md (no rule has this page: delete it)"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stale (-want +got):\n%s", diff)
	}
}

func TestActionTables(t *testing.T) {
	name := filepath.Join(t.TempDir(), "action.yml")
	err := os.WriteFile(name, []byte(`
inputs:
  path:
    description: |
      What to lint: a | b,
      or c.
    default: .
  config: {description: The configuration., required: false}
outputs:
  verdict: {description: pass or fail, value: x}
`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	a, err := readAction(name)
	if err != nil {
		t.Fatal(err)
	}
	want := "| Input | Default | |\n|---|---|---|\n| `path` | `.` | What to lint: a \\| b, or c. |\n| `config` |  | The configuration. |\n"
	if diff := cmp.Diff(want, a.inputs()); diff != "" {
		t.Errorf("inputs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("| Output | |\n|---|---|\n| `verdict` | pass or fail |\n", a.outputs()); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
}

// What `make new-rule` writes is a rule that loads and a fixture with both kinds of file, before anyone edits it.
func TestNewRule(t *testing.T) {
	dir := t.TempDir()
	created, err := newRule(dir, "workflow/sample-rule")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"policies/rules/workflow/sample-rule/sample-rule.rego", "testdata/rules/workflow/sample-rule.txtar"}
	if diff := cmp.Diff(want, created); diff != "" {
		t.Errorf("created (-want +got):\n%s", diff)
	}
	composer, err := os.ReadFile(filepath.Join(root, "policies", "main.rego"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "policies", "main.rego"), composer, 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := policy.Load(t.Context(), os.DirFS(filepath.Join(dir, "policies")), nil)
	if err != nil {
		t.Fatal(err)
	}
	fixtures, err := ruletest.Find(filepath.Join(dir, "testdata", "rules"))
	if err != nil {
		t.Fatal(err)
	}
	if set.Rule("workflow/sample-rule") == nil || fixtures["workflow/sample-rule"] == nil {
		t.Fatalf("rules %v and fixtures %v hold no workflow/sample-rule", set.Rules(), fixtures)
	}
	if avoid, prefer := examples(fixtures["workflow/sample-rule"]); len(avoid) != 1 || len(prefer) != 1 {
		t.Errorf("the fixture has %d bad and %d good files", len(avoid), len(prefer))
	}
	if _, err := newRule(dir, "workflow/sample-rule"); err == nil {
		t.Error("a rule that exists is created again")
	}
}

func TestNewRuleRefusesOtherNames(t *testing.T) {
	for _, id := range []string{"", "workflow", "workflow/", "Workflow/x", "workflow/x_y", "../../etc/x", "a/b/c", "a/-b"} {
		if created, err := newRule(t.TempDir(), id); err == nil {
			t.Errorf("%q creates %v", id, created)
		}
	}
}

func TestPageOfSettingsPromisesNoComment(t *testing.T) {
	fixture, err := ruletest.Parse("settings/sample", []byte("-- settings of a/bad --\non: false # want \"off\"\n-- settings of a/good --\non: true\n"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := page(&finding.Rule{ID: "settings/sample", Severity: finding.Low, Kinds: []source.Kind{source.Settings}}, fixture)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(got); strings.Contains(text, "# plimsoll: ignore") || !strings.Contains(text, "  - rule: settings/sample\n    reason:") {
		t.Error(text)
	}
}
