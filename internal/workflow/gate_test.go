package workflow

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestGates holds which jobs only judge others, and how they fail to.
func TestGates(t *testing.T) {
	tests := map[string]struct {
		job  string
		want GateFault
	}{
		"skipped":               {"{needs: [a], steps: [{run: echo fine}]}", GateSkipped},
		"skipped by the event":  {"{needs: a, if: github.ref == 'x', steps: [{run: exit 0}]}", GateSkipped},
		"asks for nothing":      {"{needs: a, if: always(), steps: [{run: echo fine}]}", GateUnchecked},
		"asks in a condition":   {"{needs: a, if: always(), steps: [{run: exit 1, if: needs.a.result != 'success'}]}", ""},
		"asks in a script":      {"{needs: a, if: always(), steps: [{run: 'test \"${{ needs.a.result }}\" = success'}]}", ""},
		"asks in a variable":    {"{needs: a, if: always(), env: {N: '${{ toJSON(needs) }}'}, steps: [{run: echo \"$N\" | jq -e .}]}", ""},
		"asks for failure":      {"{needs: a, if: always(), steps: [{run: exit 1, if: \"contains(needs.*.result, 'failure')\"}]}", GateCancelled},
		"asks for both":         {"{needs: a, if: always(), steps: [{run: exit 1, if: \"contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled')\"}]}", ""},
		"fails when others do":  {"{needs: a, if: failure(), steps: [{run: exit 1}]}", ""},
		"alls-green":            {"{needs: a, if: always(), steps: [{uses: re-actors/alls-green@v1}]}", ""},
		"works":                 {"{needs: a, steps: [{run: make}]}", ""},
		"uses an action":        {"{needs: a, steps: [{uses: a/b@v1}]}", ""},
		"hands something on":    {"{needs: a, steps: [{run: echo x=y >> $GITHUB_OUTPUT}]}", ""},
		"has outputs":           {"{needs: a, outputs: {x: y}, steps: [{run: echo a}]}", ""},
		"deploys":               {"{needs: a, environment: x, steps: [{run: echo a}]}", ""},
		"needs nobody":          {"{steps: [{run: echo a}]}", ""},
		"calls":                 {"{needs: a, uses: ./.github/workflows/b.yml}", ""},
		"condition around text": {"{needs: a, if: '${{ always() }} ', steps: [{run: echo a}]}", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			facts := workflowFacts(t, "on: push\njobs:\n  a: {steps: [{run: make}]}\n  gate: "+tt.job+"\n")
			var got GateFault
			for _, g := range facts.Gates {
				got = g.Fault
				if !g.Named {
					t.Error("gate is what gates are called")
				}
			}
			if got != tt.want {
				t.Errorf("fault %q, want %q", got, tt.want)
			}
		})
	}
}

// TestScans holds which scans are passed over, and by what.
func TestScans(t *testing.T) {
	facts := workflowFacts(t, `
jobs:
  a:
    steps:
      - run: |
          trivy --version || true
          sudo trivy image x || :
          (gosec ./... || exit 0)
      - run: govulncheck ./... || exit 1
      - {uses: snyk/actions/golang@v1, continue-on-error: true}
      - {uses: snyk/actions/golang@v1, continue-on-error: "${{ true }}"}
      - {id: scan, run: bundle audit, continue-on-error: true}
      - {run: exit 1, if: steps.scan.outcome == 'failure'}
  b:
    continue-on-error: true
    steps:
      - run: npm audit && npm test
`)
	type scan struct {
		Job, Tool, How string
		Shown          bool
	}
	var got []scan
	for _, s := range facts.Scans {
		got = append(got, scan{s.Job, s.Tool, s.How, s.Shown})
	}
	want := []scan{
		{"a", "gosec", "shell", false}, {"a", "snyk/actions", "step", false}, {"a", "bundle audit", "step", true}, {"b", "npm audit", "job", false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("scans (-want +got):\n%s", diff)
	}
}

// TestRequired holds what files say about required checks, in the shapes that they are kept in.
func TestRequired(t *testing.T) {
	files := map[string]string{
		".github/rulesets/main.json": `{"rules": [{"type": "required_status_checks", "parameters": {"required_status_checks": [{"context": "Unit"}, {"context": "call / inner"}]}}]}`,
		".github/settings.yml":       "branches: [{name: main, protection: {required_status_checks: {strict: true, contexts: [matrix (1), other]}}}]",
		".github/rulesets/bad.json":  "{",
		"docs/settings.yml":          "required_status_checks: [{context: docs}]",
	}
	repo := &source.Repository{
		Paths:    []string{".github/rulesets/bad.json", ".github/rulesets/main.json", ".github/settings.yml", "docs/settings.yml"},
		ReadFile: func(path string) []byte { return []byte(files[path]) },
	}
	doc := document(t, source.Workflow, `
on: {pull_request: {paths: [a]}}
jobs:
  unit: {name: Unit, steps: [{run: make}]}
  united: {name: United, steps: [{run: make}]}
  matrix: {steps: [{run: make}]}
  call: {uses: ./x.yml}
  docs: {steps: [{run: make}]}
  gate: {needs: unit, if: always(), steps: [{run: "test ${{ needs.unit.result }} = success"}]}
`)
	facts := FactsOf(doc, NewRepository(repo))
	got := map[string]string{}
	for _, r := range facts.Required {
		got[r.Job] = r.File
	}
	want := map[string]string{
		"unit": ".github/rulesets/main.json", "matrix": ".github/settings.yml", "call": ".github/rulesets/main.json", "gate": "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("required (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Filter{{"paths", source.Path{"on", "pull_request", "paths"}}}, facts.Filters); diff != "" {
		t.Errorf("filters (-want +got):\n%s", diff)
	}
}
