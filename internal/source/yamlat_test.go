package source_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func TestPathAt(t *testing.T) {
	doc := mustRead(t, "# note\na: &x {b: 1, c: [2, é, 3]}\nl:\n- k: v\n  m: |\n    text\n- *x\n- <<: {n: 4}\n  o:\nz: 5\n")
	for _, tt := range []struct {
		name         string
		line, column int
		want         source.Path
		ok           bool
	}{
		{"a key", 2, 1, source.Path{"a"}, true},
		{"a key in a flow map", 2, 8, source.Path{"a", "b"}, true},
		{"its value", 2, 11, source.Path{"a", "b"}, true},
		{"an item; columns are runes", 2, 24, source.Path{"a", "c", 2}, true},
		{"a key that begins an item", 4, 3, source.Path{"l", 0, "k"}, true},
		{"a block", 5, 6, source.Path{"l", 0, "m"}, true},
		{"within a block", 6, 5, nil, false},
		{"an alias", 7, 3, nil, false},
		{"a key of a merged map", 8, 8, source.Path{"l", 2, "n"}, true},
		{"the value of one", 8, 11, source.Path{"l", 2, "n"}, true},
		{"the merge itself", 8, 3, nil, false},
		{"past a map", 10, 4, source.Path{"z"}, true},
		{"before all", 1, 1, nil, false},
		{"after all", 11, 1, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := doc.PathAt(tt.line, tt.column)
			if ok != tt.ok {
				t.Fatalf("found %t (%s), want %t", ok, got, tt.ok)
			}
			if diff := cmp.Diff(tt.want, got); ok && diff != "" {
				t.Error("(-want +got):\n" + diff)
			}
		})
	}
}
