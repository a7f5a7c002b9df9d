package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func TestParseSpec(t *testing.T) {
	tests := []struct {
		spec string
		want Spec
		err  string
	}{
		{"text", Spec{Format: "text"}, ""},
		{"sarif=out.sarif", Spec{"sarif", "out.sarif"}, ""},
		{"json=a=b.json", Spec{"json", "a=b.json"}, ""},
		{"json=-", Spec{Format: "json"}, ""},
		{"sarif=", Spec{}, "names no file"},
		{"xml", Spec{}, `unknown format "xml": use text, json, sarif, github, summary, junit`},
		{"", Spec{}, "unknown format"},
	}
	for _, tt := range tests {
		got, err := ParseSpec(tt.spec)
		if got != tt.want || (err == nil) != (tt.err == "") || (err != nil && !strings.Contains(err.Error(), tt.err)) {
			t.Errorf("ParseSpec(%q) = %+v, %v; want %+v, %q", tt.spec, got, err, tt.want, tt.err)
		}
	}
	if _, err := New("nope", Options{}); err == nil {
		t.Error("New takes an unknown format")
	}
}

// No reporter may let text of the repository begin a line as a command, reach a terminal as a control sequence, or stand
// where GitHub's runner reads its old kind of command.
func TestHostileTextStaysText(t *testing.T) {
	for _, format := range Formats() {
		out := render(t, format, Options{Source: fixtureSource, Links: fixtureLinks}, fixture())
		for n, line := range strings.Split(out, "\n") {
			trimmed := strings.TrimLeft(line, " \t")
			isCommand := strings.HasPrefix(trimmed, "::")
			if isCommand && (format != "github" || !slices.Contains([]string{"::error", "::warning", "::notice"}, strings.Split(trimmed, " ")[0])) {
				t.Errorf("%s:%d begins with a command: %s", format, n+1, line)
			}
			if strings.Contains(line, "##[") && !isCommand {
				t.Errorf("%s:%d holds a command: %s", format, n+1, line)
			}
			for _, bad := range []string{"\x1b", "\x07", "\r"} {
				if strings.Contains(line, bad) {
					t.Errorf("%s:%d holds %q: %s", format, n+1, bad, line)
				}
			}
			if strings.ContainsAny(line, "\u202e\u200b\u2028\u0085\u009b\x7f") {
				t.Errorf("%s:%d holds invisible characters: %q", format, n+1, line)
			}
		}
	}
}

// many is a report of n findings, a fifth of each severity and a fifth suppressed, over files of ten findings each.
func many(n int) (*finding.Report, Source) {
	r := &finding.Report{Tool: finding.Tool{Name: "plimsoll", Version: "0.1.0"}, Rules: fixtureRules(), Stats: finding.Stats{Files: map[string]int{"manifest": n / 10}, Rules: 5}}
	data := []byte(strings.Repeat("          image: registry.example.com/team/service:latest # ⚓\n", 200))
	text := source.NewText(data)
	for i := range n {
		line := 1 + i%10*19
		start := (line-1)*len(text.Data)/200 + 17
		f := &finding.Finding{
			RuleID: r.Rules[i%5].ID, Severity: finding.Severity(1 + i%4), Confidence: finding.ConfidenceHigh,
			Message:  fmt.Sprintf("registry.example.com/team/service-%d:latest names whatever was pushed last", i),
			Location: source.Location{Path: fmt.Sprintf("apps/%05d/deployment.yaml", i/10), Span: text.Span(start, start+37)},
			Origin:   &finding.Origin{Object: "Deployment/shop/web", Field: "spec.template.spec.containers[0].image"},
		}
		f.Fingerprint = finding.Fingerprint(f.RuleID, f.Location.Path, "", f.Message)
		if i%5 == 4 {
			f.Suppressed = &finding.Suppression{By: finding.ByScope}
		}
		r.Findings = append(r.Findings, f)
	}
	finding.Sort(r.Findings)
	r.Judge(finding.Medium)
	return r, func(string) []byte { return data }
}

// What a generated file has twenty thousand times is shown in full ten times and then counted; nothing else is kept back.
func TestTextFolds(t *testing.T) {
	r := fixture()
	model := *r.Findings[0]
	for i := range 20_000 {
		f := model
		f.RuleID, f.Location.Path, f.Severity = "image/unpinned", "generated.yaml", finding.Low
		f.Location.Span.Start.Line = 1 + i
		f.Message = fmt.Sprintf("image %d has no digest", i)
		if i == 15_000 {
			f.Severity = finding.High
		}
		r.Findings = append(r.Findings, &f)
	}
	finding.Sort(r.Findings)
	r.Judge(finding.Medium)
	out := render(t, "text", Options{Source: fixtureSource}, r)
	for _, want := range []string{
		"image 0 has no digest", "image 8 has no digest", "image 15000 has no digest",
		"  and 19990 more of image/unpinned in this file (19990 low; lines 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, …)\n",
		"Failed: 4 high, 4 medium, 20001 low, 1 info",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the text has no %q", want)
		}
	}
	if n := strings.Count(out, "has no digest  image/unpinned"); n != maxFrames+1 { // one more in the Dockerfile
		t.Errorf("%d findings in full", n)
	}
	if n := strings.Count(render(t, "json", Options{}, r), "image/unpinned"); n < 20_000 {
		t.Errorf("the JSON has %d", n)
	}
}

