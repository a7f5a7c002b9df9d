package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func edit(startLine, startColumn, endLine, endColumn int, text string) finding.Edit {
	return finding.Edit{NewText: text, Location: source.Location{Path: "a.yaml", Span: source.Span{
		Start: source.Point{Line: startLine, Column: startColumn}, End: source.Point{Line: endLine, Column: endColumn}, Exact: true,
	}}}
}

func TestSuggest(t *testing.T) {
	const text = "on: push\njobs:\n  a: 1\n  b: 2\n"
	elsewhere, vague := edit(1, 1, 1, 1, "x"), edit(1, 1, 1, 3, "x")
	elsewhere.Location.Path = "b.yaml"
	vague.Location.Span.Exact = false
	for name, test := range map[string]struct {
		text  string
		edits []finding.Edit
		first int // 0 for no suggestion
		last  int
		want  string
	}{
		"a part of a line":         {text, []finding.Edit{edit(1, 5, 1, 9, "pull_request")}, 1, 1, "on: pull_request"},
		"a new line before":        {text, []finding.Edit{edit(2, 1, 2, 1, "permissions: {}\n")}, 2, 2, "permissions: {}\njobs:"},
		"a new line after":         {text, []finding.Edit{edit(2, 6, 2, 6, "\n  c: 3")}, 2, 2, "jobs:\n  c: 3"},
		"a line removed":           {text, []finding.Edit{edit(3, 1, 4, 1, "")}, 3, 3, ""},
		"a line made empty":        {text, []finding.Edit{edit(3, 1, 3, 7, "")}, 3, 3, "\n"},
		"several edits, any order": {text, []finding.Edit{edit(4, 6, 4, 7, "4"), edit(3, 6, 3, 7, "3")}, 3, 4, "  a: 3\n  b: 4"},
		"only what changes":        {text, []finding.Edit{edit(1, 1, 5, 1, "on: push\njobs:\n  a: 7\n  b: 2\n")}, 3, 3, "  a: 7"},
		"at the end, no line end":  {"a: 1", []finding.Edit{edit(1, 4, 1, 5, "2")}, 1, 1, "a: 2"},
		"a new line at the end":    {text, []finding.Edit{edit(5, 1, 5, 1, "c: 3\n")}, 4, 4, "  b: 2\nc: 3"},
		"nothing":                  {text, []finding.Edit{edit(1, 5, 1, 9, "push")}, 0, 0, ""},
		"overlapping":              {text, []finding.Edit{edit(1, 1, 1, 5, "x"), edit(1, 3, 1, 6, "y")}, 0, 0, ""},
		"two files":                {text, []finding.Edit{edit(1, 1, 1, 1, "x"), elsewhere}, 0, 0, ""},
		"a line that is not known": {text, []finding.Edit{vague}, 0, 0, ""},
		"beyond the text":          {text, []finding.Edit{edit(9, 1, 9, 1, "x")}, 0, 0, ""},
		"another line end":         {"a: 1\r\nb: 2\r\n", []finding.Edit{edit(1, 4, 1, 5, "2")}, 0, 0, ""},
		"turned writing":           {text, []finding.Edit{edit(1, 5, 1, 9, "\u202epush")}, 0, 0, ""},
		"not UTF-8":                {text, []finding.Edit{edit(1, 5, 1, 9, "\xff")}, 0, 0, ""},
		"a text without end":       {text, []finding.Edit{edit(1, 5, 1, 9, strings.Repeat("x", 20<<10))}, 0, 0, ""},
		"no edit":                  {text, nil, 0, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := &finding.Finding{RuleID: "workflow/x", Severity: finding.High, Message: "m", Fix: &finding.Fix{Edits: test.edits}}
			got, ok := Suggest(&finding.Report{}, f, []byte(test.text))
			if ok != (test.first > 0) {
				t.Fatalf("ok is %v: %+v", ok, got)
			}
			if !ok {
				return
			}
			want := Suggestion{Path: "a.yaml", First: test.first, Last: test.last, Text: test.want, About: got.About, Markdown: got.Markdown}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if _, ok := Suggest(&finding.Report{}, &finding.Finding{}, []byte(text)); ok {
		t.Error("a suggestion of no fix")
	}
}

func TestSuggestionIsSafeMarkdown(t *testing.T) {
	f := &finding.Finding{
		RuleID: "workflow/x", Severity: finding.Medium, Message: "<img src=x> @mention ```\n```suggestion",
		Fix: &finding.Fix{Description: "see #12 | [x](https://evil.test)", Edits: []finding.Edit{edit(1, 1, 1, 2, "```\n````suggestion\n-->")}},
	}
	got, ok := Suggest(&finding.Report{}, f, []byte("x\n"))
	if !ok {
		t.Fatal("no suggestion")
	}
	const want = "<p>🟠&nbsp;<code>&lt;img</code> <code>src=x&gt;</code> <code>@mention</code> <code>```</code> <code>```suggestion</code></p>\n\n" +
		"`````suggestion\n```\n````suggestion\n-->\n`````\n\n" +
		"<p><small><code>workflow/x</code>: see <code>#12</code> <code>|</code> <code>[x](https://evil.test</code>)</small></p>\n"
	if diff := cmp.Diff(want, got.About+got.Markdown); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for text, body := range map[string]string{"": "```suggestion\n```\n", "\n": "```suggestion\n\n```\n"} {
		f.Fix.Edits = []finding.Edit{edit(1, 1, 2, 1, text)}
		if got, _ := Suggest(&finding.Report{}, f, []byte("x\n")); !strings.Contains(got.Markdown, body) {
			t.Errorf("%q: %s", text, got.Markdown)
		}
	}
}
