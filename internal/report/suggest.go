package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Suggestion is a finding's fix as a review on GitHub takes it: lines in place of others, that one click commits.
type Suggestion struct {
	Path        string
	First, Last int    // the lines that it replaces, 1-based, both included
	About       string // the finding, a paragraph of Markdown
	Markdown    string // the suggestion itself, and where it comes from
	Text        string // the new lines, without the last line's end; "" removes the old ones
}

// maxSuggestion bounds the new lines, in bytes, and maxSuggestedLines the old ones.
const (
	maxSuggestion     = 16 << 10
	maxSuggestedLines = 100
)

// Suggest makes a suggestion of a finding's fix; text is that of the file that it mends. There is none of a fix that
// mends several files, of one that would change nothing there, and of one that a reader could not see for what it is.
func Suggest(r *finding.Report, f *finding.Finding, text []byte) (Suggestion, bool) {
	if f.Fix == nil || len(f.Fix.Edits) == 0 || len(text) > maxSource {
		return Suggestion{}, false
	}
	s, ok := apply(f.Fix.Edits, source.NewText(text))
	if !ok || !readable(s.Text) || len(s.Text) > maxSuggestion || s.Last-s.First >= maxSuggestedLines {
		return Suggestion{}, false
	}
	about := &summary{report: r}
	body := strings.TrimSuffix(s.Text, "\n")
	if body != "" || s.Text != "" {
		body += "\n"
	}
	fence := fenceFor(s.Text)
	s.About = fmt.Sprintf("<p>%s&nbsp;%s</p>\n", severityMark(f.Severity), htmlProse(clip(f.Message, maxSummaryText)))
	s.Markdown = fmt.Sprintf("\n%ssuggestion\n%s%s\n\n<p><small>%s: %s</small></p>\n", fence, body, fence,
		about.rule(f.RuleID), htmlProse(clip(f.Fix.Description, maxSummaryText)))
	return s, true
}

// apply makes the edits, all of one file, and says which whole lines they change.
func apply(edits []finding.Edit, text *source.Text) (Suggestion, bool) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, finding.ByPlace)
	path, first, last := edits[0].Location.Path, edits[0].Location.Span.Start.Line, 0
	for _, edit := range edits {
		if edit.Location.Path != path || !edit.Location.Span.Exact {
			return Suggestion{}, false
		}
		last = max(last, edit.Location.Span.End.Line)
	}
	if first < 1 || last > text.Lines() {
		return Suggestion{}, false
	}
	if last > 1 && text.Offset(last, 1) == len(text.Data) { // no line, but the place after the last one's end
		last--
		first = min(first, last)
	}
	at, end := text.Offset(first, 1), text.Offset(last+1, 1)
	var b strings.Builder
	old := string(text.Data[at:end])
	for _, edit := range edits {
		span := edit.Location.Span
		from, to := text.Offset(span.Start.Line, span.Start.Column), text.Offset(span.End.Line, span.End.Column)
		if from < at || to < from {
			return Suggestion{}, false // they overlap
		}
		b.Write(text.Data[at:from])
		b.WriteString(edit.NewText)
		at = to
	}
	b.Write(text.Data[at:end])
	return shrunk(Suggestion{Path: path, First: first, Last: last}, old, b.String())
}

// shrunk leaves out the lines at either end that stay as they are, but for one: a suggestion replaces at least a line.
func shrunk(s Suggestion, before, after string) (Suggestion, bool) {
	old, fresh := lineList(before), lineList(after)
	for len(old) > 1 && len(fresh) > 0 && old[len(old)-1] == fresh[len(fresh)-1] {
		old, fresh = old[:len(old)-1], fresh[:len(fresh)-1]
		s.Last--
	}
	for len(old) > 1 && len(fresh) > 0 && old[0] == fresh[0] {
		old, fresh = old[1:], fresh[1:]
		s.First++
	}
	if slices.Equal(old, fresh) || len(old) == 0 {
		return s, false
	}
	s.Text = strings.Join(fresh, "\n")
	if len(fresh) == 1 && fresh[0] == "" {
		s.Text = "\n" // an empty line, which is not no line
	}
	return s, true
}

// lineList splits a text into its lines, without their ends.
func lineList(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// readable reports whether a reader sees all that the text holds. A carriage return is none of it: GitHub writes the line
// ends of a suggestion itself.
func readable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return r != '\n' && r != '\t' && !finding.Shows(r)
	})
}

// fenceFor is longer than any run of backticks in the text, so that nothing in it can end the block.
func fenceFor(text string) string {
	longest, run := 2, 0
	for _, r := range text {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return strings.Repeat("`", longest+1)
}
