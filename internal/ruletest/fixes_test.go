package ruletest_test

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/ruletest"
)

// TestFixes makes each fix that a fixture's findings offer, alone, and lints the result: that finding must be gone, and with it
// those that offer the very same edits; every other one must still be there, and none may have come.
func TestFixes(t *testing.T) {
	fixtures, err := ruletest.Find("../../testdata/rules")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range slices.Sorted(maps.Keys(fixtures)) {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			skipWithout(t, id)
			dir := t.TempDir()
			if err := fixtures[id].Write(dir); err != nil {
				t.Fatal(err)
			}
			before := lint(t, dir, fixtures[id]).Report.Active()
			for _, f := range before {
				if f.Fix != nil && f.RuleID == id {
					tryFix(t, fixtures[id], before, f)
				}
			}
		})
	}
}

func tryFix(t *testing.T, fixture *ruletest.Fixture, before []*finding.Finding, f *finding.Finding) {
	t.Helper()
	dir := t.TempDir()
	if err := fixture.Write(dir); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, filepath.FromSlash(f.Location.Path))
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	edits := slices.SortedFunc(slices.Values(f.Fix.Edits), func(a, b finding.Edit) int {
		return cmp.Compare(b.Location.Span.Start.Offset, a.Location.Span.Start.Offset)
	})
	for _, e := range edits {
		span := e.Location.Span
		text = slices.Replace(text, span.Start.Offset, span.End.Offset, []byte(e.NewText)...)
	}
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	left := messages(before)
	for _, other := range before {
		if other == f || other.Fix != nil && reflect.DeepEqual(other.Fix.Edits, f.Fix.Edits) {
			left[other.RuleID+" "+other.Location.Path+" "+other.Message]--
		}
	}
	after := messages(lint(t, dir, fixture).Report.Active())
	for message, n := range left {
		if after[message] != n {
			t.Errorf("%s: %s\nafter the fix it is said %d times, want %d: %s\n%s", show(f), f.Fix.Description, after[message], n, message, text)
		}
	}
	if len(after) > len(left) {
		t.Errorf("%s: the fix brings a new finding:\n%s", show(f), text)
	}
}

// messages counts what is said, wherever it stands in a file.
func messages(found []*finding.Finding) map[string]int {
	count := map[string]int{}
	for _, f := range found {
		count[f.RuleID+" "+f.Location.Path+" "+f.Message]++
	}
	return count
}
