package causal_test

import (
	"runtime/debug"
	"testing"
	"time"

	"github.com/plimsoll-dev/plimsoll/internal/causal"
	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/render"
)

// BenchmarkKustomizeCost tells what building with places costs, against the plain library in this process. The units of a
// repository are built one after another by one child, as linting does, which remembers files that several of them use;
// each time is the best of three such rounds.
func BenchmarkKustomizeCost(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(300)) // as in a child
	var ratios []float64
	var ours, theirs time.Duration
	for b.Loop() {
		ratios, ours, theirs = nil, 0, 0
		for _, dir := range corpus.Repositories(b) {
			for unit, took := range buildTimes(b, dir) {
				ratio := took.own.Seconds() / took.plain.Seconds()
				if ratio > 1.5 {
					b.Logf("%s %s: %s, plainly %s, %.2fx", dir, unit, took.own, took.plain, ratio)
				}
				ratios = append(ratios, ratio)
				ours, theirs = ours+took.own, theirs+took.plain
			}
		}
	}
	if len(ratios) == 0 {
		b.Fatal("nothing was built")
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(len(ratios)), "kustomizations")
	b.ReportMetric(middle(ratios), "×build")
	b.ReportMetric(ours.Seconds()/theirs.Seconds(), "×build,sum")
}

type buildTime struct{ own, plain time.Duration }

// buildTimes are the times of all kustomizations of a repository that both build, by their directory.
func buildTimes(b *testing.B, dir string) map[string]buildTime {
	b.Helper()
	repo, err := causal.Open(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	best := map[string]buildTime{}
	for range 3 {
		r, err := render.New(render.Options{Root: repo.Root, Workers: 1})
		if err != nil {
			b.Fatal(err)
		}
		started := false
		for _, unit := range repo.Plan.Units {
			if unit.Renderer != render.Kustomize {
				continue
			}
			if !started { // it is not the start of the child that is measured
				r.Render(b.Context(), render.Unit{Renderer: render.Kustomize, Root: "none", Variants: unit.Variants})
				started = true
			}
			start := time.Now()
			result := r.Render(b.Context(), unit)
			own := time.Since(start)
			start = time.Now()
			_, err := repo.FromDisk(unit, unit.Variants[0]).Render()
			plain := time.Since(start)
			if err != nil || len(result.Documents) == 0 || len(result.Problems) > 0 {
				continue
			}
			if known, ok := best[unit.Root]; ok {
				own, plain = min(own, known.own), min(plain, known.plain)
			}
			best[unit.Root] = buildTime{own, plain}
		}
		r.Close()
	}
	return best
}
