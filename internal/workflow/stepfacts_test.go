package workflow

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestBodies holds what rules read of jobs and steps, whatever way they are written in.
func TestBodies(t *testing.T) {
	facts := workflowFacts(t, `
env: {TOP: 1}
defaults: {run: {shell: bash}}
jobs:
  b:
    name: Build
    runs-on: [self-hosted, linux]
    environment: {name: prod, url: x}
    container: alpine
    env: &env {A: "${{ secrets.A }}", B: 2}
    steps:
      - &checkout {uses: Actions/Checkout@v4, with: {Persist-Credentials: false}}
      - parallel: [{id: p, name: P, if: always(), run: make, env: *env}]
      - *checkout
  a:
    needs: b
    uses: ./.github/workflows/c.yml
    secrets: inherit
    with: {x: 1}
`)
	env := map[string]string{"A": "${{ secrets.A }}", "B": "2"}
	none := map[string]string{}
	checkout := func(i int) StepFacts {
		return StepFacts{
			Path: source.Path{"jobs", "b", "steps", i}, Uses: "Actions/Checkout@v4", Action: "actions/checkout", Ref: "v4", Version: "v4", Shell: "bash",
			With: map[string]string{"persist-credentials": "false"}, Env: none,
		}
	}
	want := []JobBody{
		{
			Name: "Build", Needs: []string{}, RunsOn: []any{"self-hosted", "linux"}, Environment: "prod", Container: "alpine",
			With: none, Env: env, Outputs: none, Steps: []StepFacts{
				checkout(0),
				{
					Path: source.Path{"jobs", "b", "steps", 1, "parallel", 0}, ID: "p", Name: "P", If: "always()", Run: "make", Shell: "bash",
					With: none, Env: env, Commands: []CommandFacts{{Text: "make", Words: []string{"make"}}},
				},
				checkout(2),
			},
		},
		{Needs: []string{"b"}, Secrets: "inherit", With: map[string]string{"x": "1"}, Env: none, Outputs: none, Steps: []StepFacts{}},
	}
	var got []JobBody
	for _, job := range facts.Jobs {
		got = append(got, job.JobBody)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("bodies (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"TOP": "1"}, facts.Env); diff != "" {
		t.Errorf("env (-want +got):\n%s", diff)
	}
}

func TestActionHasOneJob(t *testing.T) {
	facts := FactsOf(document(t, source.Action, "runs: {using: composite, steps: [{run: a, shell: sh}]}"), NewRepository(nil))
	if len(facts.Jobs) != 1 || len(facts.Jobs[0].Steps) != 1 || facts.Jobs[0].Inherits || facts.Jobs[0].ID != "" {
		t.Errorf("jobs: %+v", facts.Jobs)
	}
}

func TestExpressionFacts(t *testing.T) {
	facts := workflowFacts(t, `
on: push
jobs:
  a:
    if: github.ref == 'main'
    steps:
      - if: ${{ always() && secrets.X }}
        with: {if: plain}
        run: echo ${{ toJSON(github.event) }} ${{ format('{0}', format('{0}', steps['B'].outputs[matrix.x])) }}
      - run: ${{ broken
      - run: ${{ 1 + 1 }}
`)
	job, step := source.Path{"jobs", "a"}, source.Path{"jobs", "a", "steps", 0}
	want := []ExpressionFacts{
		{Path: job.Append("if"), Text: "github.ref == 'main'", Contexts: [][]string{{"github", "ref"}}, Calls: []string{}},
		{Path: step.Append("if"), Text: "${{ always() && secrets.X }}", Contexts: [][]string{{"secrets", "x"}}, Calls: []string{"always"}},
		{Path: step.Append("run"), Text: "${{ toJSON(github.event) }}", Contexts: [][]string{{"github", "event"}}, Calls: []string{"tojson"}},
		{
			Path: step.Append("run"), Text: "${{ format('{0}', format('{0}', steps['B'].outputs[matrix.x])) }}",
			Contexts: [][]string{{"steps", "b", "outputs", "*"}}, Calls: []string{"format"},
		},
		{Path: source.Path{"jobs", "a", "steps", 2, "run"}, Text: "${{ 1 + 1 }}", Contexts: [][]string{}, Calls: []string{}},
	}
	if diff := cmp.Diff(want, facts.Expressions); diff != "" {
		t.Errorf("expressions (-want +got):\n%s", diff)
	}
}
