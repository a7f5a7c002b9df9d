package trace_test

import (
	"io"
	"io/fs"
	"log"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"

	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/trace"
)

// charts are the directories of all charts of the corpus.
func charts(t testing.TB) []string {
	t.Helper()
	dir := corpus.Dir(t)
	var found []string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == "Chart.yaml" {
			found = append(found, filepath.Dir(name))
		}
		return nil
	})
	if err != nil || len(found) == 0 {
		t.Fatalf("%d charts in %s: %v", len(found), dir, err)
	}
	return found
}

// top loads a chart and coalesces its values, afresh each time: rendering may change both.
func top(dir string) (*chart.Chart, chartutil.Values, error) {
	c, err := loaded(dir)
	if err != nil {
		return nil, nil, err
	}
	values, err := merge(c)
	return c, values, err
}

func loaded(dir string) (*chart.Chart, error) {
	c, err := loader.LoadDir(dir)
	if err != nil {
		return nil, err
	}
	return c, chartutil.ProcessDependencies(c, chartutil.Values{})
}

func merge(c *chart.Chart) (chartutil.Values, error) {
	options := chartutil.ReleaseOptions{Name: "release-name", Namespace: "default", Revision: 1, IsInstall: true}
	caps := chartutil.DefaultCapabilities.Copy()
	caps.KubeVersion = chartutil.KubeVersion{Version: "v1.36.0", Major: "1", Minor: "36"}
	return chartutil.ToRenderValuesWithSchemaValidation(c, chartutil.Values{}, options, caps, true)
}

// TestEqualsHelm holds the traced rendering to the Helm library's own, byte by byte.
func TestEqualsHelm(t *testing.T) {
	log.SetOutput(io.Discard)
	equal, differ, failed := 0, 0, 0
	bytes, folded := 0, 0
	var loading, plain, traced time.Duration
	var ratios []float64
	for _, dir := range charts(t) {
		start := time.Now()
		c, values, err := top(dir)
		load := time.Since(start)
		if err != nil {
			failed++
			continue
		}
		start = time.Now()
		want, err := engine.Render(c, values)
		helm := time.Since(start)
		c, values, _ = top(dir)
		start = time.Now()
		rendering := trace.New(c, nil)
		rendering.With(values)
		got, traceErr := rendering.Render()
		own := time.Since(start)
		if err != nil {
			failed++
			if traceErr == nil && len(got.Errors) == 0 {
				t.Errorf("%s: Helm fails, the trace does not: %v", dir, err)
			}
			continue
		}
		loading, plain, traced = loading+load, plain+helm, traced+own
		ratios = append(ratios, float64(load+helm+own)/float64(load+helm))
		if traceErr != nil {
			t.Errorf("%s: %v", dir, traceErr)
			continue
		}
		b, f := checkPieces(t, c, got)
		bytes, folded = bytes+b, folded+f
		for name, text := range want {
			if got.Texts[name] == text {
				equal++
				continue
			}
			differ++
			if difference := firstDifference(text, got.Texts[name]); !random.MatchString(difference) {
				t.Errorf("%s: %s differs at %s (error %v)", dir, name, difference, got.Errors[name])
			}
		}
	}
	t.Logf("%d bytes, of which %d are of texts that an action changed beyond recognition", bytes, folded)
	slices.Sort(ratios)
	t.Logf("%d files equal, %d differ, %d charts do not render;\nloading %v, Helm %v, trace %v; with the trace %.2f of loading and rendering, median", equal, differ, failed, loading, plain, traced, ratios[len(ratios)/2])
}

// random matches the lines that templates fill with what they make up.
var random = regexp.MustCompile(`(?i)-test-\w{5}"? <>|password: `)

func firstDifference(a, b string) string {
	la, lb := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(la), len(lb)) {
		if la[i] != lb[i] {
			return la[i] + " <> " + lb[i]
		}
	}
	return "its end"
}
