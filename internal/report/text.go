package report

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

const (
	defaultWidth = 100
	maxFrames    = 10   // findings of one rule in one file that are shown in full
	maxLines     = 10   // lines that are named of those that are not
	maxMisses    = 20   // shown in the text's summary; each is a finding above as well
	maxMessage   = 2000 // bytes of a message that a terminal is given
)

func newText(o Options) Reporter {
	return Func(func(w io.Writer, r *finding.Report) error {
		t := &textPrinter{
			out:    bufio.NewWriter(w),
			report: r,
			texts:  newTexts(o.Source),
			paint:  plain,
			width:  o.Width,
			helped: map[string]bool{},
		}
		if o.Colour {
			t.paint = ansi
		}
		if t.width <= 0 {
			t.width = defaultWidth
		}
		t.findings()
		t.summary()
		return t.out.Flush()
	})
}

// textPrinter writes a report for people. Nothing of the repository may begin a line: GitHub's runner reads commands
// there.
type textPrinter struct {
	out    *bufio.Writer // keeps the first error until Flush
	report *finding.Report
	texts  *texts
	paint  painter
	width  int
	helped map[string]bool // rules whose remediation has been shown
}

func (t *textPrinter) printf(format string, args ...any) { fmt.Fprintf(t.out, format, args...) }

func (t *textPrinter) findings() {
	active := t.report.Active()
	for len(active) > 0 {
		n := 1
		for n < len(active) && active[n].Location.Path == active[0].Location.Path {
			n++
		}
		t.file(active[:n])
		active = active[n:]
	}
}

// file writes the findings of one file under its name, their places in a column of one width.
func (t *textPrinter) file(findings []*finding.Finding) {
	t.printf("%s %s\n\n", t.paint(dim, "-->"), t.paint(bold, visible(findings[0].Location.Path)))
	shown, folded := fold(findings)
	column, gutter := 0, 0
	for _, f := range shown {
		column = max(column, len(where(f)))
		gutter = max(gutter, 2+len(strconv.Itoa(f.Location.Span.Start.Line)))
	}
	for _, f := range shown {
		t.finding(f, column, gutter)
		t.printf("\n")
	}
	for _, same := range folded {
		t.printf("  and %d more of %s in this file (%s%s)\n\n", len(same), t.paint(dim, visible(same[0].RuleID)),
			countWords((&finding.Report{Findings: same}).Count()), linesWords(same))
	}
}

