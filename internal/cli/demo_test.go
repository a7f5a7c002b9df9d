package cli_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/cli"
)

// TestDemo holds what `make demo` prints, whole. UPDATE=1 writes it anew.
func TestDemo(t *testing.T) {
	const golden = "testdata/demo.golden"
	var out bytes.Buffer
	env := cli.Env{
		Args: []string{"lint", "--root", "testdata/demo"}, Stdout: &out, Stderr: &out,
		Getenv: func(string) string { return "" }, Dir: repositoryRoot(t),
	}
	if code := cli.Run(t.Context(), env); code != cli.ExitFindings {
		t.Errorf("exit code %d, want %d: the demo is meant to have findings", code, cli.ExitFindings)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	// Outside of Git, as in a source archive, a note is added.
	got := bytes.ReplaceAll(out.Bytes(), []byte("Note: all files were looked at, ignored ones too: no Git repository is around them\n"), nil)
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the demo prints something else (-want +got):\n%s", diff)
	}
}

func repositoryRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return dir + "/../.."
}
