package place_test

import (
	"context"
	"crypto/sha1"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/place"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// tree makes one of texts; a text that begins with "-> " is a link.
func tree(files map[string]string) place.Tree {
	t := place.Tree{Files: map[string]string{}, Links: map[string]bool{}}
	texts := map[string]string{}
	for name, text := range files {
		target, isLink := strings.CutPrefix(text, "-> ")
		if isLink {
			t.Links[name], text = true, target
		}
		id := fmt.Sprintf("%x", sha1.Sum(fmt.Appendf(nil, "blob %d\x00%s", len(text), text)))
		t.Files[name], texts[id] = id, text
	}
	t.Read = func(_ context.Context, id string) ([]byte, error) {
		if text, ok := texts[id]; ok {
			return []byte(text), nil
		}
		return nil, errors.New("no such text")
	}
	return t
}

func at(path string, first, last int) *finding.Finding {
	return &finding.Finding{RuleID: "r", Severity: finding.High, Location: source.Location{Path: path, Span: source.Span{
		Start: source.Point{Line: first, Column: 3}, End: source.Point{Line: last, Column: 9}, Exact: true,
	}}}
}

func TestMove(t *testing.T) {
	const text = "a\nb\nc\nd\n"
	for name, test := range map[string]struct {
		linted, there map[string]string
		first, last   int
		want          string // path:first-last, "~" before it when it is not exact, "" for no place
	}{
		"same":                       {map[string]string{"f": text}, map[string]string{"f": text}, 3, 3, "f:3-3"},
		"other line ends":            {map[string]string{"f": "a\r\nb\r\nc\r\n"}, map[string]string{"f": "a\nb\nc\n"}, 2, 2, "f:2-2"},
		"base added lines above":     {map[string]string{"f": "x\ny\n" + text}, map[string]string{"f": text}, 5, 6, "f:3-4"},
		"base removed a line above":  {map[string]string{"f": "b\nc\nd\n"}, map[string]string{"f": text}, 2, 2, "f:3-3"},
		"base changed on both sides": {map[string]string{"f": "x\nb\nc\ny\nz\n"}, map[string]string{"f": text}, 2, 3, "f:2-3"},
		"line of the base alone":     {map[string]string{"f": "a\nx\nc\nd\n"}, map[string]string{"f": text}, 2, 2, "~f:1-1"},
		"span that is torn":          {map[string]string{"f": "a\nx\nb\nc\n"}, map[string]string{"f": "a\nb\nc\n"}, 1, 3, "~f:1-1"},
		"repeated lines, by a neighbour": {
			map[string]string{"f": "x\n-\nb\n-\nc\ny\n"}, map[string]string{"f": "-\nb\n-\nc\n"}, 4, 4, "f:3-3",
		},
		"repeated lines that cannot be told apart": {
			map[string]string{"f": "x\n-\n-\ny\n"}, map[string]string{"f": "-\n-\n-\n"}, 2, 2, "~f:1-1",
		},
		"not in the head":            {map[string]string{"f": text}, map[string]string{"g": "else\n"}, 1, 1, ""},
		"renamed by the base":        {map[string]string{"f": text}, map[string]string{"old/f": text}, 2, 2, "old/f:2-2"},
		"one of two with this text":  {map[string]string{"f": text}, map[string]string{"g": text, "h": text}, 2, 2, ""},
		"link":                       {map[string]string{"f": text}, map[string]string{"f": "-> real/f", "real/f": text}, 2, 2, "real/f:2-2"},
		"link that leads out":        {map[string]string{"f": text}, map[string]string{"f": "-> ../../etc/passwd"}, 2, 2, ""},
		"link to itself":             {map[string]string{"f": text}, map[string]string{"f": "-> f"}, 2, 2, ""},
		"absolute link":              {map[string]string{"f": text}, map[string]string{"f": "-> /f"}, 2, 2, ""},
		"text that was not read":     {map[string]string{}, map[string]string{"f": text}, 2, 2, "f:2-2"},
		"binary file, other there":   {map[string]string{"f": "\x00\x01"}, map[string]string{"f": "\x00\x02"}, 1, 1, "~f:1-1"},
		"line beyond the file's end": {map[string]string{"f": "x\n" + text}, map[string]string{"f": text}, 99, 99, "~f:1-1"},
		"empty file there":           {map[string]string{"f": text}, map[string]string{"f": ""}, 1, 1, "~f:1-1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := &finding.Report{Findings: []*finding.Finding{at("f", test.first, test.last)}}
			from := place.Linted{Source: func(path string) []byte {
				if text, ok := test.linted[path]; ok {
					return []byte(text)
				}
				return nil
			}}
			moved := place.Move(t.Context(), r, from, tree(test.there))
			got, l := "", moved.Report.Findings[0].Location
			if l.Path != "" {
				got = fmt.Sprintf("%s:%d-%d", l.Path, l.Span.Start.Line, l.Span.End.Line)
				if !l.Span.Exact {
					got = "~" + got
				}
			}
			if got != test.want {
				t.Errorf("moved to %q, want %q", got, test.want)
			}
			if (moved.NoFile > 0) != (test.want == "") || (moved.NoLine > 0) != strings.HasPrefix(test.want, "~") {
				t.Errorf("%d without a file, %d without a line", moved.NoFile, moved.NoLine)
			}
			if r.Findings[0].Location.Path != "f" || r.Findings[0].Location.Span.Start.Line != test.first {
				t.Error("the report itself was changed")
			}
		})
	}
}

