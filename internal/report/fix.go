package report

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

// maxFixLines is how many lines of what a fix writes are shown; the JSON report has all of them.
const maxFixLines = 24

// fixLines are the first lines that a fix writes, each safe to show.
func fixLines(f *finding.Fix) []string {
	lines := f.Lines()
	more := len(lines) - maxFixLines
	lines = lines[:min(maxFixLines, len(lines))]
	for i, line := range lines {
		lines[i] = clip(Visible(line), maxMessage)
	}
	if more > 0 {
		lines = append(lines, "… and "+plural(more, "more line"))
	}
	return lines
}

// fix shows a finding's fix in a text report.
func (t *textPrinter) fix(f *finding.Finding, gutter int) {
	if f.Fix == nil {
		return
	}
	t.note(gutter, "fix: "+sentence(f.Fix.Description))
	for _, line := range fixLines(f.Fix) {
		t.printf("%*s   %s %s\n", gutter, "", t.paint(green, "+"), line)
	}
}

// fixHTML shows a finding's fix in a table of the summary. A line that is empty would end the HTML for GitHub.
func fixHTML(f *finding.Finding) string {
	if f.Fix == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString("<br><small>fix: " + htmlProse(clip(f.Fix.Description, maxSummaryText)) + "</small>")
	for _, line := range fixLines(f.Fix) {
		body := strings.TrimLeft(line, " ")
		b.WriteString("<br>" + strings.Repeat("&nbsp;", 2*(len(line)-len(body))) + htmlCode(body))
	}
	return b.String()
}

// fixes are a finding's fix as SARIF has it: one of the edits for each file.
func (s *sarifWriter) fixes(f *finding.Finding) []sarifFix {
	if f.Fix == nil {
		return nil
	}
	fix := sarifFix{Description: sarifMessage(f.Fix.Description)}
	index := map[string]int{}
	for _, edit := range f.Fix.Edits {
		at := s.location(edit.Location).PhysicalLocation
		i, known := index[edit.Location.Path]
		if !known {
			i = len(fix.ArtifactChanges)
			index[edit.Location.Path] = i
			fix.ArtifactChanges = append(fix.ArtifactChanges, sarifChange{ArtifactLocation: at.ArtifactLocation})
		}
		fix.ArtifactChanges[i].Replacements = append(fix.ArtifactChanges[i].Replacements, sarifReplacement{
			DeletedRegion: *at.Region, InsertedContent: sarifContent{Text: edit.NewText},
		})
	}
	return []sarifFix{fix}
}