// fold keeps the most severe findings of each rule, in their order, and puts the others together by rule: a generated file
// may have the same fault twenty thousand times.
func fold(findings []*finding.Finding) (shown []*finding.Finding, folded [][]*finding.Finding) {
	rest := map[string][]*finding.Finding{}
	full := map[*finding.Finding]bool{}
	seen := map[string]int{}
	for _, f := range finding.Ranked(findings) {
		seen[f.RuleID]++
		full[f] = seen[f.RuleID] <= maxFrames
	}
	for _, f := range findings {
		if full[f] {
			shown = append(shown, f)
		} else {
			rest[f.RuleID] = append(rest[f.RuleID], f)
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(rest)) {
		folded = append(folded, rest[rule])
	}
	return shown, folded
}

// linesWords names the first lines of findings in one file: "; lines 1, 2, …".
func linesWords(findings []*finding.Finding) string {
	var lines []int
	for _, f := range findings {
		if !wholeFile(f.Location) {
			lines = append(lines, f.Location.Span.Start.Line)
		}
	}
	lines = slices.Compact(lines) // they are sorted
	if len(lines) == 0 {
		return ""
	}
	var named []string
	for _, n := range lines[:min(maxLines, len(lines))] {
		named = append(named, strconv.Itoa(n))
	}
	if len(lines) > maxLines {
		named = append(named, "…")
	}
	return "; lines " + strings.Join(named, ", ")
}

// where is the place of a finding in its file.
func where(f *finding.Finding) string {
	start := f.Location.Span.Start
	switch {
	case wholeFile(f.Location):
		return "file"
	case !f.Location.Span.Exact:
		return fmt.Sprintf("near %d", start.Line)
	default:
		return fmt.Sprintf("%d:%d", start.Line, start.Column)
	}
}

// finding writes one finding: its place takes column columns, the line numbers of its frame gutter.
func (t *textPrinter) finding(f *finding.Finding, column, gutter int) {
	severity := f.Severity.String()
	if f.Confidence != finding.ConfidenceHigh && f.Confidence != "" {
		severity += " (" + visible(string(f.Confidence)) + " confidence)"
	}
	t.printf("  %*s  %s  %s  %s\n", column, where(f), t.paint(severityStyle(f.Severity), severity),
		clip(sentence(f.Message), maxMessage), t.paint(dim, visible(f.RuleID)))
	t.frame(f, gutter)
	for _, n := range f.Related {
		t.note(gutter, "see "+placeFrom(f.Location.Path, n.Location)+": "+clip(sentence(n.Message), maxMessage))
	}
	if words := originWords(f.Origin); words != "" {
		t.note(gutter, clip(words, maxMessage))
	}
	if rule := t.report.Rule(f.RuleID); rule != nil && rule.Remediation != "" && !t.helped[rule.ID] {
		t.helped[rule.ID] = true
		t.note(gutter, "help: "+sentence(rule.Remediation))
	}
}

func (t *textPrinter) note(gutter int, words string) {
	t.printf("%*s %s %s\n", gutter, "", t.paint(dim, "="), words)
}

// frame shows the line that the finding is about, marked: with ^ where the place is exact, with ~ where it is near.
func (t *textPrinter) frame(f *finding.Finding, gutter int) {
	span := f.Location.Span
	line := t.texts.line(f.Location.Path, span.Start.Line)
	if len(strings.TrimSpace(string(line[:min(len(line), 4096)]))) == 0 || wholeFile(f.Location) {
		return
	}
	from, to, mark, more := span.Start.Column-1, span.End.Column-1, "^", ""
	if span.End.Line > span.Start.Line {
		to = len(line)
		if span.End.Line > span.Start.Line+1 || span.End.Column > 1 {
			more = fmt.Sprintf(" to line %d", span.End.Line)
		}
	}
	if !span.Exact {
		mark = "~"
	}
	text, marks := drawLine(line, from, to, t.width, mark)
	bar := t.paint(dim, "|")
	t.printf("%s %s %s\n", t.paint(dim, fmt.Sprintf("%*d", gutter, span.Start.Line)), bar, text)
	blanks := len(marks) - len(strings.TrimLeft(marks, " "))
	t.printf("%*s %s %s%s\n", gutter, "", bar, marks[:blanks], t.paint(severityStyle(f.Severity), marks[blanks:]+more))
}

func (t *textPrinter) summary() {
	r := t.report
	if len(r.NotEvaluated) > 0 {
		t.printf("Not evaluated: %d\n", len(r.NotEvaluated))
		for _, m := range r.NotEvaluated[:min(maxMisses, len(r.NotEvaluated))] {
			t.printf("  - %s (%s): %s\n", visible(m.Path), sentence(m.What), clip(sentence(m.Why), maxMessage))
		}
		if more := len(r.NotEvaluated) - maxMisses; more > 0 {
			t.printf("  - and %d more\n", more)
		}
	}
	if words := hiddenWords(r); words != "" {
		t.printf("Hidden: %s\n", words)
	}
	for _, n := range r.Stats.Notices {
		t.printf("Note: %s\n", sentence(n))
	}
	t.printf("%s\n", lookedWords(r))
	t.verdict()
}

func (t *textPrinter) verdict() {
	style, word := green, "Passed"
	switch {
	case t.report.Verdict != finding.Pass:
		style, word = red, "Failed"
	case NothingLinted(t.report):
		style = yellow
	}
	t.printf("%s: %s\n", t.paint(style, word), verdictWords(t.report))
}

// painter gives a text a style.
type painter func(style, text string) string

// Styles, as parameters of the terminal's "select graphic rendition".
const (
	bold   = "1"
	dim    = "2"
	red    = "1;31"
	green  = "1;32"
	yellow = "1;33"
	blue   = "1;34"
	cyan   = "1;36"
)

func plain(_, text string) string { return text }

func ansi(style, text string) string { return "\x1b[" + style + "m" + text + "\x1b[0m" }

func severityStyle(s finding.Severity) string {
	switch s {
	case finding.High:
		return red
	case finding.Medium:
		return yellow
	case finding.Low:
		return cyan
	default:
		return blue
	}
}
