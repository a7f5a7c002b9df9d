package causal_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
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
