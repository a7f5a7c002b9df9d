package shellcheck

import (
	"slices"
	"testing"
)

// FuzzFollow holds that every offset lies in the text, and that they never go back.
func FuzzFollow(f *testing.F) {
	for _, raw := range []string{"ls here", "|\n  ls\n   here\n", ">-\n  ls\n\n  here", `"a\"b\n\
 c"`, "'it''s'", "|", `"\`} {
		f.Add([]byte(raw), "ls\nhere")
		f.Add([]byte(raw), "it's a\"b\nc")
	}
	f.Fuzz(func(t *testing.T, raw []byte, value string) {
		at := follow(raw, value)
		if at != nil && len(at) != len(value) {
			t.Fatalf("%d offsets for %d bytes", len(at), len(value))
		}
		if !slices.IsSorted(at) || len(at) > 0 && (at[0] < 0 || at[len(at)-1] >= len(raw)) {
			t.Fatalf("offsets %v in %d bytes", at, len(raw))
		}
	})
}
