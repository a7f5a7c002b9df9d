// Package corpus finds the clones of public repositories that tests and benchmarks read where there are any.
package corpus

import (
	"cmp"
	"os"
	"path/filepath"
	"testing"
)

// Path is that of a file in the corpus, be it there or not. PLIMSOLL_CORPUS names the directory that holds the
// repositories, as OWNER/NAME; else it lies beside this one, and is told from the directory of a package's test.
func Path(elements ...string) string {
	dir := cmp.Or(os.Getenv("PLIMSOLL_CORPUS"), filepath.Join("..", "..", "..", "corpus"))
	return filepath.Join(append([]string{dir}, elements...)...)
}

// Dir is the directory of the corpus. Without one the test is skipped.
func Dir(t testing.TB) string {
	t.Helper()
	Repositories(t)
	return Path()
}

// Repositories are the directories of its repositories. Without any the test is skipped.
func Repositories(t testing.TB) []string {
	t.Helper()
	return some(t, "*", "*")
}

// Workflows are the files of its repositories' workflows. Without any the test is skipped.
func Workflows(t testing.TB) []string {
	t.Helper()
	return some(t, "*", "*", ".github", "workflows", "*.y*ml")
}

func some(t testing.TB, pattern ...string) []string {
	t.Helper()
	found, err := filepath.Glob(Path(pattern...))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Skipf("no corpus: %s matches nothing; PLIMSOLL_CORPUS names the directory of the repositories", Path(pattern...))
	}
	return found
}
