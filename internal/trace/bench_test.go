package trace_test

import (
	"io"
	"log"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"helm.sh/helm/v3/pkg/engine"

	"github.com/plimsoll-dev/plimsoll/internal/trace"
)

// BenchmarkTrace tells what a trace beside the library's rendering costs, against loading a chart and rendering it alone:
// medians of the corpus, of the best of several runs each. The two render at the same time, as in the product.
func BenchmarkTrace(b *testing.B) {
	log.SetOutput(io.Discard)
	defer debug.SetGCPercent(debug.SetGCPercent(300)) // as in a child
	dirs := charts(b)
	for b.Loop() {
		var ratios []float64
		var all, alone time.Duration
		for _, dir := range dirs {
			both, plain := time.Hour, time.Hour
			for range 5 {
				plain = min(plain, timeOf(dir, false))
				both = min(both, timeOf(dir, true))
			}
			if plain == time.Hour { // it does not render
				continue
			}
			ratios = append(ratios, both.Seconds()/plain.Seconds())
			all, alone = all+both, alone+plain
		}
		slices.Sort(ratios)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(len(ratios)), "charts")
		b.ReportMetric(ratios[len(ratios)/2], "×load+render")
		b.ReportMetric(all.Seconds()/alone.Seconds(), "×load+render,sum")
	}
}

// timeOf loads and renders a chart, with a trace or without; an hour when it does not render.
func timeOf(dir string, traced bool) time.Duration {
	start := time.Now()
	c, values, err := top(dir)
	if err != nil {
		return time.Hour
	}
	done := make(chan struct{})
	if traced {
		rendering := trace.New(c)
		rendering.With(values)
		go func() {
			defer close(done)
			_, _ = rendering.Render() // Helm tells of errors
		}()
	} else {
		close(done)
	}
	if _, err := engine.Render(c, values); err != nil {
		<-done
		return time.Hour
	}
	<-done
	return time.Since(start)
}
