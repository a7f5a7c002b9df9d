package causal_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/causal"
	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestRendersAsTheLibrariesDo holds every text that is rendered of the corpus, byte by byte, against what the plain
// libraries render of the same files: every chart with every set of values, and every kustomization. With -short it takes
// two units of each renderer and repository, and three sets of values.
func TestRendersAsTheLibrariesDo(t *testing.T) {
	counts := map[string]int{}
	for _, dir := range corpus.Repositories(t) {
		repo, err := causal.Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		r, err := render.New(render.Options{Root: repo.Root})
		if err != nil {
			t.Fatal(err)
		}
		taken := map[string]int{}
		for _, unit := range repo.Plan.Units {
			if taken[unit.Renderer]++; testing.Short() && taken[unit.Renderer] > 2 {
				continue
			}
			if testing.Short() {
				unit = unit.With(unit.Variants[:min(len(unit.Variants), 3)]...)
			}
			result := r.Render(t.Context(), unit)
			counts[unit.Renderer+" texts not traced"] += result.Untraced
			for _, variant := range unit.Variants {
				compareTexts(t, repo, result, variant, counts)
			}
		}
		r.Close()
	}
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%s: %d", what, counts[what])
	}
	if counts["helm texts equal"] == 0 || counts["kustomize texts equal"] == 0 {
		t.Error("nothing was compared")
	}
}

// compareTexts counts what became of one variant, and fails for texts that differ.
func compareTexts(t *testing.T, repo *causal.Repository, result render.Result, variant render.Variant, counts map[string]int) {
	t.Helper()
	unit := result.Unit
	name := repo.Root + " " + unit.Root + " " + variant.Name
	ours := map[string]int{} // how often each text
	for _, text := range result.Texts {
		if len(text.Origin.Variants) == 0 || slices.Contains(text.Origin.Variants, variant.Name) {
			ours[text.Data]++
		}
	}
	without, why := changedByUs(repo.Root, result)
	if why != "" {
		counts[unit.Renderer+" variants skipped: "+why]++
		return
	}
	plain := repo.Whole(unit, variant)
	scene, err := plain.Render(without...)
	switch {
	case len(ours) == 0 && err != nil:
		counts[unit.Renderer+" variants that nobody renders"]++
		return
	case len(ours) == 0 && len(result.Problems) > 0:
		counts[unit.Renderer+" variants refused: "+result.Problems[0].Rule]++
		return
	case err != nil && unit.Renderer == render.Kustomize && strings.Contains(err.Error(), "no matches for Id"):
		counts["kustomize variants skipped: a component that nothing uses"]++
		return
	case err != nil && unit.Renderer == render.Helm && (len(result.Problems) > 0 || len(variant.Layers) == 0 && len(unit.Variants) > 1):
		// what defaults lack is not told of when there are sets of values that have it
		counts["helm variants of which only a part renders"]++
		return
	case err != nil:
		t.Errorf("%s: only we render it: %s", name, err)
		return
	}
	counts[unit.Renderer+" variants compared"]++
	left, equal := unmatched(scene.Texts, ours)
	counts[unit.Renderer+" texts equal"] += equal
	extra := slices.ContainsFunc(slices.Collect(maps.Values(ours)), func(n int) bool { return n > 0 })
	if len(left) > 0 && !extra { // resource definitions are read even so
		if _, err := repo.Strict(unit, variant).Render(); err != nil {
			counts["helm variants refused: the values do not fit the schema"]++
			return
		}
	}
	if len(left) > 0 {
		counts[unit.Renderer+" texts random"] += len(left)
		compareRandom(t, name, plain, scene, ours, left)
		return
	}
	for text, n := range ours {
		if n > 0 {
			t.Errorf("%s: only we render %d times:\n%.300s", name, n, text)
		}
	}
}

// unmatched takes the plain texts from ours, and gives the groups of those that are not among them.
func unmatched(plain map[string][]string, ours map[string]int) (left []string, equal int) {
	for group, texts := range plain {
		for _, text := range texts {
			if ours[text]--; ours[text] < 0 {
				left = append(left, group)
				continue
			}
			equal++
		}
	}
	return left, equal
}

// changedByUs gives the edits that leave out of a unit what lint leaves out of it, or says why the library alone cannot give
// the same.
func changedByUs(root string, result render.Result) (without []causal.Edit, why string) {
	if result.Unit.Renderer == render.Helm {
		return nil, ""
	}
	for _, p := range slices.Backward(result.Problems) { // the last of a file first, so that places stay what they are
		if p.Rule != render.NotEvaluated {
			continue
		}
		edit, ok := lineAt(root, p.Location)
		if !ok {
			return nil, "something is left out"
		}
		without = append(without, edit)
	}
	data, err := os.ReadFile(filepath.Join(root, result.Unit.File))
	if err == nil && strings.Contains(string(data), "helmCharts") {
		return nil, "charts"
	}
	return without, ""
}

// lineAt takes away the line of an item of a list that is all there is at a place.
func lineAt(root string, at source.Location) (causal.Edit, bool) {
	data, err := os.ReadFile(filepath.Join(root, at.Path))
	if err != nil || !at.Span.Exact {
		return causal.Edit{}, false
	}
	start, end := at.Span.Start.Offset-at.Span.Start.Column+1, at.Span.End.Offset
	if i := strings.IndexByte(string(data[end:]), '\n'); i >= 0 {
		end += i + 1
	} else {
		end = len(data)
	}
	item := strings.TrimLeft(string(data[start:at.Span.Start.Offset]), " ") == "- "
	return causal.Edit{Path: at.Path, Start: start, End: end}, item
}

// compareRandom takes texts that differ for those of templates that give another text each time: they have as many lines.
func compareRandom(t *testing.T, name string, plain causal.Plain, scene *causal.Scene, ours map[string]int, left []string) {
	t.Helper()
	again, err := plain.Render()
	if err != nil {
		t.Errorf("%s: it renders only now and then: %s", name, err)
		return
	}
	var theirs, mine []int
	for _, group := range left {
		if slices.Equal(scene.Texts[group], again.Texts[group]) {
			t.Errorf("%s: we render another text of %s, or none", name, group)
			return
		}
		theirs = append(theirs, strings.Count(scene.Texts[group][0], "\n"))
	}
	for text, n := range ours {
		for range n {
			mine = append(mine, strings.Count(text, "\n"))
		}
	}
	slices.Sort(theirs)
	slices.Sort(mine)
	if !slices.Equal(theirs, mine) {
		t.Errorf("%s: what is random has %v lines of ours and %v of the library's", name, mine, theirs)
	}
}
