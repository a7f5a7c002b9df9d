package report

import (
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"
)

func TestDrawLine(t *testing.T) {
	long := strings.Repeat("a", 50) + "HERE" + strings.Repeat("b", 50)
	tests := []struct {
		name, line  string
		mark        string // the part of the line to mark
		width       int
		text, marks string
	}{
		{"plain", "  uses: x@v4", "x@v4", 80, "  uses: x@v4", "        ^^^^"},
		{"tabs are blanks", "\timage: x", "image", 80, "    image: x", "    ^^^^^"},
		{"wide runes take two columns", "日本: 名前!", "名前", 80, "日本: 名前!", "      ^^^^"},
		{"escapes take what they show", "a\x1b: b", "b", 80, `a\x1b: b`, "       ^"},
		{"cut on both sides", long, "HERE", 20, "…aaaaaaHEREbbbbbbbbbb…", "       ^^^^"},
		{"cut on the right", "HERE" + strings.Repeat("b", 50), "HERE", 10, "HEREbbbbbb…", "^^^^"},
		{"span longer than the line is wide", "x: " + strings.Repeat("c", 50), strings.Repeat("c", 50), 10, "x: ccccccc…", "   ^^^^^^^"},
		{"nothing to mark, at the end", "abc", "", 80, "abc", "   ^"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := strings.LastIndex(tt.line, tt.mark)
			text, marks := drawLine([]byte(tt.line), start, start+len(tt.mark), tt.width, "^")
			if text != tt.text || marks != tt.marks {
				t.Errorf("got\n%s\n%s\nwant\n%s\n%s", text, marks, tt.text, tt.marks)
			}
		})
	}
}

func FuzzDrawLine(f *testing.F) {
	f.Add([]byte("image: nginx"), 7, 12)
	f.Add([]byte("\t日\xff\u200b##[x]"), 2, 3)
	f.Fuzz(func(t *testing.T, line []byte, start, end int) {
		const width = 30
		text, marks := drawLine(line, start, end, width, "^")
		if strings.TrimLeft(strings.TrimRight(marks, "^"), " ") != "" || !strings.Contains(marks, "^") {
			t.Errorf("marks are %q", marks)
		}
		if got := displaywidth.String(text); got > width+2 {
			t.Errorf("%q takes %d columns, more than %d", text, got, width)
		}
	})
}
