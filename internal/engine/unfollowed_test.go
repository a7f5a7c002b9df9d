package engine_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

// Text that is handed on further than it is followed may arrive anywhere, so the workflow does not pass.
func TestABoundOfTaintGates(t *testing.T) {
	tests := []struct {
		name  string
		steps int // between the title and the script that it is put into
		want  string
	}{
		{"followed to its end", 3, "workflow/template-injection"},
		{"handed on too often", 20, finding.NotEvaluated},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root := t.TempDir()
			file := filepath.Join(root, ".github", "workflows", "chain.yml")
			if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(handedOn(tt.steps)), 0o600); err != nil {
				t.Fatal(err)
			}
			target, err := engine.Open(t.Context(), root, root, nil)
			if err != nil {
				t.Fatal(err)
			}
			result, err := engine.Lint(t.Context(), engine.Options{
				Target: target, Config: config.Default(), Rules: []string{"workflow/template-injection"},
			})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range result.Report.Active() {
				got = append(got, f.RuleID)
			}
			if len(got) != 1 || got[0] != tt.want || result.Report.Verdict != finding.Fail {
				t.Errorf("found %v, verdict %s; want one %s that fails", got, result.Report.Verdict, tt.want)
			}
		})
	}
}

// handedOn is a workflow in which each of n steps gives its output to the next, from the title of an issue to a script.
func handedOn(n int) string {
	var b strings.Builder
	b.WriteString("on: issues\npermissions: {issues: write}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n")
	b.WriteString("      - id: s0\n        env:\n          V: ${{ github.event.issue.title }}\n        run: echo \"v=$V\" >> \"$GITHUB_OUTPUT\"\n")
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "      - id: s%d\n        env:\n          V: ${{ steps.s%d.outputs.v }}\n        run: echo \"v=$V\" >> \"$GITHUB_OUTPUT\"\n", i, i-1)
	}
	fmt.Fprintf(&b, "      - run: echo \"${{ steps.s%d.outputs.v }}\"\n", n)
	return b.String()
}
