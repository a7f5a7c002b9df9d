package finding_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// lines is a place in w.yml, from the first column of one line to that of another or of the same.
func lines(path string, from, to int) source.Location {
	at := func(line int) source.Point { return source.Point{Line: line, Column: 3} }
	return source.Location{Path: path, Span: source.Span{Start: at(from), End: at(to), Exact: true}}
}

func TestBlocksSayWhereTheyGo(t *testing.T) {
	word := lines("w.yml", 7, 7)
	word.Span.End.Column = 9
	tests := map[string]struct {
		edits []finding.Edit
		want  []finding.Block
	}{
		"at the finding":   {[]finding.Edit{{word, "v2"}}, []finding.Block{{"", []string{"v2"}}}},
		"elsewhere":        {[]finding.Edit{{lines("a.yml", 7, 7), "v2"}}, []finding.Block{{"in line 7 of a.yml", []string{"v2"}}}},
		"before the line":  {[]finding.Edit{{lines("w.yml", 7, 7), "env:\n    A: b\n  "}}, []finding.Block{{"before line 7", []string{"env:", "  A: b"}}}},
		"in place of more": {[]finding.Edit{{lines("w.yml", 7, 9), "{}"}}, []finding.Block{{"in place of lines 7 to 9", []string{"{}"}}}},
		"in the order of the file, those of one line together": {
			[]finding.Edit{{word, "a"}, {lines("w.yml", 3, 3), "b\n"}, {word, "c"}},
			[]finding.Block{{"before line 3", []string{"b"}}, {"in line 7", []string{"a", "c"}}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := &finding.Finding{Location: lines("w.yml", 7, 7), Fix: &finding.Fix{Edits: test.edits}}
			if diff := cmp.Diff(test.want, f.Blocks()); diff != "" {
				t.Error(diff)
			}
		})
	}
	if got := (&finding.Finding{}).Blocks(); got != nil {
		t.Errorf("no fix writes %v", got)
	}
}
