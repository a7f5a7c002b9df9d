package workflow

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func TestLimits(t *testing.T) {
	const maxText = 16 << 10        // bytes of one text that are followed
	outputs := func(n int) string { // each step's output is set from that of the step before
		var b strings.Builder
		b.WriteString("on: issues\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n")
		b.WriteString("      - id: s0\n        run: echo \"v=${{ github.event.issue.title }}\" >> \"$GITHUB_OUTPUT\"\n")
		for i := 1; i <= n; i++ {
			fmt.Fprintf(&b, "      - id: s%d\n        env:\n          V: ${{ steps.s%d.outputs.v }}\n        run: echo \"v=$V\" >> \"$GITHUB_OUTPUT\"\n", i, i-1)
		}
		fmt.Fprintf(&b, "      - run: echo \"${{ steps.s%d.outputs.v }}\"\n", n)
		return b.String()
	}
	long := func(script string) string {
		return "on: issues\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: |\n" + script
	}
	tests := []struct {
		name, text string
		want       []string // path and the end of the message
	}{
		{"short chain", outputs(3), nil},
		{"long chain", outputs(20), []string{"jobs.a.steps[12] " + tooDeep}},
		{"long script", long(strings.Repeat("          echo \"this is one line of a script\"\n", 2000)), []string{"jobs.a.steps[0] " + tooLong}},
		{"long text written out", long("          echo \"" + strings.Repeat("x", 3*maxText) + "\"\n"), nil},
		{"another value behind a long text", long("          A=\"${X}" + strings.Repeat("x", maxText) + "${Y}\"\n"), []string{"jobs.a.steps[0] " + tooLong}},
		{"the same value twice", long("          A=\"${X}" + strings.Repeat("x", maxText-20) + "\"\n          B=\"$A$A\"\n"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			facts := FactsOf(document(t, source.Workflow, tt.text), NewRepository(nil))
			var got []string
			for _, l := range facts.Unfollowed {
				_, why, _ := strings.Cut(l.Message, "here: ")
				got = append(got, l.Path.String()+" "+why)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestHostileScripts holds that a script cannot make its evaluation grow without bound.
func TestHostileScripts(t *testing.T) {
	for name, script := range map[string]string{
		"doubling":     "a=$X\n" + strings.Repeat("a=$a$a\n", 5000) + "echo b=$a >> $GITHUB_ENV\n",
		"many changes": "a=$X$X$X$X\n" + strings.Repeat("a=$(echo $a$a | sed s/x/y/)\n", 2000) + "eval $a\n",
		"deep":         strings.Repeat("if a; then ", 3000) + strings.Repeat("fi; ", 3000),
	} {
		var steps strings.Builder
		for range 20 {
			fmt.Fprintf(&steps, "      - run: |\n          %s\n", strings.ReplaceAll(script, "\n", "\n          "))
		}
		start := time.Now()
		workflowFacts(t, on("issues", steps.String()))
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s: %s", name, took)
		}
	}
}
