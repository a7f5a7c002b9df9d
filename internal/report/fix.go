package report

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

// maxFixLines is how many lines of what a fix writes are shown; the JSON report has all of them.
const maxFixLines = 24

// fixBlocks are what a finding's fix writes, each line safe to show, and of the first maxFixLines.
func fixBlocks(f *finding.Finding) (shown []finding.Block, more int) {
	left := maxFixLines
	for _, block := range f.Blocks() {
		n := min(left, len(block.Lines))
		left, more = left-n, more+len(block.Lines)-n
		if n == 0 {
			continue
		}
		shown = append(shown, finding.Block{Where: clip(Visible(block.Where), maxMessage)})
		for _, line := range block.Lines[:n] {
			last := &shown[len(shown)-1]
			last.Lines = append(last.Lines, clip(Visible(line), maxMessage))
		}
	}
	return shown, more
}

// fix shows a finding's fix in a text report.
func (t *textPrinter) fix(f *finding.Finding, gutter int) {
	if f.Fix == nil {
		return
	}
	t.note(gutter, "fix: "+sentence(f.Fix.Description))
	blocks, more := fixBlocks(f)
	for _, block := range blocks {
		if block.Where != "" {
			t.printf("%*s   %s\n", gutter, "", t.paint(dim, block.Where+":"))
		}
		for _, line := range block.Lines {
			t.printf("%*s   %s %s\n", gutter, "", t.paint(green, "+"), line)
		}
	}
	if more > 0 {
		t.printf("%*s   … and %s\n", gutter, "", plural(more, "more line"))
	}
}

// fixHTML shows a finding's fix in a table of the summary. A line that is empty would end the HTML for GitHub.
func fixHTML(f *finding.Finding) string {
	if f.Fix == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString("<br><small>fix: " + htmlProse(clip(f.Fix.Description, maxSummaryText)) + "</small>")
	blocks, more := fixBlocks(f)
	for _, block := range blocks {
		if block.Where != "" {
			b.WriteString("<br><small>" + htmlProse(block.Where) + ":</small>")
		}
		for _, line := range block.Lines {
			body := strings.TrimLeft(line, " ")
			b.WriteString("<br>" + strings.Repeat("&nbsp;", 2*(len(line)-len(body))) + htmlCode(body))
		}
	}
	if more > 0 {
		b.WriteString("<br><small>… and " + plural(more, "more line") + "</small>")
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
