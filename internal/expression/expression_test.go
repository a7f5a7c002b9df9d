package expression

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExpressions(t *testing.T) {
	tests := []struct {
		text string
		want []string // offset and text of each
	}{
		{"no expression, ${ } and $ {{ }}", nil},
		{"a ${{ b }} c ${{d}}", []string{"2 ${{ b }}", "13 ${{d}}"}},
		{"${{ format('}}', a) }}", []string{"0 ${{ format('}}', a) }}"}},
		{"${{ 'it''s }}' }} x", []string{"0 ${{ 'it''s }}' }}"}},
		{"${{ a", nil},
		{"${{\n a\n}}", []string{"0 ${{\n a\n}}"}},
	}
	for _, tt := range tests {
		var got []string
		for _, e := range Find(tt.text) {
			got = append(got, fmt.Sprintf("%d %s", e.Offset, e.Text))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q: %s", tt.text, diff)
		}
	}
}

// TestLeaves holds which accesses can become part of what an expression yields.
func TestLeaves(t *testing.T) {
	tests := []struct {
		expr string
		want []string
	}{
		{"github.event.issue.title", []string{"github.event.issue.title"}},
		{"GitHub.Event['ISSUE'].title", []string{"github.event.issue.title"}},
		{"github.event.commits[0].message", []string{"github.event.commits.*.message"}},
		{"github.event.commits.*.message", []string{"github.event.commits.*.message"}},
		{"github.event[inputs.which]", []string{"github.event.*"}},
		{"a.b == 'x'", nil},
		{"!a.b", nil},
		{"a.cond && b.yes || c.no", []string{"b.yes", "c.no"}},
		{"a.b || 'none'", []string{"a.b"}},
		{"contains(a.b, c.d) && 'x' || 'y'", nil},
		{"startsWith(a.b, 'c')", nil},
		{"hashFiles(a.b)", nil},
		{"format('{0}', a.b)", []string{"a.b"}},
		{"join(a.*.b, ',')", []string{"a.*.b"}},
		{"toJSON(github.event)", []string{"github.event as JSON"}},
		{"fromJSON(toJSON(a.b)).c", []string{"a.b as JSON"}},
		{"case(a.cond, b.yes, c.cond, d.yes, e.no)", []string{"b.yes", "d.yes", "e.no"}},
		{"(a.b)", []string{"a.b"}},
		{"1 < 2 && -1.5e3 || 0xff", nil},
	}
	for _, tt := range tests {
		root, err := Parse(tt.expr)
		if err != nil {
			t.Errorf("%s: %v", tt.expr, err)
			continue
		}
		var got []string
		for _, l := range root.Leaves() {
			name := l.String()
			if l.JSON {
				name += " as JSON"
			}
			got = append(got, name)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.expr, diff)
		}
	}
}

func TestParseExprRefuses(t *testing.T) {
	for _, text := range []string{
		"", "a.", "a b", "(a", "a)", "f(a", "f(a,)", "a[0", "'open", "a ? b", "&& a", "a.'b'",
		strings.Repeat("(", 10_000), strings.Repeat("!", 10_000) + "a", "a" + strings.Repeat("[a", 10_000),
	} {
		if node, err := Parse(text); err == nil {
			t.Errorf("%.20q parses as %v", text, node)
		}
	}
}
