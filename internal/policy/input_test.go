package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestInputFile holds what a rule sees of its file to what `plimsoll facts` prints.
func TestInputFile(t *testing.T) {
	for _, use := range []facts.Use{"", facts.UseTest, facts.UseExample} {
		file := facts.File{Path: "a.yaml", Kind: source.Manifest, Use: use}
		parts, err := inputParts(&facts.Input{File: file})
		if err != nil {
			t.Fatal(err)
		}
		printed, err := plainJSON(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(printed, parts["file"]); diff != "" {
			t.Error(diff)
		}
	}
}
