package causal_test

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/render"
)

// TestMain lets the test binary be its own rendering child, and keeps the plain libraries from the network and from
// programs.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == render.WorkerArgument {
		if err := render.Worker(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	http.DefaultTransport = offline{}
	if err := os.Setenv("PATH", ""); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

type offline struct{}

// RoundTrip implements http.RoundTripper.
func (offline) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("these tests use no network")
}

// corpus lists the directories of public repositories, OWNER/NAME each.
func corpus(t testing.TB) []string {
	t.Helper()
	dir := cmp.Or(os.Getenv("PLIMSOLL_CORPUS"), filepath.Join("..", "..", "..", "corpus"))
	repos, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(repos) == 0 {
		t.Skipf("no corpus of repositories in %s; set PLIMSOLL_CORPUS", dir)
	}
	return repos
}
