package causal_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/plimsoll-dev/plimsoll/internal/causal"
	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/render"
)

// TestCausal tries the places that rendering claims on the repositories of the corpus: see the package's comment. It
// takes its time, so it is asked for: make test-causal sets PLIMSOLL_CAUSAL to how long to spend on one unit, such as 6s.
// PLIMSOLL_CAUSAL_SAMPLE is how many scalars and leaves of a unit are tried (60), PLIMSOLL_CAUSAL_ONLY a part of the
// repositories' names.
func TestCausal(t *testing.T) {
	budget, err := time.ParseDuration(os.Getenv("PLIMSOLL_CAUSAL"))
	if err != nil {
		t.Skip("takes many minutes; run make test-causal")
	}
	sample, err := strconv.Atoi(cmp.Or(os.Getenv("PLIMSOLL_CAUSAL_SAMPLE"), "60"))
	if err != nil {
		t.Fatal(err)
	}
	survey := causal.Survey{Scalars: sample, Leaves: sample, Grave: sample, Budget: budget, Now: time.Now}
	started := time.Now()
	charts, kustomizations := causal.NewReport(), causal.NewReport()
	var group errgroup.Group // the Kustomize library keeps state for all of the process: one at a time
	for renderer, report := range map[string]*causal.Report{render.Helm: charts, render.Kustomize: kustomizations} {
		group.Go(func() error { return surveyAll(t, survey, renderer, report) })
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	charts.Add(kustomizations)
	var out strings.Builder
	charts.Print(&out)
	t.Logf("%d units in %s, %d plain renderings; skipped %v; %d documents only of the product, %d samples left for want of time, %d changes in long texts not asked about\n%s",
		charts.Units, time.Since(started).Round(time.Second), charts.Renders, charts.Skipped, charts.Unmatched, charts.Late, charts.Unasked, out.String())
	logWorst(t, "wrong", charts.Wrong)
	logWorst(t, "missed", charts.Missed)
	for _, failure := range charts.Fails() {
		t.Error(failure)
	}
}

func surveyAll(t *testing.T, survey causal.Survey, renderer string, report *causal.Report) error {
	for _, dir := range corpus.Repositories(t) {
		if !strings.Contains(dir, os.Getenv("PLIMSOLL_CAUSAL_ONLY")) {
			continue
		}
		repo, err := causal.Open(t.Context(), dir)
		if err != nil {
			return err
		}
		r, err := render.New(render.Options{Root: repo.Root, Workers: 1})
		if err != nil {
			return err
		}
		for _, unit := range repo.Plan.Units {
			if unit.Renderer == renderer {
				one := survey.Unit(t.Context(), repo, r, unit)
				for _, list := range [][]causal.Finding{one.Wrong, one.Missed} {
					for i := range list {
						list[i].Text = filepath.Base(filepath.Dir(dir)) + "/" + filepath.Base(dir) + " " + list[i].Text
					}
				}
				report.Add(one)
			}
		}
		r.Close()
	}
	return nil
}

// logWorst prints examples: a few of each class and repository, image and security fields first.
func logWorst(t *testing.T, what string, list []causal.Finding) {
	const perClass, perRepository = 16, 4
	counts := map[string]int{}
	slices.SortStableFunc(list, func(a, b causal.Finding) int {
		return cmp.Compare(slices.Index(causal.Classes(), a.Class), slices.Index(causal.Classes(), b.Class))
	})
	for _, f := range list {
		repo, _, _ := strings.Cut(f.Text, " ")
		class, both := string(f.Class), string(f.Class)+repo
		if counts[both]++; counts[both] > perRepository {
			continue
		}
		if counts[class]++; counts[class] <= perClass {
			t.Logf("%s (%s): %s", what, f.Class, f.Text)
		}
	}
	t.Logf("%s: %d in all", what, len(list))
}
