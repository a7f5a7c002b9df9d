package trace_test

import (
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"

	"github.com/plimsoll-dev/plimsoll/internal/trace"
)

// BenchmarkTrace tells what a trace beside the library's rendering costs, against loading a chart and rendering it alone:
// medians of the corpus, of the best of several runs each. The two render at the same time, as in the product.
func BenchmarkTrace(b *testing.B) {
	log.SetOutput(io.Discard)
	defer debug.SetGCPercent(debug.SetGCPercent(300)) // as in a child
	ballast := make([]byte, 32<<20)                   // likewise
	defer runtime.KeepAlive(ballast)
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

// read reads a chart from disk as a child does, and gives a parser the templates as they come; nil for nobody.
func read(dir string, parser *trace.Parser) (*chart.Chart, error) {
	var files []*loader.BufferedFile
	err := filepath.WalkDir(dir, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(at)
		name, _ := filepath.Rel(dir, at)
		if strings.HasPrefix(name, "templates/") || strings.Contains(name, "/templates/") {
			parser.Add(data)
		}
		files = append(files, &loader.BufferedFile{Name: name, Data: data})
		return err
	})
	if err != nil {
		return nil, err
	}
	c, err := loader.LoadFiles(files)
	if err != nil {
		return nil, err
	}
	return c, chartutil.ProcessDependencies(c, chartutil.Values{})
}

// timeOf loads and renders a chart, with a trace or without; an hour when it does not render.
func timeOf(dir string, traced bool) time.Duration {
	start := time.Now()
	var parser *trace.Parser
	if traced {
		parser = trace.NewParser()
	}
	c, err := read(dir, parser)
	if err != nil {
		return time.Hour
	}
	var rendering *trace.Rendering
	if traced {
		rendering = trace.New(c, parser)
	}
	values, err := merge(c)
	if err != nil {
		return time.Hour
	}
	done := make(chan struct{})
	if traced {
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
