package triage

import (
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// FuzzComments holds that a comment of any text stands within its file, and that one which puts a finding aside gives a
// reason or is another linter's.
func FuzzComments(f *testing.F) {
	for _, seed := range []string{
		"a: b # plimsoll: ignore[image/unpinned] why", "# plimsoll: ignore[*] why\n# more\na: b", "a: '# plimsoll: ignore[x/y] z'", "{{/* plimsoll: ignore[x/y] z */}}", "// plimsoll: ignore[,, ,] -- :",
		"# plimsoll: ignore", "# plimsoll: ignore[", "# zizmor: ignore[unpinned-uses] a", "- uses: a/b@c # ratchet:exclude \xff", "a: \"\\\" # plimsoll: ignore[x/y] z\"", "\r# plimsoll: ignore[x/y] z\r\n\x85",
		"jobs:\n  a:\n    - b: c\n      # zizmor: ignore[unpinned-uses]\n", "\ufeff# plimsoll: ignore[x/y]\u2028z",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file := &source.File{Path: ".github/workflows/a.yml", Kind: source.Workflow, Data: text}
		all := inlineIgnores([]*source.File{file})
		for n := 1; n <= source.NewText(text).Lines(); n++ {
			for _, rule := range []string{"image/unpinned", "workflow/unpinned-action", finding.ParseError} {
				found := on(file.Path, n, rule)
				s := all.suppress(found, func(string) bool { return true })
				if s == nil {
					s = all.foreign[file.Path].suppress(found)
				}
				if s == nil {
					continue
				}
				if at := s.Location.Span; at.Start.Offset < 0 || at.Start.Offset > at.End.Offset || at.End.Offset > len(text) {
					t.Fatalf("the comment stands at %v of %d bytes", at, len(text))
				}
				if s.By == finding.ByInline && s.Reason == "" {
					t.Fatalf("%q hides without a reason", text)
				}
			}
		}
	})
}
