package expression

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func parsed(t *testing.T, text string) *Node {
	t.Helper()
	n, err := Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return n
}

// TestString holds that what is written parses to the same again.
func TestString(t *testing.T) {
	for text, want := range map[string]string{
		"GitHub.Event['Issue'].title":    "github.event.issue.title",
		"a[0]":                           "a.*",
		"'it''s'":                        "'it''s'",
		"!(a && b)":                      "!(a && b)",
		"a||b&&!c":                       "a || (b && !c)",
		"FORMAT('{0}', 1, true)":         "format('{0}', 1, true)",
		"fromJSON(a).b.*":                "fromjson(a).b.*",
		"a.b == 'x' || startsWith(c, d)": "(a.b == 'x') || startswith(c, d)",
	} {
		got := parsed(t, text).String()
		if got != want {
			t.Errorf("%s is written %s, want %s", text, got, want)
		}
		if again := parsed(t, got).String(); again != got {
			t.Errorf("%s is written %s the second time", got, again)
		}
	}
}

func TestOperands(t *testing.T) {
	for text, want := range map[string]string{
		"a || b || c":        "a, b, c",
		"a || (b || c && d)": "a, b, c && d",
		"a && b":             "a && b",
		"a":                  "a",
	} {
		var got []string
		for _, n := range parsed(t, text).Operands("||") {
			got = append(got, n.String())
		}
		if diff := cmp.Diff(want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

// TestQuestions asks a node what rules ask; nil, which stands for what cannot be parsed, is never what is asked for.
func TestQuestions(t *testing.T) {
	status := parsed(t, "a.b && !(x || Always())")
	if !status.Calls("success", "always") || status.Calls("success") || (*Node)(nil).Calls("always") {
		t.Error("always() is called, and success() is not")
	}
	head := parsed(t, "github['HEAD_ref']")
	if !head.IsContext("github.head_ref") || head.IsContext("github") || status.IsContext("a.b") || (*Node)(nil).IsContext("") {
		t.Error("only an access alone is that access")
	}
	if !Never(" ${{ false }} ") || Never("false && a") || Never("'false") {
		t.Error("only false alone is never")
	}
}

// TestConstant holds which expressions always come to one text.
func TestConstant(t *testing.T) {
	for text, want := range map[string]string{
		"'a'":                                  "a true",
		"''":                                   " true",
		"1":                                    "1 false",
		"a.b":                                  " false",
		"format('{1}-{0}{{', 'a','b')":         "b-a{ true",
		"format('{1}', 'a')":                   "{1} false",
		"format('{0}', a)":                     " false",
		"join(fromJSON('[\"a\", \"b\"]'), '')": "ab true",
		"join(fromJSON('[\"a\", \"b\"]'))":     "a,b true",
		"'' && 'x' || 'y'":                     "y true",
		"a && 'x' || 'y'":                      "y false",
		"fromJSON('\"a\"')":                    "a true",
		"fromJSON('1')":                        " false",
	} {
		means, constant := parsed(t, text).Constant()
		if got := fmt.Sprint(means, " ", constant); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// TestOutcome holds what conditions come to where that is certain, and why.
func TestOutcome(t *testing.T) {
	names := map[Verdict]string{Unknown: "unknown", Yes: "yes", No: "no"}
	for text, want := range map[string]string{
		"a.b":                          "unknown ",
		"false":                        "no false is written into it",
		"!0":                           "yes 0 is written into it",
		"'x'":                          "yes 'x' alone is text that is not empty, which counts as true",
		"a.b || always()":              "yes always() is true",
		"a.b && null && c.d":           "no null is written into it",
		"a.b != 'x' || a.b != 'y'":     "yes a.b == 'x' and a.b == 'y' exclude each other",
		"'x' == a.b && a.b == 'Y'":     "no a.b == 'x' and a.b == 'Y' exclude each other",
		"a.b == 'x' && a.b == 'X'":     "unknown ",
		"a.*.b == 'x' && a.*.b == 'y'": "unknown ",
	} {
		v, why := parsed(t, text).Outcome()
		if got := names[v] + " " + why; got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// TestOnlyForks holds which conditions let nothing through but pull requests from forks.
func TestOnlyForks(t *testing.T) {
	const fork, name = "github.event.pull_request.head.repo.fork", "github.event.pull_request.head.repo.full_name"
	for text, want := range map[string]bool{
		fork:                           true,
		fork + " == true && a":         true,
		fork + " || a":                 false,
		"!" + fork:                     false,
		fork + " != false":             true,
		name + " != github.repository": true,
		"github.repository != " + name: true,
		name + " == github.repository": false,
		name + " != 'a/b'":             false,
		"a.b":                          false,
	} {
		if got := parsed(t, text).OnlyForks(); got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}