// An empty report is told from a clean one, and from one in which nothing could be read.
func TestNothingLinted(t *testing.T) {
	unread := source.FileStart("large.yaml")
	tests := map[string]struct {
		report     finding.Report
		text, head string
	}{
		"nothing": {finding.Report{}, "Passed: there was nothing to lint\n", "passed: there was nothing to lint\n"},
		"clean": {
			finding.Report{Stats: finding.Stats{Files: map[string]int{"workflow": 1}, Documents: 1}},
			"Passed: no findings\n", "passed: no findings\n",
		},
		"unread": {
			finding.Report{Findings: []*finding.Finding{{RuleID: finding.ParseError, Severity: finding.High, Location: unread}}},
			"Failed: 1 high; at or above the gate (medium)\n", "failed: 1 high; at or above the gate (medium)\n",
		},
	}
	for name, tt := range tests {
		tt.report.Judge(finding.Medium)
		text, summary := render(t, "text", Options{}, &tt.report), render(t, "summary", Options{}, &tt.report)
		if !strings.HasSuffix(text, tt.text) || !strings.Contains(summary, tt.head) {
			t.Errorf("%s:\n%s\n%s", name, text, summary)
		}
		for _, out := range []string{text, summary} {
			if strings.Contains(out, "Nothing to lint") != (name == "nothing") {
				t.Errorf("%s:\n%s", name, out)
			}
		}
	}
}

func TestGitHubCap(t *testing.T) {
	r, src := many(200)
	out := render(t, "github", Options{Source: src}, r)
	for _, level := range []string{"::error ", "::notice "} {
		if n := strings.Count(out, "\n"+level) + strings.Count(out[:len(level)], level); n != 10 {
			t.Errorf("%d of %s, want the 10 that GitHub shows", n, level)
		}
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "plimsoll: 140 more findings not annotated") {
		t.Errorf("the cut is not announced: %s", last)
	}
	if strings.Contains(lines[0], "title=Image has no digest") || !strings.Contains(lines[0], "::error") {
		t.Errorf("the most severe is not first: %s", lines[0])
	}
}

func TestGitHubMessageIsCut(t *testing.T) {
	r := fixture()
	r.Findings = r.Findings[:1]
	r.Findings[0].Message = strings.Repeat("🚢", 2000)
	out := render(t, "github", Options{}, r)
	_, message, _ := strings.Cut(strings.TrimSpace(out)[2:], "::")
	if len(message) > maxAnnotationText || !strings.HasSuffix(message, "🚢…") {
		t.Errorf("message of %d bytes ends with %q", len(message), message[len(message)-10:])
	}
}

func TestSummaryBudget(t *testing.T) {
	r, _ := many(10_000)
	for i := range 3000 {
		r.NotEvaluated = append(r.NotEvaluated, finding.Miss{Path: fmt.Sprintf("charts/%d", i), What: "chart", Why: strings.Repeat("no ", 400)})
	}
	for _, budget := range []int{0, 60_000} {
		out := render(t, "summary", Options{Budget: budget, Links: fixtureLinks}, r)
		limit := budget
		if limit == 0 {
			limit = defaultBudget
		}
		if len(out) > limit || len(out) < limit/2 {
			t.Errorf("budget %d: %d bytes", limit, len(out))
		}
		for _, tag := range []string{"table", "details", "ul", "tr", "td", "li", "a", "code", "p", "sub"} {
			if open, closed := strings.Count(out, "<"+tag+">")+strings.Count(out, "<"+tag+" "), strings.Count(out, "</"+tag+">"); open != closed {
				t.Errorf("budget %d: %d <%s> opened, %d closed", limit, open, tag, closed)
			}
		}
		if !strings.Contains(out, "more findings left out here") || !strings.Contains(out, "more items left out") {
			t.Errorf("budget %d: the cut is not announced", limit)
		}
	}
}

func TestJUnitAgreesWithVerdict(t *testing.T) {
	r := fixture()
	for _, failOn := range []finding.Severity{0, finding.Low, finding.High} {
		r.Judge(failOn)
		failed := strings.Contains(render(t, "junit", Options{}, r), "<failure")
		if failed != (r.Verdict == finding.Fail) {
			t.Errorf("fail-on %q: JUnit fails %v, verdict %s", failOn, failed, r.Verdict)
		}
	}
}

// Reports are the same bytes each time, and without the sources as well as with them a report is written.
func TestReportersAreDeterministic(t *testing.T) {
	for _, format := range Formats() {
		for _, src := range []Source{nil, fixtureSource, func(string) []byte { return []byte("short\n") }} {
			o := Options{Source: src, Category: "x"}
			if a, b := render(t, format, o, fixture()), render(t, format, o, fixture()); a != b || a == "" {
				t.Errorf("%s differs between runs, or is empty", format)
			}
		}
	}
}

func BenchmarkReport10k(b *testing.B) {
	r, src := many(10_000)
	for _, format := range Formats() {
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.SetBytes(int64(len(render(b, format, Options{Source: src, Links: fixtureLinks}, r))))
			}
		})
	}
}

func TestSummaryLinksSettingsToTheirPage(t *testing.T) {
	r := &finding.Report{Findings: []*finding.Finding{{
		RuleID: "settings/x", Severity: finding.High, Message: "m",
		Location: source.Location{Path: source.SettingsPath + "acme/shop", Span: source.Span{Start: source.Point{Line: 7, Column: 1}, Exact: true}},
	}}}
	links := Links{ServerURL: "https://github.com", Repository: "acme/shop", SHA: "0123"}
	got := render(t, "summary", Options{Links: links}, r)
	if !strings.Contains(got, `<a href="https://github.com/acme/shop/settings"><code>settings of acme/shop</code></a>`) {
		t.Error(got)
	}
}
