package engine_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/render"
)

// TestMain lets the test binary be its own render worker.
func TestMain(m *testing.M) {
	if slices.Contains(os.Args, render.WorkerArgument) {
		if render.Worker(os.Stdin, os.Stdout) != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// BenchmarkLint lints a repository of many manifests, with all rules and with none: the second is the floor.
func BenchmarkLint(b *testing.B) {
	root, err := filepath.Abs(corpus.Path(cmp.Or(os.Getenv("PLIMSOLL_BENCH_REPO"), "kyverno/kyverno")))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := os.Stat(root); err != nil {
		b.Skipf("the corpus is not there: %v", err)
	}
	for name, skip := range map[string][]string{"rules": nil, "floor": {"*"}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				target, err := engine.Open(b.Context(), root, root, nil)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := engine.Lint(b.Context(), engine.Options{Target: target, Config: config.Default(), Skip: skip}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
