package workflow

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func describe(found []Injection) []string {
	var out []string
	for _, i := range found {
		line := fmt.Sprintf("%s %s %s in %s", i.Reach, i.Event, i.Context, i.Sink)
		if i.Via != "" {
			line += " via " + i.Via
		}
		if i.Protection != ProtectionNone {
			line += " behind " + string(i.Protection)
		}
		out = append(out, line)
	}
	return out
}

func TestInjections(t *testing.T) {
	title := "      - run: echo ${{ github.event.pull_request.title }}\n"
	tests := []injectionTest{
		{"the event carries it", on("pull_request_target", title), []string{
			"outsider pull_request_target github.event.pull_request.title in run",
		}},
		{"a fork's run", on("pull_request", title), []string{"fork pull_request github.event.pull_request.title in run"}},
		{"the furthest of several events", on("[pull_request, pull_request_target]", title), []string{
			"outsider pull_request_target github.event.pull_request.title in run",
		}},
		{"no event carries it", on("[push, issues]", title), nil},
		{"env is safe", on("issues", "      - env: {T: '${{ github.event.issue.title }}'}\n        run: echo \"$T\"\n"), nil},
		{"env read by an expression", on("issues", "      - env: {T: '${{ github.event.issue.title }}'}\n        run: echo ${{ env.t }}\n"), []string{
			"outsider issues github.event.issue.title in run via env.t",
		}},
		{"env of a step shadows the job's", "on: issues\njobs:\n  a:\n    env: {T: '${{ github.event.issue.title }}'}\n    steps:\n" +
			"      - env: {T: fixed}\n        run: echo ${{ env.T }}\n      - run: echo ${{ env.T }}\n", []string{
			"outsider issues github.event.issue.title in run via env.t",
		}},
		{"output of another job", "on: issues\njobs:\n  a:\n    outputs: {t: '${{ github.event.issue.body }}'}\n    steps: [{run: a}]\n" +
			"  b:\n    needs: a\n    steps: [{run: 'echo ${{ needs.a.outputs.t }}'}]\n", []string{
			"outsider issues github.event.issue.body in run via needs.a.outputs.t",
		}},
		{"definitions in a circle", on("issues", "      - env: {A: '${{ env.B }}', B: '${{ env.A }}'}\n        run: echo ${{ env.A }}\n"), nil},
		{"the whole event as JSON", on("push", "      - run: echo '${{ toJSON(github.event) }}'\n"), []string{
			"contributor push github.event.commits.*.message in run",
		}},
		{"the whole event as text is the word Object", on("push", "      - run: echo '${{ github.event }}'\n"), nil},
		{"what nobody chooses freely", on("pull_request_target", "      - run: echo ${{ github.event.number }} ${{ github.event.pull_request.head.sha }} "+
			"${{ github.event.pull_request.user.login }} ${{ github.event.pull_request.head.repo.full_name }}\n"), nil},
		{"only as a condition", on("issues", "      - run: echo ${{ github.event.issue.title == 'x' && 'a' || 'b' }}\n"), nil},
		{"script of an action", on("issue_comment", "      - uses: Actions/GitHub-Script@v8\n        with: {Script: 'f(${{ github.event.comment.body }})'}\n"), []string{
			"outsider issue_comment github.event.comment.body in actions/github-script Script",
		}},
		{"other inputs of actions", on("issues", "      - uses: a/b@v1\n        with: {script: '${{ github.event.issue.title }}'}\n"), nil},
		{"the same text twice is one place", on("issues", "      - run: echo ${{ github.event.issue.title }} ${{ github.event.issue.title }}\n"), []string{
			"outsider issues github.event.issue.title in run",
		}},
		{"not for forks", on("pull_request_target", "      - if: github.event.pull_request.head.repo.fork == false\n        run: echo ${{ github.head_ref }}\n"), nil},
		{"for a trusted commenter", on("issue_comment", "      - if: github.event.comment.author_association == 'MEMBER'\n        run: echo ${{ github.event.comment.body }} ${{ github.event.issue.title }}\n"), []string{
			"outsider issue_comment github.event.issue.title in run behind person",
		}},
		{"for another event", on("[push, pull_request_target]", "      - if: github.event_name == 'push'\n        run: echo ${{ github.head_ref }}\n"), nil},
	}
	runInjections(t, tests)
}

