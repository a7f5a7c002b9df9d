package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/cli"
	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/policy"
	"github.com/plimsoll-dev/plimsoll/policies"
)

var fence = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")

// blocks are the README's fenced blocks of one language.
func blocks(t *testing.T, language string) []string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		if m[1] == language {
			out = append(out, m[2])
		}
	}
	if len(out) == 0 {
		t.Fatalf("the README has no block of %s", language)
	}
	return out
}

// TestReadmeLanguages holds that no block escapes the tests below by its language.
func TestReadmeLanguages(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		if !slices.Contains([]string{"console", "yaml", "rego"}, m[1]) {
			t.Errorf("a block of %q is run by no test", m[1])
		}
	}
}

// TestReadmeCommands runs each command of a console block and holds it to the output shown. A line of "…" stands for any
// number of lines.
func TestReadmeCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	for _, block := range blocks(t, "console") {
		for _, part := range strings.Split("\n"+block, "\n$ ")[1:] {
			command, shown, _ := strings.Cut(part, "\n")
			t.Run(command, func(t *testing.T) { compare(t, shown, runShown(t, command)) })
		}
	}
}

func runShown(t *testing.T, command string) string {
	t.Helper()
	words := strings.Fields(command)
	switch {
	case command == "make demo":
		out, err := exec.CommandContext(t.Context(), "make", "--no-print-directory", "-C", "../..", "demo").Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	case words[0] == "plimsoll":
		var out bytes.Buffer
		dir := t.TempDir()
		for i, word := range words {
			words[i] = strings.Trim(word, "'")
			if strings.HasPrefix(word, "testdata/") {
				dir = repositoryRoot(t)
			}
		}
		env := cli.Env{Args: words[1:], Stdout: &out, Stderr: &out, Getenv: func(string) string { return "" }, Dir: dir}
		if code := cli.Run(t.Context(), env); code != cli.ExitClean {
			t.Fatalf("exit code %d: %s", code, out.String())
		}
		return out.String()
	case strings.HasPrefix(command, "go install "):
		path, _, _ := strings.Cut(strings.TrimPrefix(words[2], "github.com/plimsoll-dev/plimsoll/"), "@")
		if _, err := os.Stat(filepath.Join("../..", path, "main.go")); err != nil {
			t.Fatal(err)
		}
		return ""
	}
	t.Fatalf("no way to run %q", command)
	return ""
}

// compare looks for the shown lines, in their order and without others between them but where "…" stands.
func compare(t *testing.T, shown, got string) {
	t.Helper()
	rest := got
	for run := range strings.SplitSeq(shown, "…\n") {
		if strings.TrimSpace(run) == "" {
			continue
		}
		_, after, found := strings.Cut(rest, run)
		if !found {
			t.Fatalf("the README shows\n%s\nwhich is not, or not in this order, in\n%s", run, got)
		}
		rest = after
	}
}

// TestReadmeYAML lints each workflow with all rules and no findings, reads each configuration, and sees each ignore used.
func TestReadmeYAML(t *testing.T) {
	for _, block := range blocks(t, "yaml") {
		name, _, _ := strings.Cut(strings.TrimPrefix(block, "# "), "\n")
		t.Run(name, func(t *testing.T) {
			switch {
			case strings.HasPrefix(name, ".github/workflows/"):
				lintSnippet(t, name, block, "")
			case name == ".github/plimsoll.yaml":
				checkConfig(t, name, block)
			default:
				pod := "apiVersion: v1\nkind: Pod\nmetadata: {name: agent}\nspec:\n  automountServiceAccountToken: false\n  " + strings.SplitN(block, "\n", 2)[1]
				lintSnippet(t, name, pod, `"by": "inline"`)
			}
		})
	}
}

// TestReadmeWorkflowIsWhatInitPrints holds that there is one workflow, shown in two places.
func TestReadmeWorkflowIsWhatInitPrints(t *testing.T) {
	var out bytes.Buffer
	env := cli.Env{Args: []string{"init"}, Stdout: &out, Stderr: &out, Getenv: func(string) string { return "" }, Dir: t.TempDir()}
	if code := cli.Run(t.Context(), env); code != cli.ExitClean {
		t.Fatalf("exit code %d: %s", code, out.String())
	}
	if workflow := blocks(t, "yaml")[0]; !strings.HasSuffix(out.String(), workflow) {
		t.Errorf("the README shows\n%s\nand init prints\n%s", workflow, out.String())
	}
}

func lintSnippet(t *testing.T, name, text, want string) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	env := cli.Env{
		Args: []string{"lint", "--root", dir, "--fail-on", "info", "--format", "json"}, Stdout: &out, Stderr: &out,
		Getenv: func(string) string { return "" }, Dir: dir,
	}
	if code := cli.Run(t.Context(), env); code != cli.ExitClean || !strings.Contains(out.String(), want) {
		t.Errorf("exit code %d, want a clean pass with %q:\n%s", code, want, out.String())
	}
}

func checkConfig(t *testing.T, name, text string) {
	t.Helper()
	c, err := config.Parse(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	set, err := policy.Load(t.Context(), policies.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range set.Rules() {
		ids = append(ids, r.ID)
	}
	if err := c.CheckRules(ids); err != nil {
		t.Error(err)
	}
}

// TestReadmeRego loads each policy.
func TestReadmeRego(t *testing.T) {
	for _, block := range blocks(t, "rego") {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "rule.rego"), []byte(block), 0o600); err != nil {
			t.Fatal(err)
		}
		set, err := policy.Load(t.Context(), policies.FS, []string{dir})
		if err != nil {
			t.Fatal(err)
		}
		if set.Rule("acme/owner") == nil {
			t.Error("the rule was not loaded")
		}
	}
}
