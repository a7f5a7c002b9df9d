package policy

import (
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestInputFile holds what a rule sees of its file to what `plimsoll facts` prints.
func TestInputFile(t *testing.T) {
	for _, use := range []facts.Use{"", facts.UseTest, facts.UseExample} {
		file := facts.File{Path: "a.yaml", Kind: source.Manifest, Use: use}
		var s Set
		parts, err := s.inputParts(&facts.Input{File: file})
		if err != nil {
			t.Fatal(err)
		}
		printed, err := throughJSON(file)
		if err != nil {
			t.Fatal(err)
		}
		if seen := parts.Get(ast.StringTerm("file")); seen == nil || seen.Value.Compare(printed) != 0 {
			t.Errorf("a rule sees %v, and %v is printed", seen, printed)
		}
	}
}
