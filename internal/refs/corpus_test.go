package refs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

var usesLine = regexp.MustCompile(`(?m)^[ \t]*(?:- +)?uses:[ \t]*['"]?[^'"\s#]`)

// TestCorpus compares with a search for text: every "uses" of the public corpus's workflows is found, on its line.
func TestCorpus(t *testing.T) {
	root := corpus.Dir(t)
	total, pinned := 0, 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		isWorkflow := strings.HasSuffix(filepath.ToSlash(filepath.Dir(path)), ".github/workflows")
		if err != nil || !isWorkflow || !entry.Type().IsRegular() || !strings.HasPrefix(filepath.Ext(path), ".y") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text := source.NewText(data)
		var want, got []int
		for _, at := range usesLine.FindAllIndex(data, -1) {
			want = append(want, text.Point(at[1]).Line)
		}
		docs, _ := parse.File(&source.File{Path: path, Kind: source.Workflow, Data: data})
		for _, doc := range docs {
			for _, r := range refs.Extract(doc) {
				if r.Path[len(r.Path)-1] != "uses" {
					continue
				}
				got = append(got, doc.Locate(r.Path, "").Span.Start.Line)
				if r.Pinned {
					pinned++
				}
			}
		}
		slices.Sort(got)
		if !slices.Equal(want, got) {
			t.Errorf("%s: lines with uses: %v, references found: %v", path, want, got)
		}
		total += len(got)
		return nil
	})
	if err != nil || total == 0 {
		t.Errorf("%d references, error %v", total, err)
	}
	t.Logf("%d references, %d of them pinned or local", total, pinned)
}
