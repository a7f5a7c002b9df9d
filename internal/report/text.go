package report

import (
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
	maxRelated   = 8    // related places of one finding that are shown
)

func newText(o Options) Reporter {
	return Func(func(w io.Writer, r *finding.Report) error {
		t := &textPrinter{
			page:   newPage(w, o),
			report: r,
			helped: map[string]bool{},
		}
		t.findings()
		t.summary()
		return t.out.Flush()
	})
}

// textPrinter writes a report for people. Nothing of the repository may begin a line: GitHub's runner reads commands
// there.
type textPrinter struct {
	*page
	report *finding.Report
	helped map[string]bool // rules whose remediation has been shown
}

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
	t.printf("%s %s\n\n", t.paint(dim, "-->"), t.paint(bold, Visible(findings[0].Location.Path)))
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
		t.printf("  and %d more of %s in this file (%s%s)\n\n", len(same), t.paint(dim, Visible(same[0].RuleID)),
			CountWords((&finding.Report{Findings: same}).Count()), linesWords(same))
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
		severity += " (" + Visible(string(f.Confidence)) + " confidence)"
	}
	t.printf("  %*s  %s  %s  %s\n", column, where(f), t.paint(severityStyle(f.Severity), severity),
		clip(sentence(f.Message), maxMessage), t.paint(dim, Visible(f.RuleID)))
	t.frame(f.Location, gutter, severityStyle(f.Severity))
	if words := valueWords(f.Origin); words != "" {
		t.note(gutter, words)
	}
	if words := originWords(f.Origin); words != "" {
		t.note(gutter, clip(words, maxMessage))
	}
	for _, n := range f.Related[:min(maxRelated, len(f.Related))] {
		t.note(gutter, "see "+placeFrom(f.Location.Path, n.Location)+": "+clip(sentence(n.Message), maxMessage))
	}
	if more := len(f.Related) - maxRelated; more > 0 {
		t.note(gutter, fmt.Sprintf("and %s; the JSON report has all of them", plural(more, "more place")))
	}
	t.fix(f, gutter)
	if rule := t.report.Rule(f.RuleID); rule != nil && rule.Remediation != "" && !t.helped[rule.ID] {
		t.helped[rule.ID] = true
		t.note(gutter, "help: "+sentence(rule.Remediation))
	}
}

func (t *textPrinter) summary() {
	r := t.report
	if len(r.NotEvaluated) > 0 {
		t.printf("Not evaluated: %d\n", len(r.NotEvaluated))
		for _, m := range r.NotEvaluated[:min(maxMisses, len(r.NotEvaluated))] {
			t.printf("  - %s (%s): %s\n", Visible(m.Path), sentence(m.What), clip(sentence(m.Why), maxMessage))
		}
		if more := len(r.NotEvaluated) - maxMisses; more > 0 {
			t.printf("  - and %d more\n", more)
		}
	}
	t.added()
	if words := hiddenWords(r); words != "" {
		t.printf("Hidden: %s\n", words)
	}
	for _, n := range notices(r) {
		t.printf("Note: %s\n", sentence(n))
	}
	t.printf("%s\n", lookedWords(r))
	t.verdict()
}

// added lists what ignores hide that the change itself brings: a gate that turns green by them is to be seen.
func (t *textPrinter) added() {
	added := finding.Ranked(t.report.Added())
	if len(added) == 0 {
		return
	}
	t.printf("%s\n", t.paint(yellow, addedWords(t.report)))
	for _, f := range added[:min(maxMisses, len(added))] {
		t.printf("  - %s hides %s %s at %s: %s\n", addedBy(f), f.Severity, t.paint(dim, Visible(f.RuleID)), place(f.Location),
			clip(sentence(f.Suppressed.Reason), maxMessage))
	}
	if more := len(added) - maxMisses; more > 0 {
		t.printf("  - and %d more\n", more)
	}
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
