package charts_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/charts"
	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func factsOf(t *testing.T, chart, lock string) *charts.Facts {
	t.Helper()
	docs, faults := parse.File(&source.File{Path: "charts/web/Chart.yaml", Kind: source.Chart, Data: []byte(chart)})
	if len(docs) != 1 || len(faults) > 0 {
		t.Fatal(faults)
	}
	return charts.Of(docs[0], &source.Repository{ReadFile: func(name string) []byte {
		if name != "charts/web/Chart.lock" || lock == "" {
			return nil
		}
		return []byte(lock)
	}})
}

func TestDrift(t *testing.T) {
	chart := func(deps string) string {
		return "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: " + deps + "\n"
	}
	cases := map[string]struct {
		chart, lock string
		want        []charts.Drift
	}{
		"in range":   {`[{name: db, version: ^16.0.0, repository: 'https://c'}]`, `[{name: db, version: 16.4.2, repository: 'https://c/'}]`, nil},
		"named":      {`[{name: db, version: ^16.0.0, repository: '@c'}]`, `[{name: db, version: 16.4.2, repository: 'https://c'}]`, nil},
		"v":          {`[{name: db, version: v0.0.0, repository: ''}]`, `[{name: db, version: v0.0.0, repository: ''}]`, nil},
		"prerelease": {`[{name: db, version: 0.0.1-alpha.2, repository: ''}]`, `[{name: db, version: 0.0.1-alpha.2, repository: ''}]`, nil},
		"aliases": {
			`[{name: db, version: 1.x, repository: ''}, {name: db, alias: e, version: 2.x, repository: ''}]`,
			`[{name: db, version: 1.2.0, repository: ''}, {name: db, version: 2.2.0, repository: ''}]`, nil,
		},
		"older": {
			`[{name: db, version: ^16.0.0, repository: 'https://c'}]`, `[{name: db, version: 15.0.0, repository: 'https://c'}]`,
			[]charts.Drift{{Name: "db", Asked: "^16.0.0", Locked: "15.0.0", Field: "version", Path: source.Path{"dependencies", 0, "version"}}},
		},
		"elsewhere": {
			`[{name: db, version: 1.0.0, repository: 'https://c'}]`, `[{name: db, version: 1.0.0, repository: 'https://d'}]`,
			[]charts.Drift{{Name: "db", Asked: "https://c", Locked: "https://d", Field: "repository", Path: source.Path{"dependencies", 0, "repository"}}},
		},
		"not there": {
			`[{name: db, version: 1.0.0, repository: ''}, {name: q, version: 1.0.0, repository: ''}]`, `[{name: q, version: 1.0.0, repository: ''}]`,
			[]charts.Drift{{Name: "db", Asked: "db", Field: "name", Path: source.Path{"dependencies", 0, "name"}}},
		},
		"nothing asked for": {`[]`, `[{name: q, version: 1.0.0, repository: ''}]`, nil},
		"no shape":          {`[null]`, `[{name: q, version: 1.0.0, repository: ''}]`, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, factsOf(t, chart(c.chart), "dependencies: "+c.lock+"\n").Drift); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOutside(t *testing.T) {
	got := factsOf(t, `apiVersion: v2
dependencies:
  - {name: in, repository: "file://../common"}
  - {name: top, repository: "file://../.."}
  - {name: out, repository: "file://../../../common"}
  - {name: absolute, repository: "file:///srv/common"}
  - {name: web, repository: "https://charts.example.com"}
`, "").Outside
	want := []charts.Outside{
		{Name: "out", Repository: "file://../../../common", Path: source.Path{"dependencies", 2, "repository"}},
		{Name: "absolute", Repository: "file:///srv/common", Path: source.Path{"dependencies", 3, "repository"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestCorpus holds our digest to Helm's: the locks that public charts commit were made by Helm for these very dependencies.
func TestCorpus(t *testing.T) {
	root := corpus.Dir(t)
	locks := 0
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "Chart.lock" {
			return err
		}
		lock, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		chart, err := os.ReadFile(filepath.Join(filepath.Dir(name), "Chart.yaml"))
		if err != nil {
			return err
		}
		locks++
		if got := factsOf(t, string(chart), string(lock)); got.OutOfSync || len(got.Drift) > 0 {
			t.Errorf("%s: out of sync: %v, drift: %v", name, got.OutOfSync, got.Drift)
		}
		return nil
	})
	if err != nil || locks == 0 {
		t.Errorf("%d locks, error %v", locks, err)
	}
}