func TestMoveLinkedFolderAndPrefix(t *testing.T) {
	r := &finding.Report{Findings: []*finding.Finding{at("base/f", 1, 1)}}
	from := place.Linted{Prefix: "deploy/", Source: func(string) []byte { return []byte("a\n") }}
	moved := place.Move(t.Context(), r, from, tree(map[string]string{"deploy/base": "-> ../common/base", "common/base/f": "a\n"}))
	if got := moved.Report.Findings[0].Location.Path; got != "common/base/f" {
		t.Errorf("moved to %q", got)
	}
}

func TestMoveToATreeThatIsNotKnown(t *testing.T) {
	r := &finding.Report{Findings: []*finding.Finding{at("f", 3, 4)}}
	from := place.Linted{Prefix: "deploy/", Source: func(string) []byte { return []byte("a\n") }}
	moved := place.Move(t.Context(), r, from, place.Tree{})
	l := moved.Report.Findings[0].Location
	if l.Path != "deploy/f" || l.Span.Start.Line != 3 || l.Span.End.Line != 4 || !l.Span.Exact || string(moved.Source("deploy/f")) != "a\n" {
		t.Errorf("moved to %+v", l)
	}
}

func TestFindingWithoutAFileIsNotLost(t *testing.T) {
	for _, path := range []string{"", "."} {
		r := &finding.Report{Findings: []*finding.Finding{at(path, 1, 1)}}
		moved := place.Move(t.Context(), r, place.Linted{Source: func(string) []byte { return nil }}, tree(map[string]string{"f": "a\n"}))
		if moved.NoFile+moved.NoLine > 0 || moved.Report.Findings[0].Location.Path != "" {
			t.Errorf("%q: %+v", path, moved)
		}
	}
}

func TestMoveFixAndRelated(t *testing.T) {
	const ours, theirs = "new\na\nb\nc\n", "a\nb\nc\n"
	f := at("f", 2, 2)
	f.Fix = &finding.Fix{Edits: []finding.Edit{{Location: at("f", 3, 3).Location, NewText: "x"}}}
	f.Related = []source.Note{{Message: "there", Location: at("f", 4, 4).Location}, {Message: "gone", Location: at("g", 1, 1).Location}}
	torn := at("f", 3, 3)
	torn.Fix = &finding.Fix{Edits: []finding.Edit{{Location: at("f", 1, 2).Location, NewText: "x"}}}
	hidden := at("g", 7, 7)
	hidden.Suppressed = &finding.Suppression{By: finding.ByBaseline}
	r := &finding.Report{Findings: []*finding.Finding{f, torn, hidden}}
	from := place.Linted{Source: func(string) []byte { return []byte(ours) }}
	moved := place.Move(t.Context(), r, from, tree(map[string]string{"f": theirs}))
	first, second := moved.Report.Findings[0], moved.Report.Findings[1]
	if first.Fix.Edits[0].Location.Span.Start.Line != 2 || second.Fix != nil || len(first.Related) != 1 || first.Related[0].Location.Span.Start.Line != 3 {
		t.Errorf("moved %+v, %+v", first, second)
	}
	if moved.NoFile+moved.NoLine > 0 {
		t.Error("what is hidden was counted")
	}
	if got := string(moved.Source("f")); got != theirs {
		t.Errorf("the text is %q", got)
	}
	if f.Fix.Edits[0].Location.Span.Start.Line != 3 {
		t.Error("the report itself was changed")
	}
}
