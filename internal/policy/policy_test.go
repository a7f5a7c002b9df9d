package policy_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/policy"
	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/policies"
)

const metadata = `# METADATA
# title: A title
# description: A description.
# custom: {severity: medium, confidence: high, kinds: [manifest], since: 0.1.0, remediation: Do it.}
`

// bundle is a small set of rules under the composer that ships.
func bundle(t *testing.T, rules map[string]string) fstest.MapFS {
	t.Helper()
	main, err := policies.FS.ReadFile("main.rego")
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"main.rego": {Data: main}}
	for name, text := range rules {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func load(t *testing.T, rules map[string]string, dirs ...string) *policy.Set {
	t.Helper()
	set, err := policy.Load(t.Context(), bundle(t, rules), dirs)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func ids(set *policy.Set) []string {
	var out []string
	for _, r := range set.Rules() {
		out = append(out, r.ID)
	}
	return out
}

func manifest(value any) *facts.Input {
	return &facts.Input{File: facts.File{Path: "pod.yaml", Kind: source.Manifest}, Doc: value}
}

func TestEvaluateGivesPathTextAndOverrides(t *testing.T) {
	set := load(t, map[string]string{"rules/a/b/b.rego": metadata + `package rules.a.b
deny contains {
	"msg": "bad image", "path": ref.path, "text": "latest", "severity": "low", "confidence": "low",
	"related": [{"msg": "see", "path": ["kind"]}],
} if {
	some ref in input.refs
	ref.pin == "floating"
}`})
	in := manifest(map[string]any{"kind": "Pod"})
	in.Refs = []refs.Ref{{Pin: refs.PinFloating, Path: source.Path{"spec", "containers", 0, "image"}}}
	got, err := set.Evaluate(t.Context(), in, ids(set))
	if err != nil {
		t.Fatal(err)
	}
	want := []policy.Violation{{
		Rule: set.Rule("a/b"), Message: "bad image", Path: source.Path{"spec", "containers", 0, "image"}, Text: "latest",
		Severity: finding.Low, Confidence: finding.ConfidenceLow,
		Related: []policy.RelatedPath{{Message: "see", Path: source.Path{"kind"}}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("violations (-want +got):\n%s", diff)
	}
}

func TestNoFindingIsGraverThanItsRulesPage(t *testing.T) {
	set := load(t, map[string]string{"rules/a/b/b.rego": metadata + "package rules.a.b\n" + `deny contains {"msg": "m", "path": [], "severity": "high"} if true`})
	if got, err := set.Evaluate(t.Context(), manifest(nil), ids(set)); err == nil || !strings.Contains(err.Error(), "above the medium of its METADATA") {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestEvaluateKeepsToTheRulesAsked(t *testing.T) {
	always := func(name string) string {
		return metadata + "package rules.a." + name + "\n" + `deny contains {"msg": "always", "path": []} if true`
	}
	set := load(t, map[string]string{"rules/a/x/x.rego": always("x"), "rules/a/y/y.rego": always("y")})
	got, err := set.Evaluate(t.Context(), manifest(nil), []string{"a/y"})
	if err != nil || len(got) != 1 || got[0].Rule.ID != "a/y" {
		t.Fatalf("got %v, %v; want the one finding of a/y", got, err)
	}
	workflow := &facts.Input{File: facts.File{Path: "w.yml", Kind: source.Workflow}}
	if got, err := set.Evaluate(t.Context(), workflow, ids(set)); err != nil || len(got) != 0 {
		t.Fatalf("a rule for manifests judged a workflow: %v, %v", got, err)
	}
}

func TestAFailingRuleHidesNoOther(t *testing.T) {
	set := load(t, map[string]string{
		"rules/a/fails/f.rego": metadata + "package rules.a.fails\n" +
			`deny contains {"msg": "never", "path": []} if to_number("no number")`,
		"rules/a/shape/s.rego": metadata + "package rules.a.shape\n" + `deny contains "a string" if true`,
		"rules/a/works/w.rego": metadata + "package rules.a.works\n" + `deny contains {"msg": "found", "path": []} if true`,
	})
	got, err := set.Evaluate(t.Context(), manifest(nil), ids(set))
	if len(got) != 1 || got[0].Message != "found" {
		t.Errorf("violations: %v", got)
	}
	var failed *policy.RuleError
	if !errors.As(err, &failed) || !strings.Contains(err.Error(), "a/fails") {
		t.Errorf("error %v does not name the rule that failed", err)
	}
}

func TestARuleWithoutEndIsStopped(t *testing.T) {
	if testing.Short() {
		t.Skip("takes the time limit, twice")
	}
	set := load(t, map[string]string{
		"rules/a/endless/e.rego": metadata + "package rules.a.endless\n" +
			`deny contains {"msg": "m", "path": []} if { some x in numbers.range(1, 1000000); some y in numbers.range(1, 1000000); x * y == -1 }`,
		"rules/a/works/w.rego": metadata + "package rules.a.works\n" + `deny contains {"msg": "found", "path": []} if true`,
	})
	for range 2 { // the second time it is not asked at all
		got, err := set.Evaluate(t.Context(), manifest(nil), ids(set))
		if len(got) != 1 || got[0].Message != "found" {
			t.Errorf("violations: %v", got)
		}
		if err == nil || !strings.Contains(err.Error(), "took longer than") {
			t.Errorf("error %v", err)
		}
	}
}

func TestOnlyRulesThatReadTheDocumentGetIt(t *testing.T) {
	cases := map[string]bool{
		`deny contains {"msg": "m", "path": []} if input.doc.kind == "Pod"`:                                    true,
		`deny contains {"msg": "m", "path": []} if { some k; input[k].kind == "Pod" }`:                         true,
		`deny contains {"msg": "m", "path": []} if { x := input; x.doc }`:                                      true,
		`deny contains {"msg": "m", "path": []} if { some ref in input.refs; ref.pinned; input.file.path }`:    false,
		`deny contains {"msg": "m", "path": []} if { some p in input.facts.kube.pods; p.hostNetwork == true }`: false,
	}
	for rule, want := range cases {
		set := load(t, map[string]string{"rules/a/b/b.rego": metadata + "package rules.a.b\n" + rule})
		if _, got := set.For(source.Manifest, ids(set)); got != want {
			t.Errorf("%s: reads the document: %v, want %v", rule, got, want)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	cases := map[string]struct{ rule, want string }{
		"no metadata":       {"package rules.a.b\ndeny contains {} if true", "no METADATA"},
		"missing field":     {strings.Replace(metadata, ", since: 0.1.0", "", 1) + "package rules.a.b\ndeny contains {} if true", "custom.since"},
		"unknown field":     {strings.Replace(metadata, "since:", "sinse:", 1) + "package rules.a.b\ndeny contains {} if true", "sinse"},
		"unknown kind":      {strings.Replace(metadata, "[manifest]", "[manifesto]", 1) + "package rules.a.b\ndeny contains {} if true", "manifesto"},
		"no deny":           {metadata + "package rules.a.b\nallow := true", "no deny"},
		"network":           {metadata + "package rules.a.b\n" + `deny contains {"msg": "m", "path": []} if http.send({"url": "http://x"})`, "http.send"},
		"not Rego":          {"package rules.a.b\nfunc main() {}", "rego_parse_error"},
		"the environment":   {metadata + "package rules.a.b\n" + `deny contains {"msg": "m", "path": []} if opa.runtime().env.TOKEN`, "opa.runtime"},
		"an unknown lookup": {metadata + "package rules.a.b\n" + `deny contains {"msg": "m", "path": []} if net.lookup_ip_addr("x")`, "net.lookup_ip_addr"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := policy.Load(t.Context(), bundle(t, map[string]string{"rules/a/b/b.rego": c.rule}), nil)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v does not speak of %q", err, c.want)
			}
		})
	}
}

func writeDir(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestUsersRuleReplacesAnEmbeddedOne(t *testing.T) {
	embedded := map[string]string{"rules/a/b/b.rego": metadata + "package rules.a.b\n" + `deny contains {"msg": "ours", "path": []} if true`}
	dir := writeDir(t, map[string]string{
		"b.rego": metadata + "package rules.a.b\n" + `deny contains {"msg": "theirs", "path": []} if true`,
		"c.rego": metadata + "package rules.own.c\n" + `deny contains {"msg": "own", "path": []} if true`,
	})
	set := load(t, embedded, dir)
	got, err := set.Evaluate(t.Context(), manifest(nil), ids(set))
	if err != nil {
		t.Fatal(err)
	}
	var messages []string
	for _, v := range got {
		messages = append(messages, v.Rule.ID+": "+v.Message)
	}
	if diff := cmp.Diff([]string{"own/c: own", "a/b: theirs"}, messages); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

func TestConftestPoliciesRunUnchanged(t *testing.T) {
	dir := writeDir(t, map[string]string{
		"policy.rego": `package main
deny contains msg if {
	input.kind == "Deployment"
	not input.spec.replicas >= data.limits.replicas
	msg := "too few replicas"
}
warn_labels contains {"msg": "no team label", "_loc": {"file": "x", "line": 3}} if not input.metadata.labels.team
violation_excepted contains {"msg": "never shown"} if true
exception contains ["excepted"] if input.kind == "Deployment"
`,
		"limits.yaml": "limits: {replicas: 2}\n",
	})
	set := load(t, nil, dir)
	file := &source.File{Path: "deploy.yaml"}
	value := map[string]any{"kind": "Deployment", "spec": map[string]any{"replicas": 1}}
	got, err := set.EvaluateGuests(context.Background(), source.NewDocument(file, source.Manifest, value, nil), ids(set))
	if err != nil {
		t.Fatal(err)
	}
	var messages []string
	for _, v := range got {
		messages = append(messages, v.Severity.String()+" "+v.Rule.ID+": "+v.Message)
	}
	want := []string{"high conftest/main.deny: too few replicas", "low conftest/main.warn_labels: no team label"}
	if diff := cmp.Diff(want, messages); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	if got[1].Line != 3 {
		t.Errorf("_loc gives line %d, want 3", got[1].Line)
	}
}

func TestTheShippedPoliciesLoad(t *testing.T) {
	set, err := policy.Load(t.Context(), policies.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{finding.ParseError, finding.RenderError, finding.NotEvaluated, finding.UnusedIgnore} {
		if set.Rule(id) == nil {
			t.Errorf("no METADATA for %s", id)
		}
	}
}

// What is said of tests' data is for the pedantic, and of examples it weighs little, where a rule is about what is deployed.
func TestWhatIsNotDeployedIsSaidLessLoudly(t *testing.T) {
	const rule = "# METADATA\n# title: t\n# description: d\n# custom: {severity: high, confidence: high, kinds: [manifest], since: 0.1.0, remediation: r%s}\n" +
		"package rules.a[\"%s\"]\n\ndeny contains {\"msg\": \"m\", \"path\": []} if input.file\n"
	dir := t.TempDir()
	for name, flag := range map[string]string{"always": "", "deployed": ", deployed: true"} {
		if err := os.WriteFile(filepath.Join(dir, name+".rego"), fmt.Appendf(nil, rule, flag, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set, err := policy.Load(t.Context(), bundle(t, nil), []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	for use, want := range map[facts.Use][]string{
		"":               {"a/always high ", "a/deployed high "},
		facts.UseTest:    {"a/always high ", "a/deployed high pedantic"},
		facts.UseExample: {"a/always high ", "a/deployed low "},

		facts.UseDevelopment: {"a/always high ", "a/deployed low "},
	} {
		in := &facts.Input{File: facts.File{Path: "a.yaml", Kind: source.Manifest, Use: use}, Doc: map[string]any{}}
		found, err := set.Evaluate(t.Context(), in, []string{"a/always", "a/deployed"})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range found {
			got = append(got, fmt.Sprintf("%s %s %s", v.Rule.ID, v.Severity, v.Persona))
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", use, diff)
		}
	}
}