func TestInjectionsOfInputs(t *testing.T) {
	runInjections(t, []injectionTest{
		{"within parallel steps", on("issues", "      - parallel: [{run: 'echo ${{ github.event.issue.title }}'}]\n"), []string{
			"outsider issues github.event.issue.title in run",
		}},
		{"string input of a called workflow", "on: {workflow_call: {inputs: {a: {type: string}, b: {type: boolean}}}}\njobs: {a: {steps: [{run: 'echo ${{ inputs.a }} ${{ inputs.b }}'}]}}", []string{
			"caller  inputs.a in run",
		}},
		{"input of a dispatch", "on: {workflow_dispatch: {inputs: {a: {type: string}}}}\njobs: {a: {steps: [{run: 'echo ${{ inputs.a }} ${{ github.event.inputs.a }}'}]}}", []string{
			"writer workflow_dispatch inputs.a in run", "writer workflow_dispatch github.event.inputs.a in run",
		}},
	})
}

type injectionTest struct {
	name, text string
	want       []string
}

func runInjections(t *testing.T, tests []injectionTest) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, describe(workflowFacts(t, tt.text).Injections)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestInjectionsOfAction(t *testing.T) {
	facts := FactsOf(document(t, source.Action, `
inputs: {a: {}}
runs:
  using: composite
  steps:
    - run: echo ${{ inputs.a }} ${{ github.head_ref }} ${{ github.sha }}
`), NewRepository(nil))
	want := []string{"caller  inputs.a in run", "caller  github.head_ref in run"}
	if diff := cmp.Diff(want, describe(facts.Injections)); diff != "" {
		t.Error(diff)
	}
	if !facts.Injections[0].Input || facts.Injections[1].Input {
		t.Error("only the first is an input")
	}
}

func TestGuards(t *testing.T) {
	tests := []struct {
		condition string
		want      Protection
	}{
		{"", ProtectionNone},
		{"always()", ProtectionNone},
		{"github.event.issue.pull_request", ProtectionNone},
		{"startsWith(github.event.comment.body, '/run')", ProtectionNone},
		{"github.event.pull_request.head.repo.full_name == github.repository", ProtectionPerson},
		{"${{ github.repository == github.event.pull_request.head.repo.full_name }}", ProtectionPerson},
		{"!github.event.pull_request.head.repo.fork", ProtectionPerson},
		{"github.event.pull_request.head.repo.fork != true", ProtectionPerson},
		{"github.event.pull_request.head.repo.fork == true", ProtectionNone},
		{"github.event.workflow_run.event == 'push'", ProtectionPerson},
		{"github.event.workflow_run.event == 'pull_request'", ProtectionNone},
		{"github.actor == 'someone'", ProtectionPerson},
		{"github.actor != 'someone'", ProtectionNone},
		{"contains(fromJSON('[\"OWNER\"]'), github.event.comment.author_association)", ProtectionPerson},
		{"contains(github.event.pull_request.labels.*.name, 'safe')", ProtectionLabel},
		{"github.event.label.name == 'safe'", ProtectionPerson},
		{"contains(github.event.label.name, 'safe')", ProtectionPerson},
		{"github.event.action == 'labeled'", ProtectionPerson},
		{"github.event.label.name == 'safe' || contains(github.event.pull_request.labels.*.name, 'safe')", ProtectionLabel},
		{"github.actor == 'a' && contains(github.event.pull_request.labels.*.name, 'safe')", ProtectionPerson},
		{"github.event.pull_request.merged", ProtectionPerson},
		{"github.event.pull_request.merged == false", ProtectionNone},
		{"steps.check.outputs.allowed == 'true'", ProtectionOutput},
		{"github.actor == 'a' || true", ProtectionNone},
		{"github.actor == 'a' || github.actor == 'b'", ProtectionPerson},
		{"github.event_name != 'pull_request_target' || github.actor == 'a'", ProtectionPerson},
		{"not ( an expression", ProtectionNone},
	}
	for _, tt := range tests {
		if got := guardOf(expression.ParseCondition(tt.condition)).protection(); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.condition, got, tt.want)
		}
	}
}
