package causal_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/plimsoll-dev/plimsoll/internal/causal"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestRendersInParallel renders charts and kustomizations of one repository at once, and asks for places from many
// goroutines: under the race detector that is what is proved, and without it that the places are those of one at a time.
func TestRendersInParallel(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"01-include-chain", "05-image", "08-argo", "16-overlay", "16-overlays"} {
		archive, err := txtar.ParseFile(filepath.Join("..", "..", "testdata", "render", name+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		f := &fixture{t: t, root: filepath.Join(root, name)}
		f.write(archive.Files)
	}
	repo, err := causal.Open(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	units := repo.Plan.Units
	want := make([]string, len(units))
	alone, err := render.New(render.Options{Root: root, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer alone.Close()
	for i, unit := range units {
		want[i] = places(alone.Render(t.Context(), unit).Documents)
	}
	shared, err := render.New(render.Options{Root: root, Workers: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer shared.Close()
	const rounds, askers = 2, 4
	var group sync.WaitGroup
	for range rounds {
		for i, unit := range units {
			group.Go(func() {
				documents := shared.Render(t.Context(), unit).Documents
				for range askers {
					group.Go(func() {
						if diff := cmp.Diff(want[i], places(documents)); diff != "" {
							t.Errorf("%s, in parallel (-alone +parallel):\n%s", unit.Root, diff)
						}
					})
				}
			})
		}
	}
	group.Wait()
}

// places tells the place of every scalar.
func places(documents []*source.Document) string {
	var out string
	for _, d := range documents {
		causal.Scalars(d.Value, func(at source.Path, _ any) {
			trace := d.Locate(at, "")
			out += fmt.Sprintf("%s %s %v\n", d.Object, at, trace)
		})
	}
	return out
}
