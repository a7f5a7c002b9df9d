package token_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/discover"
	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/token"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// eachWorkflow works out the facts of every workflow of the public corpus.
func eachWorkflow(t *testing.T, visit func(repo string, doc *source.Document, facts *token.Facts)) {
	t.Helper()
	for _, dir := range corpus.Repositories(t) {
		target, err := engine.Open(t.Context(), dir, dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		found, err := discover.Walk(t.Context(), discover.Options{Root: target.Root})
		if err != nil {
			t.Fatal(err)
		}
		files := target.Repository(found)
		repo := workflow.NewRepository(files)
		for _, path := range files.Paths {
			if !strings.HasPrefix(path, ".github/workflows/") {
				continue
			}
			if doc := files.Document(path); doc != nil {
				if facts := token.Of(doc, workflow.Of(doc), repo); facts != nil {
					visit(filepath.Base(filepath.Dir(dir))+"/"+filepath.Base(dir), doc, facts)
				}
			}
		}
	}
}

// TestCorpus holds, on public workflows whose maintainers declare what their jobs may do, how seldom a need is seen that
// was not granted: those workflows run, so that nearly each would be a mistake of ours.
func TestCorpus(t *testing.T) {
	declared, missing, opaque, unused, overscoped, ceilings := 0, 0, 0, 0, 0, 0
	eachWorkflow(t, func(repo string, doc *source.Document, facts *token.Facts) {
		for _, j := range facts.Jobs {
			if j.Declared == "" {
				continue
			}
			declared++
			if len(j.Opaque) > 0 {
				opaque++
			}
			lacks := false
			for _, m := range j.Missing {
				if !m.Private {
					lacks = true
					t.Logf("%s %s: job %s lacks %s: %s for %s", repo, doc.File.Path, j.ID, m.Scope, m.Level, m.By)
				}
			}
			if lacks {
				missing++
			}
		}
		for _, g := range facts.Grants {
			switch {
			case len(g.Jobs) == 0 || g.Level == "none" || len(g.Levels) == 0:
			case g.Used == "none":
				unused++
			case g.Level == token.LevelWrite && g.Used == token.LevelRead:
				overscoped++
			}
		}
		ceilings += len(facts.Ceilings)
	})
	if declared == 0 || missing*100 > declared {
		t.Errorf("%d of %d jobs lack what they need", missing, declared)
	}
	t.Logf("%d jobs declare permissions: %d have something opaque, %d lack something; %d grants are unused, %d are write where read is enough, %d calls ask for too much",
		declared, opaque, missing, unused, overscoped, ceilings)
}
