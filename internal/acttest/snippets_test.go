package acttest

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/cli"
)

// The pages that show how the action is used.
const (
	actionPage = ".github/action/README.md"
	frontPage  = "README.md"
)

// snippet is a fenced block of a page. Its first line, a comment, is the path of the file that it is.
type snippet struct {
	section  string // heading that it stands under
	language string
	path     string
	text     string
}

func snippets(t *testing.T, page string) []snippet {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?ms)^##+ ([^\n]*)$|^```(\\w+)\n# (\\S+)\n(.*?)^```$")
	var all []snippet
	section := ""
	for _, m := range block.FindAllStringSubmatch(string(text), -1) {
		if m[1] != "" {
			section = m[1]
			continue
		}
		all = append(all, snippet{section, m[2], m[3], m[4]})
	}
	if blocks := strings.Count(string(text), "\n```") / 2; page == actionPage && blocks != len(all) {
		t.Fatalf("%s has %d blocks, of which %d name their file: no test sees the others", page, blocks, len(all))
	}
	return all
}

// snippetsUnder are those of the action's page under one heading.
func snippetsUnder(t *testing.T, section string) []snippet {
	t.Helper()
	var all []snippet
	for _, s := range snippets(t, actionPage) {
		if s.section == section {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		t.Fatalf("%s shows nothing under %q", actionPage, section)
	}
	return all
}

func (s *snippet) isWorkflow() bool { return strings.HasPrefix(s.path, ".github/workflows/") }

// with is a workflow whose step that uses the action has one more input.
func (s *snippet) with(t *testing.T, input string) string {
	t.Helper()
	use := regexp.MustCompile(`(?m)^( *)- uses: plimsoll-dev/plimsoll@.*\n(\s+with:\n)?`)
	at := use.FindStringSubmatchIndex(s.text)
	if at == nil {
		t.Fatalf("the workflow under %q does not use the action", s.section)
	}
	indent := s.text[at[2]:at[3]]
	step := strings.TrimSuffix(s.text[at[0]:at[1]], indent+"  with:\n")
	return s.text[:at[0]] + step + indent + "  with:\n" + indent + "    " + input + "\n" + s.text[at[1]:]
}

// workflow is what the tests read of a snippet.
type workflow struct {
	On   yaml.Node
	Jobs map[string]struct{ Permissions map[string]string }
}

func (s *snippet) workflow(t *testing.T) workflow {
	t.Helper()
	var w workflow
	if err := yaml.Unmarshal([]byte(s.text), &w); err != nil {
		t.Fatalf("%s: %v", s.section, err)
	}
	return w
}

// permissions are those of the one job, which are all that its token has.
func (s *snippet) permissions(t *testing.T) map[string]string {
	t.Helper()
	w := s.workflow(t)
	if len(w.Jobs) != 1 {
		t.Fatalf("the workflow under %q has %d jobs, want one", s.section, len(w.Jobs))
	}
	for _, job := range w.Jobs {
		return job.Permissions
	}
	return nil
}

// TestFrontPageShowsTheSame holds that what both pages show is one workflow.
func TestFrontPageShowsTheSame(t *testing.T) {
	texts := map[string]bool{}
	for _, s := range snippets(t, actionPage) {
		texts[s.text] = true
	}
	for _, s := range snippets(t, frontPage) {
		if s.isWorkflow() && !texts[s.text] {
			t.Errorf("%s of %s is not in %s", s.path, frontPage, actionPage)
		}
	}
}

// TestNoGateIsFilteredAway: a required workflow that a filter of paths leaves out never reports.
func TestNoGateIsFilteredAway(t *testing.T) {
	for _, page := range []string{frontPage, actionPage} {
		for _, s := range snippets(t, page) {
			if !s.isWorkflow() {
				continue
			}
			on := s.workflow(t).On
			text, err := yaml.Marshal(&on)
			if err != nil {
				t.Fatal(err)
			}
			if on.IsZero() || bytes.Contains(text, []byte("paths")) {
				t.Errorf("%s: %s: on: %s", page, s.section, text)
			}
		}
	}
}

// TestSnippetsHaveNoFindings lints each file that a page shows as strictly as may be asked of anybody.
func TestSnippetsHaveNoFindings(t *testing.T) {
	const bot = "version: 2\nupdates:\n" +
		"  - {package-ecosystem: github-actions, directory: /, schedule: {interval: weekly}, cooldown: {default-days: 7}}\n" +
		"  - {package-ecosystem: pre-commit, directory: /, schedule: {interval: weekly}, cooldown: {default-days: 7}}\n"
	for _, page := range []string{frontPage, actionPage} {
		for _, s := range snippets(t, page) {
			if !s.isWorkflow() && !strings.HasPrefix(path.Base(s.path), ".") {
				continue
			}
			t.Run(page+"/"+s.section+"/"+path.Base(s.path), func(t *testing.T) {
				dir := t.TempDir()
				write(t, filepath.Join(dir, ".github/dependabot.yml"), bot)
				write(t, filepath.Join(dir, s.path), s.text)
				var out bytes.Buffer
				code := cli.Run(t.Context(), cli.Env{
					Args: []string{"lint", "--root", dir, "--persona", "pedantic", "--fail-on", "info"}, Stdout: &out, Stderr: &out,
					Getenv: func(string) string { return "" }, Dir: dir,
				})
				if code != cli.ExitClean || !strings.Contains(out.String(), "Looked at 2 files") {
					t.Errorf("exit %d: %s", code, out.String())
				}
			})
		}
	}
}
