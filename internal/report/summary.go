package report

import (
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

const (
	defaultBudget  = 900 << 10
	maxSummaryText = 1000 // bytes of one message or reason
)

// newSummary makes the job summary, or that of a check run, in GitHub's Markdown. All that holds text of the repository
// is HTML, in which GitHub reads no Markdown; see htmlCode and htmlProse.
func newSummary(o Options) Reporter {
	return Func(func(w io.Writer, r *finding.Report) error {
		s := &summary{report: r, links: o.Links}
		budget := o.Budget
		if budget <= 0 {
			budget = defaultBudget
		}
		head := s.head() + s.added(budget/8)
		tail := s.help(budget/8) + s.misses(budget/8) + s.hidden(budget/8) + s.foot()
		_, err := io.WriteString(w, head+s.table(budget-len(head)-len(tail))+tail)
		return err
	})
}

type summary struct {
	report *finding.Report
	links  Links
}

func (s *summary) head() string {
	mark, word := "✅", "passed"
	if s.report.Verdict != finding.Pass {
		mark, word = "❌", "failed"
	}
	return fmt.Sprintf("## %s Plimsoll %s: %s\n\n", mark, word, verdictWords(s.report))
}

// added lists what ignores hide that the change itself brings. It is not folded.
func (s *summary) added(budget int) string {
	added := finding.Ranked(s.report.Added())
	if len(added) == 0 {
		return ""
	}
	open := "<p>⚠️ <b>" + htmlProse(addedWords(s.report)) + "</b></p>\n<ul>\n"
	return open + rows(len(added), budget-len(open), "ignore", "</ul>\n\n", func(i int) string {
		f := added[i]
		by := "the baseline"
		if at := f.Suppressed.Location; at != nil {
			by = s.place(*at)
		}
		return fmt.Sprintf("<li>%s hides %s %s at %s: %s</li>\n", by, f.Severity, s.rule(f.RuleID), s.place(f.Location),
			htmlProse(clip(f.Suppressed.Reason, maxSummaryText)))
	})
}

// table lists the findings that count, the most severe first.
func (s *summary) table(budget int) string {
	active := finding.Ranked(s.report.Active())
	if len(active) == 0 {
		return ""
	}
	const open = "<table>\n<tr><th>Severity</th><th>Finding</th><th>Where</th></tr>\n"
	return open + rows(len(active), budget-len(open), "finding", "</table>\n\n", func(i int) string {
		f := active[i]
		var what strings.Builder
		what.WriteString(htmlProse(clip(f.Message, maxSummaryText)))
		for _, words := range []string{valueWords(f.Origin), originWords(f.Origin)} {
			if words != "" {
				what.WriteString("<br><small>" + htmlProse(clip(words, maxSummaryText)) + "</small>")
			}
		}
		for _, n := range f.Related[:min(5, len(f.Related))] {
			what.WriteString("<br><small>see " + s.place(n.Location) + ": " + htmlProse(clip(n.Message, maxSummaryText)) + "</small>")
		}
		what.WriteString(fixHTML(f))
		return fmt.Sprintf("<tr><td>%s&nbsp;%s%s</td><td>%s<br>%s</td><td>%s</td></tr>\n", severityMark(f.Severity), f.Severity,
			confidenceWords(f.Confidence), what.String(), s.rule(f.RuleID), s.place(f.Location))
	})
}

// rows joins as many of n rows as the budget holds, says how many were left out, and ends with end.
func rows(n, budget int, noun, end string, row func(i int) string) string {
	const note = 200 // bytes kept for what is said of the rest
	var b strings.Builder
	for i := range n {
		next := row(i)
		if b.Len()+len(next)+len(end)+note > budget {
			return b.String() + end + fmt.Sprintf("<p>%s left out here to keep the summary short: the other reports have all of them.</p>\n\n",
				plural(n-i, "more "+noun))
		}
		b.WriteString(next)
	}
	return b.String() + end
}

func severityMark(s finding.Severity) string {
	switch s {
	case finding.High:
		return "🔴"
	case finding.Medium:
		return "🟠"
	case finding.Low:
		return "🟡"
	default:
		return "🔵"
	}
}

func confidenceWords(c finding.Confidence) string {
	if c == finding.ConfidenceHigh || c == "" {
		return ""
	}
	return "<br><small>" + html.EscapeString(Visible(string(c))) + " confidence</small>"
}

// rule is the rule's ID, linked to its page.
func (s *summary) rule(id string) string {
	text := htmlCode(id)
	if rule := s.report.Rule(id); rule != nil {
		return htmlLink(rule.HelpURL, text)
	}
	return text
}

// place is a location, linked to its lines in the linted commit, or to the page of the settings where it is one of them.
func (s *summary) place(l source.Location) string {
	start, end := max(1, l.Span.Start.Line), l.Span.End.Line
	text := htmlCode(fmt.Sprintf("%s:%d", l.Path, start))
	switch {
	case wholeFile(l):
		text = htmlCode(l.Path)
	case !l.Span.Exact:
		text = "near " + text
	}
	if s.links.ServerURL == "" || s.links.Repository == "" || s.links.SHA == "" {
		return text
	}
	repository := strings.TrimSuffix(s.links.ServerURL, "/") + "/" + escapePath(s.links.Repository)
	if strings.HasPrefix(l.Path, source.SettingsPath) {
		return htmlLink(repository+"/settings", htmlCode(l.Path))
	}
	address := fmt.Sprintf("%s/blob/%s/%s#L%d", repository, escapePath(s.links.SHA), escapePath(l.Path), start)
	if end > start {
		address += fmt.Sprintf("-L%d", end)
	}
	return htmlLink(address, text)
}

// details is a part that is folded until it is asked for.
func details(title, body string) string {
	return "<details><summary>" + title + "</summary>\n" + body
}

const (
	endList    = "</ul></details>\n\n"
	beginsList = "<ul>\n"
)

// help says, for each rule that found something, what to do.
func (s *summary) help(budget int) string {
	found := map[string]bool{}
	for _, f := range s.report.Active() {
		found[f.RuleID] = true
	}
	var rules []*finding.Rule
	for _, rule := range s.report.Rules {
		if found[rule.ID] && rule.Remediation != "" {
			rules = append(rules, rule)
		}
	}
	if len(rules) == 0 {
		return ""
	}
	return details("What to do", beginsList+rows(len(rules), budget, "rule", endList, func(i int) string {
		return fmt.Sprintf("<li>%s: %s</li>\n", s.rule(rules[i].ID), htmlProse(clip(rules[i].Remediation, maxSummaryText)))
	}))
}

func (s *summary) misses(budget int) string {
	misses := s.report.NotEvaluated
	if len(misses) == 0 {
		return ""
	}
	title := fmt.Sprintf("Not evaluated: %d", len(misses))
	return details(title, beginsList+rows(len(misses), budget, "item", endList, func(i int) string {
		m := misses[i]
		return fmt.Sprintf("<li>%s (%s): %s</li>\n", htmlCode(m.Path), htmlProse(m.What), htmlProse(clip(m.Why, maxSummaryText)))
	}))
}

func (s *summary) hidden(budget int) string {
	var hidden []*finding.Finding
	for _, f := range s.report.Findings {
		if !f.Active() {
			hidden = append(hidden, f)
		}
	}
	if len(hidden) == 0 {
		return ""
	}
	const open = "<table>\n<tr><th>Severity</th><th>Finding</th><th>Where</th></tr>\n"
	ranked := finding.Ranked(hidden)
	return details("Hidden: "+hiddenWords(s.report), open+rows(len(ranked), budget, "finding", "</table></details>\n\n", func(i int) string {
		f := ranked[i]
		why := "hidden " + hiddenBy(f.Suppressed.By)
		if f.Suppressed.Reason != "" {
			why += ": " + clip(f.Suppressed.Reason, maxSummaryText)
		}
		return fmt.Sprintf("<tr><td>%s&nbsp;%s</td><td>%s<br><small>%s</small><br>%s</td><td>%s</td></tr>\n", severityMark(f.Severity), f.Severity,
			htmlProse(clip(f.Message, maxSummaryText)), htmlProse(why), s.rule(f.RuleID), s.place(f.Location))
	}))
}

func (s *summary) foot() string {
	var b strings.Builder
	for _, n := range notices(s.report) {
		b.WriteString("<p>Note: " + htmlProse(clip(n, maxSummaryText)) + "</p>\n")
	}
	b.WriteString("<p>" + htmlProse(lookedWords(s.report)) + "</p>\n")
	return b.String()
}
