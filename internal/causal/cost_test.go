package causal_test

import (
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"github.com/plimsoll-dev/plimsoll/internal/causal"
	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/render"
)

// BenchmarkTraceCost tells what rendering with places costs, against the plain library in this process: its loader, its merging of
// values and its engine. Ours is all that Render does with a child that has started: isolation, transport, the trace, and
// reading the texts, which plain rendering is also given with "reading". The figures are medians over the charts of the
// corpus with their defaults, of the best of several runs each, in turns.
func BenchmarkTraceCost(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(300)) // as in a child
	var rendered, read []float64
	var ours, theirs time.Duration
	for b.Loop() {
		rendered, read, ours, theirs = nil, nil, 0, 0
		for _, dir := range corpus.Repositories(b) {
			costOf(b, dir, func(own, plain, reading time.Duration) {
				rendered = append(rendered, own.Seconds()/plain.Seconds())
				read = append(read, own.Seconds()/(plain+reading).Seconds())
				ours, theirs = ours+own, theirs+plain
			})
		}
	}
	if len(rendered) == 0 {
		b.Fatal("no chart rendered")
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(len(rendered)), "charts")
	b.ReportMetric(middle(rendered), "×load+render")
	b.ReportMetric(middle(read), "×load+render+reading")
	b.ReportMetric(ours.Seconds()/theirs.Seconds(), "×load+render,sum")
}

func middle(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// costOf times every chart of a repository that both render.
func costOf(b *testing.B, dir string, report func(own, plain, reading time.Duration)) {
	b.Helper()
	const runs = 5
	repo, err := causal.Open(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	r, err := render.New(render.Options{Root: repo.Root, Workers: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	for _, unit := range repo.Plan.Units {
		if unit.Renderer != render.Helm {
			continue
		}
		unit = unit.With(unit.Variants[0])
		if len(r.Render(b.Context(), unit).Documents) == 0 {
			continue
		}
		own, plain, reading := time.Hour, time.Hour, time.Hour
		for range runs {
			start := time.Now()
			r.Render(b.Context(), unit)
			own = min(own, time.Since(start))
			start = time.Now()
			scene, err := repo.FromDisk(unit, unit.Variants[0]).Render()
			plain = min(plain, time.Since(start))
			if err != nil {
				break
			}
			start = time.Now()
			scene.Read()
			reading = min(reading, time.Since(start))
		}
		if reading < time.Hour {
			report(own, plain, reading)
		}
	}
}
