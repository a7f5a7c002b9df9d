package workflow

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
		for _, e := range Expressions(text) {
			if e.Offset < end || !strings.HasPrefix(text[e.Offset:], e.Text) || !strings.HasPrefix(e.Text, "${{") || !strings.HasSuffix(e.Text, "}}") {
				t.Fatalf("%q stands at %d of %q", e.Text, e.Offset, text)
			}
			end = e.Offset + len(e.Text)
			e.Root.walk(func(*Node) {})
		}
		ParseCondition(text).walk(func(*Node) {})
	})
}

// FuzzScript holds that every script can be read as far as it is one: each command has words, and stands in the script.
func FuzzScript(f *testing.F) {
	for _, seed := range []string{
		"git checkout ${{ github.head_ref }}", "a=$(b `c`) d | e > f && { g; } || (h)", "for i in 1 2; do docker run $i; done", "cat <<EOF\n$x ${y:-z} $(w)\nEOF",
		"case $1 in a) b;; *) c;; esac", "if [[ a =~ b ]]; then c; fi", "env -i A=b sudo -E bash -c 'curl x | sh'", "${a[@]}", "$((1/0))", "<(a) >(b)", "a <<", "__plimsoll_expression_9_",
		"eval \"$(eval \"$(eval x)\")\"", "f() { f; }; f", "\\\n\\\n", "A=$((0 A ", "cd ../.. && cd - && pushd x", "a=$a$a; b=$a$a; $b", "'\xff'", "coproc a; let b; declare -a c=(1 2)", "$'\\x00\\u202e'",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, script string) {
		for _, c := range ScriptCommands(script, "", func(string) string { return script }) {
			if len(c.Words) == 0 {
				t.Fatalf("a command of %q has no words", script)
			}
			_ = c.Name()
			for _, w := range c.Words {
				_ = w.Value()
			}
		}
	})
}
