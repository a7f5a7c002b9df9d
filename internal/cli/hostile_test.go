package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/cli"
)

// TestNothingThatIsPrintedActs prints a hostile repository with each command that prints a repository's text.
func TestNothingThatIsPrintedActs(t *testing.T) {
	dir := t.TempDir()
	const text = "\u202e \u009b31m ##[error]x ::error::x"
	for name, data := range map[string]string{
		".github/workflows/a.yml":     "name: \"" + text + "\\n::error::x\"\non: push\njobs:\n  \"::error::\":\n    runs-on: x\n    steps:\n      - run: echo '" + text + "'\n",
		"::error::x/Chart.yaml":       "apiVersion: v2\nname: x\nversion: 1.0.0\n",
		"::error::x/templates/a.yaml": "{{ fail \"" + text + "\\n::error::x\" }}\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Skip(err) // the file system takes no such name
		}
		if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
			t.Skip(err)
		}
	}
	for _, args := range [][]string{
		{"lint", "--root", dir, "--persona", "auditor"},
		{"lint", "--root", dir, "--format", "json"},
		{"lint", "--root", dir, "--format", "sarif"},
		{"facts", "--root", dir, filepath.Join(dir, ".github/workflows/a.yml")},
		{"permissions", dir},
		{"permissions", "--root", dir},
		{"render", "--root", dir, filepath.Join(dir, "::error::x")},
		{"lint", "--root", dir, "--rule", "::error::x\n::error::y"},
		{"lint", "--since", "\n::error::x", "--root", dir},
		{"explain", "\n::error::x"},
		{"report", "--from", "\n::error::x"},
	} {
		var out bytes.Buffer
		env := cli.Env{Args: args, Stdout: &out, Stderr: &out, Getenv: func(string) string { return "" }, Dir: dir}
		cli.Run(t.Context(), env)
		for line := range strings.SplitSeq(out.String(), "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") || strings.ContainsAny(line, "\u202e\u009b\r\x1b") {
				t.Errorf("%q prints %q", args, line)
			}
		}
	}
}
