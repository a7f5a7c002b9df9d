package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The hashes are those that GitHub's own implementation gives for the same texts (codeql-action, fingerprints.test.ts).
func TestLineHashes(t *testing.T) {
	same := []string{
		"e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1",
		"b3edc88f2938467e:1", "c8e28b0b4002a3a0:1", "c129715d7a2bc9a3:1",
	}
	tests := []struct {
		text string
		want []string
	}{
		{"", []string{"c129715d7a2bc9a3:1"}},
		{" a\nb\n  \t\tc\n d", []string{"271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"}},
		{" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", same},
		{" hello; \t\r\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", same},
		{strings.Repeat("Lorem ipsum dolor sit amet.\n", 10), []string{
			"a7f2ff13bc495cf2:1", "a7f2ff13bc495cf2:2", "a7f2ff13bc495cf2:3", "a7f2ff13bc495cf2:4", "a7f2ff13bc495cf2:5", "a7f2ff13bc495cf2:6",
			"a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1", "55ec222b86bcae53:1", "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1",
		}},
	}
	for _, tt := range tests {
		wanted, want := map[int]bool{}, map[int]string{}
		for i, hash := range tt.want {
			wanted[i+1], want[i+1] = true, hash
		}
		if diff := cmp.Diff(want, lineHashes([]byte(tt.text), wanted)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestLineHashesSurviveShifts(t *testing.T) {
	const text = "image: nginx\nname: web ⚓ 🚢\n"
	tail := strings.Repeat("more: text to fill the block of a hundred units\n", 5)
	before := lineHashes([]byte(text+tail), map[int]bool{2: true})[2]
	after := lineHashes([]byte("# a new line\n\n"+text+tail), map[int]bool{4: true})[4]
	if before == "" || before != after {
		t.Errorf("line has hash %q, and %q after it moved", before, after)
	}
}
