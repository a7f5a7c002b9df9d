package workflow

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// An expression is put into a script before any shell reads it; what a script does with a variable is only claimed of
// the shells whose language is read.
func TestInjectionsByShell(t *testing.T) {
	head := "on: issues\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
	windows := "on: issues\njobs:\n  a:\n    runs-on: windows-2025\n    steps:\n"
	step := func(shell, run string) string {
		return "      - id: s\n        shell: " + shell + "\n        env:\n          T: ${{ github.event.issue.title }}\n        run: |\n          " + run + "\n"
	}
	after := "      - run: echo \"${{ steps.s.outputs.v }}\"\n"
	direct := []string{"outsider issues github.event.issue.title in run"}
	tests := []struct {
		name, text string
		want       []string
	}{
		{"pwsh, an expression", head + step("pwsh", `Write-Host "${{ github.event.issue.title }}"`), direct},
		{"cmd, an expression", head + step("cmd", `echo ${{ github.event.issue.title }}`), direct},
		{"python, an expression", head + step("python", `print("${{ github.event.issue.title }}")`), direct},
		{"a template, an expression", head + step("perl {0}", `print "${{ github.event.issue.title }}";`), direct},
		{"pwsh, a variable", head + step("pwsh", `Write-Host "$env:T"`), nil},
		{"cmd, a variable", head + step("cmd", `echo %T%`), nil},
		{"python, a variable", head + step("python", `import os; print(os.environ["T"])`), nil},
		{"pwsh, what bash would run", head + step("pwsh", `$x = 'eval "$T"'`), nil},
		{"python, what bash would run", head + step("python", `eval "$T"`), nil},
		{"pwsh, what bash would hand on", head + step("pwsh", `echo "v=$T" >> "$GITHUB_OUTPUT"`) + after, nil},
		{"windows, by default pwsh", windows + "      - env:\n          T: ${{ github.event.issue.title }}\n        run: |\n          eval \"$T\"\n", nil},
		{"windows, an expression", windows + "      - run: echo ${{ github.event.issue.title }}\n", direct},
		{"bash, it is read", head + step("bash", `eval "$T"`), direct},
		{"sh, it is read", head + step("sh -e {0}", `echo "v=$T" >> "$GITHUB_OUTPUT"`) + after, []string{
			"outsider issues github.event.issue.title in run via steps.s.outputs.v",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := describe(FactsOf(document(t, source.Workflow, tt.text), NewRepository(nil)).Injections)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
