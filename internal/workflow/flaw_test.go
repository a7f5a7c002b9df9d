package workflow

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestConditions holds what GitHub makes of an `if:` as a whole.
func TestConditions(t *testing.T) {
	tests := []struct{ condition, want string }{
		{"${{ a.b }}", ""},
		{"a.b && c.d", ""},
		{"${{ contains('}}', a.b) }}", ""},
		{"${{ a.b }}\n", "text-around ${a.b}"},
		{" ${{ a.b }}", "text-around ${a.b}"},
		{"!${{ a.b || c.d }}", "text-around ${!(a.b || c.d)}"},
		{"${{ a.b == '  x' }} && c.d\n", "text-around ${(a.b == '  x') && c.d}"},
		{"${{\n a.b == 'x'\n && c.d\n}}\n", "text-around ${a.b == 'x' && c.d}"},
		{"deploy to ${{ a.b }}", "text-around ${}"},
		{"always()", ""},
		{"true", ""},
		{"false", ""},
		{"false && a.b", ""},
		{"always() && a.b", ""},
		{"!cancelled()", ""},
		{"success() || failure()", ""},
		{"always() || a.b", "always"},
		{"a.b == 'x' || 'y'", "always"},
		{"a.b == 'x' || ''", ""},
		{"a.b || 0", ""},
		{"a.b || 1", "always"},
		{"a.b != 'x' || a.b != 'y'", "always"},
		{"a.b != 'x' || a.b != 'X'", ""},
		{"a.b != 'x' || a.c != 'y'", ""},
		{"a[c.d] != 'x' || a[e.f] != 'y'", ""},
		{"a.b == 'x' && a.b == 'y'", "never"},
		{"'x' == a.b && c.d && a.b == 'y'", "never"},
		{"a.b && null", "never"},
		{"!(a.b == 'x' && a.b == 'y')", "always"},
		{"needs.a.result == 'failure'", "implied-success"},
		{"contains(needs.*.result, 'cancelled')", "implied-success"},
		{"needs.a.result == 'failure' || needs.a.result == 'success'", ""},
		{"needs.a.result != 'failure'", ""},
		{"always() && needs.a.result == 'failure'", ""},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range conditionFlaws(source.Path{"jobs", "a", "if"}, tt.condition) {
			text := string(f.Kind)
			if f.Kind == FlawTextAround {
				text += " ${" + f.Instead + "}"
			}
			got = append(got, text)
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%q: %s", tt.condition, diff)
		}
	}
	if found := conditionFlaws(source.Path{"jobs", "a", "steps", 0, "if"}, "needs.a.result == 'failure'"); len(found) > 0 {
		t.Errorf("a step's condition is asked after the job has begun: %v", found)
	}
}

