package token

import "testing"

// FuzzJavaScript holds that no script for actions/github-script makes a panic, and that each call found in one can be
// pointed at.
func FuzzJavaScript(f *testing.F) {
	for _, seed := range []string{
		"await github.rest.issues.createComment({...context.repo})", "github.request('POST /repos/{owner}/{repo}/issues')", "const {rest: {pulls}} = github; pulls.list()",
		"require('./x.js')({github, context})", "github['rest'][`issues`]?.create?.()", "exec.exec(`${{ github.event.issue.title }}`)", "}); (() => {", "`${`${`${a}`}`}`", "/[/]/.test(a)", "new github.constructor()",
		"try { github.rest.a.b() } catch {}", "for await (const x of github.paginate.iterator(github.rest.a.b)) {}", "import('x')", "\u2028\xff", "a = b => c => d", "label: { break label }", "0b2", "class A { #b = github }",
	} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, text string, module bool) {
		calls := readJavaScript(text, module)
		for _, c := range calls.calls {
			if c.text() == "" {
				t.Fatalf("a call of %q has no text", text)
			}
		}
	})
}
