package workflow

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestGitUse holds which later steps need what a checkout keeps.
func TestGitUse(t *testing.T) {
	for step, want := range map[string]GitUse{
		"run: git push":                                GitUsed,
		"run: git -C sub fetch origin":                 GitUsed,
		"run: gh pr checkout 1":                        GitUsed,
		"run: git status && git clone https://x/y":     GitUnneeded,
		"run: git commit -am x":                        GitUnneeded,
		"run: echo a; helm lint":                       GitUnneeded,
		"run: make release":                            GitUnknown,
		"run: ./release.sh":                            GitUnknown,
		"{run: print(1), shell: python}":               GitUnknown,
		"uses: peter-evans/create-pull-request@v7":     GitUsed,
		"uses: docker/build-push-action@v6":            GitUnneeded,
		"uses: actions/github-script@v8":               GitUnknown,
		"uses: acme/tool@v1":                           GitUnknown,
		"uses: ./.github/actions/absent":               GitUnknown,
		"uses: ./.github/actions/push":                 GitUsed,
		"uses: ./.github/actions/loop":                 GitUnknown,
		"uses: ./.github/actions/quiet":                GitUnneeded,
		"{uses: actions/upload-artifact@v4, with: {}}": GitUnneeded,
	} {
		doc := document(t, source.Workflow, on("push", "      - uses: actions/checkout@v7\n      - "+step+"\n"))
		if got := FactsOf(doc, actions(t)).Persisted[0].Use; got != want {
			t.Errorf("%s: got %s, want %s", step, got, want)
		}
	}
}

func actions(t *testing.T) *Repository {
	t.Helper()
	const head = "runs:\n  using: composite\n  steps:\n    - "
	files := map[string]string{
		".github/actions/loop/action.yml":  head + "uses: ./.github/actions/loop\n",
		".github/actions/push/action.yml":  head + "{run: git push, shell: bash}\n",
		".github/actions/quiet/action.yml": head + "{run: echo a, shell: bash}\n",
	}
	return NewRepository(&source.Repository{
		Paths: []string{".github/actions/loop/action.yml", ".github/actions/push/action.yml", ".github/actions/quiet/action.yml"},
		Parse: func(path string) *source.Document {
			if files[path] == "" {
				return nil
			}
			return document(t, source.Action, files[path])
		},
	})
}

// TestCheckoutVersions holds since when credentials lie outside of the tree.
func TestCheckoutVersions(t *testing.T) {
	const commit = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1"
	for uses, want := range map[string]bool{
		"actions/checkout@v1":                           true,
		"actions/checkout@v5.0.1":                       true,
		"actions/checkout@v6":                           false,
		"actions/checkout@v7.0.1":                       false,
		"actions/checkout@main":                         false,
		commit:                                          false,
		commit + " # v4.2.2":                            true,
		commit + " # tag=v4.2.2":                        true,
		commit + " # ratchet:actions/checkout@v4":       true,
		commit + " # v6.0.0":                            false,
		"\"" + commit + "\" # 5.0.0, the one before v6": true,
	} {
		facts := workflowFacts(t, on("push", "      - uses: "+uses+"\n"))
		if got := facts.Persisted[0].InTree; got != want {
			t.Errorf("%s: got %v, want %v", uses, got, want)
		}
	}
}

// TestManyStepsTakeNoLonger holds that the later steps of a job are judged once, whatever number of checkouts asks.
func TestManyStepsTakeNoLonger(t *testing.T) {
	var steps strings.Builder
	for i := range 1500 {
		fmt.Fprintf(&steps, "      - uses: actions/checkout@v4\n      - run: |\n          echo ${{ secrets.a }} > f%d\n          a; b; c\n", i)
		steps.WriteString("      - {uses: actions/upload-artifact@v4, with: {path: out}}\n")
	}
	start := time.Now()
	facts := workflowFacts(t, on("push", steps.String()))
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
	if len(facts.Persisted) != 1500 {
		t.Errorf("%d checkouts", len(facts.Persisted))
	}
}
