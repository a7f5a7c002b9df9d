package token_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/token"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// TestKnowledgeOfCorpus counts which of the steps of the public corpus the table knows, and names what it does not know.
func TestKnowledgeOfCorpus(t *testing.T) {
	root := corpus.Dir(t)
	actions, commands := tally{}, tally{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		kind, wanted := kindOf(path)
		if err != nil || !wanted || !entry.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		docs, _ := parse.File(&source.File{Path: path, Kind: kind, Data: data})
		for _, doc := range docs {
			if w := workflow.Of(doc); w != nil {
				count(w, actions, commands)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if share := actions.report(t, "uses of other repositories"); share < 0.95 {
		t.Errorf("the table knows %.1f %% of the uses of other repositories, and should know 95", 100*share)
	}
	if share := commands.report(t, "gh commands"); share < 0.9 {
		t.Errorf("the table knows %.1f %% of the gh commands, and should know 90", 100*share)
	}
}

func kindOf(path string) (kind source.Kind, wanted bool) {
	switch base := filepath.Base(path); {
	case base == "action.yml" || base == "action.yaml":
		return source.Action, true
	case strings.HasSuffix(filepath.ToSlash(filepath.Dir(path)), ".github/workflows") && strings.HasPrefix(filepath.Ext(base), ".y"):
		return source.Workflow, true
	}
	return "", false
}

// tally counts by name what is known and what is not.
type tally map[string]*[2]int

func (c tally) add(name string, known bool) {
	if c[name] == nil {
		c[name] = new([2]int)
	}
	if known {
		c[name][1]++
	} else {
		c[name][0]++
	}
}

func (c tally) report(t *testing.T, what string) float64 {
	known, unknown, names := 0, 0, []string{}
	for name, n := range c {
		known, unknown = known+n[1], unknown+n[0]
		if n[0] > 0 {
			names = append(names, fmt.Sprintf("%4d %s", n[0], name))
		}
	}
	slices.Sort(names)
	slices.Reverse(names)
	t.Logf("%s: %d known, %d not:\n%s", what, known, unknown, strings.Join(names, "\n"))
	return float64(known) / float64(max(1, known+unknown))
}

func count(w *workflow.Workflow, actions, commands tally) {
	use := func(uses string) {
		name, _, found := strings.Cut(uses, "@")
		if found && !strings.HasPrefix(uses, ".") && !strings.HasPrefix(uses, "$/") && !strings.HasPrefix(uses, "docker://") {
			_, known := token.Actions().Action(name)
			actions.add(strings.ToLower(name), known)
		}
	}
	for _, job := range w.Jobs {
		use(job.Uses)
		for i := range job.Steps {
			step := &job.Steps[i]
			use(step.Uses)
			for _, c := range step.Commands(func(string) string { return "" }) {
				if c.Name() != "gh" {
					continue
				}
				var words []string
				for _, w := range c.Words {
					words = append(words, w.Text)
				}
				_, known := token.Actions().Command(words)
				commands.add(strings.Join(words[:min(5, len(words))], " "), known)
			}
		}
	}
}
