package peers

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadComment(t *testing.T) {
	pinning := []string{"workflow/unpinned-action"}
	for line, want := range map[string]*Comment{
		"uses: a/b@v1 # zizmor: ignore[unpinned-uses]":                     {Tool: "zizmor", Rules: pinning, Start: 13, Wide: true},
		"# zizmor: ignore[unpinned-uses] a friend's":                       {Tool: "zizmor", Rules: pinning, Reason: "a friend's", Wide: true},
		"x # zizmor: ignore[unsound-ternary, ref-confusion,unpinned-uses]": {Tool: "zizmor", Rules: []string{"workflow/falsy-ternary", pinning[0]}, Start: 2, Wide: true},
		"x # zizmor: ignore[ref-confusion]":                                nil, // nothing that we would find
		"x # zizmor: ignore[no-such-audit]":                                nil,
		"x # zizmor: ignore":                                               nil, // means nothing to zizmor either
		"x# zizmor: ignore[unpinned-uses]":                                 nil, // no comment in YAML
		"uses: a/b@v1 # ratchet:exclude":                                   {Tool: "ratchet", Rules: excluded, Start: 13},
		"uses: a/b@v1 #ratchet:exclude - ours":                             {Tool: "ratchet", Rules: excluded, Start: 13, Reason: "ours"},
		"uses: a/b@v1 # ratchet:a/b@v1":                                    nil,
		"uses: a/b@v1 # v1":                                                nil,
	} {
		got, ok := ReadComment(line)
		if ok != (want != nil) {
			t.Errorf("%q: comment %v, want %v", line, ok, want != nil)
		}
		if want != nil {
			if diff := cmp.Diff(*want, got); diff != "" {
				t.Errorf("%q (-want +got):\n%s", line, diff)
			}
		}
	}
}