// TestExpressionFlaws holds the mistakes inside of an expression.
func TestExpressionFlaws(t *testing.T) {
	facts := func(expression string) []Flaw {
		return workflowFacts(t, `
on:
  workflow_dispatch: {inputs: {flag: {type: boolean}, word: {}, both: {type: boolean}}}
  workflow_call: {inputs: {both: {type: string}}}
jobs:
  a:
    strategy: {matrix: {on: [true, false], word: ["a", "b"], mixed: [true, "b"], include: [{on: true, computed: "${{ inputs.flag }}"}]}}
    steps:
      - run: echo ${{ `+expression+` }}
`).Flaws
	}
	tests := []struct{ expression, want string }{
		{"contains('a b', github.ref)", `text-as-list github.ref 'a b' contains(fromJSON('["a", "b"]'), github.ref) chosen`},
		{"contains('[\"a\"]', github.event_name)", `text-as-list github.event_name '["a"]' `},
		{"contains('main', github.ref_name)", "text-as-list github.ref_name 'main'  chosen"},
		{"contains(fromJSON('[]'), github.ref)", ""},
		{"contains(github.actor, 'bot')", "part-of-name github.actor 'bot' github.actor == 'bot' chosen"},
		{"!contains(github.actor, 'bot')", ""},
		{"!(a.b || !contains(github.actor, 'bot'))", "part-of-name github.actor 'bot' github.actor == 'bot' chosen"},
		{"a.b && '' || 'x'", "falsy-middle a.b '' "},
		{"a.b && c.d && 0 || 'x'", "falsy-middle a.b && c.d 0 "},
		{"a.b && 'x' || ''", ""},
		{"a.b && '' || ''", ""},
		{"a.b && ''", ""},
		{"inputs.flag == 'true'", "types inputs.flag 'true' inputs.flag == true"},
		{"'false' != inputs.FLAG", "types inputs.flag 'false' inputs.flag != false"},
		{"inputs.flag == true", ""},
		{"inputs.flag == ''", ""},
		{"inputs.flag == '1'", ""},
		{"inputs.word == true", "types inputs.word true inputs.word == 'true'"},
		{"inputs.word == false", ""},
		{"inputs.both == 'true'", ""},
		{"inputs.unknown == 'true'", ""},
		{"github.event.inputs.flag == 'true'", ""},
		{"github.event.inputs.flag == true", "types github.event.inputs.flag true github.event.inputs.flag == 'true'"},
		{"matrix.on == 'true'", "types matrix.on 'true' matrix.on == true"},
		{"matrix.word == true", "types matrix.word true matrix.word == 'true'"},
		{"matrix.mixed == 'true' || matrix.computed == 'true'", ""},
		{"steps.a.outputs.b == true", "types steps.a.outputs.b true steps.a.outputs.b == 'true'"},
		{"(a.b == c.d) == 'true'", "types a.b == c.d 'true' a.b == c.d == true"},
		{"github.event.pull_request.draft == 'false'", "types github.event.pull_request.draft 'false' github.event.pull_request.draft == false"},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range facts(tt.expression) {
			text := fmt.Sprintf("%s %s %s %s", f.Kind, f.Subject, f.Value, f.Instead)
			if f.Chosen {
				text += " chosen"
			}
			got = append(got, text)
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s: %s", tt.expression, diff)
		}
	}
}

// TestStrangersInGroup holds that an empty part of a concurrency group's name is not held against it.
func TestStrangersInGroup(t *testing.T) {
	for _, group := range []string{"concurrency: a-${{ github.head_ref }}", "concurrency:\n  group: a-${{ github.head_ref }}"} {
		got := workflowFacts(t, "on: push\n"+group+"\njobs:\n  a:\n    runs-on: x\n    steps: [{run: make}]\n").Strangers
		if len(got) != 1 || !got[0].Spare {
			t.Errorf("%s: %+v", group, got)
		}
	}
}

// TestStrangers holds which parts of a payload no trigger brings.
func TestStrangers(t *testing.T) {
	tests := []struct{ events, expression, want string }{
		{"push", "github.event.pull_request.draft", "github.event.pull_request"},
		{"push", "github.head_ref || github.ref", "github.head_ref (spare)"},
		{"push", "github.event_name == 'release' && github.event.release.tag_name", "github.event.release (spare)"},
		{"push", "github.event_name }} ${{ github.event.release.tag_name", "github.event.release (spare)"},
		{"push", "github.event.head_commit.message", ""},
		{"[push, pull_request]", "github.event.pull_request.draft", ""},
		{"pull_request_review", "github.event.pull_request.draft", ""},
		{"[push, workflow_call]", "github.event.pull_request.draft", ""},
		{"push", "github.event.number", ""},
	}
	for _, tt := range tests {
		var got []string
		for _, s := range workflowFacts(t, on(tt.events, "      - run: echo ${{ "+tt.expression+" }}\n")).Strangers {
			text := s.Context
			if s.Spare {
				text += " (spare)"
			}
			got = append(got, text)
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s on %s: %s", tt.expression, tt.events, diff)
		}
	}
}
