package triage

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

var unusedRule = &finding.Rule{ID: finding.UnusedIgnore, Severity: finding.Low, Confidence: finding.ConfidenceHigh}

func on(path string, line int, rule string) *finding.Finding {
	at := source.Span{Start: source.Point{Line: line, Column: 3}, End: source.Point{Line: line, Column: 9}, Exact: true}
	return &finding.Finding{
		RuleID: rule, Severity: finding.High, Location: source.Location{Path: path, Span: at},
		Fingerprint: finding.Fingerprint(rule, path, "", strings.Repeat("x", line)),
	}
}

func input(text string, findings ...*finding.Finding) Input {
	known := []string{"image/unpinned", "image/mutable-tag", "workflow/unpinned-action", finding.ParseError}
	exists := func(pattern string) bool {
		return slices.ContainsFunc(known, func(id string) bool { return Matches(pattern, id) })
	}
	return Input{
		Findings: findings, Texts: []*source.File{{Path: "f.yaml", Data: []byte(text)}},
		Known: exists, Judged: exists, Missed: func(string) bool { return false }, Unused: unusedRule, Today: "2026-11-23",
	}
}

// show is a line for each finding: rule:line, who suppressed it, and what an unused ignore complains about.
func show(findings []*finding.Finding) []string {
	var out []string
	for _, f := range findings {
		s := f.RuleID
		if f.Suppressed != nil {
			s += " " + string(f.Suppressed.By) + ": " + f.Suppressed.Reason
		} else if f.RuleID == finding.UnusedIgnore {
			s += " " + f.Message
		}
		out = append(out, s)
	}
	return out
}

func TestInlineIgnores(t *testing.T) {
	const rule = "image/unpinned"
	cases := map[string]struct {
		text string
		line int // of the finding
		want []string
	}{
		"same line":       {"image: x # plimsoll: ignore[image/unpinned] built here\n", 1, []string{rule + " inline: built here"}},
		"line above":      {"# plimsoll: ignore[image/unpinned] built here\nimage: x\n", 2, []string{rule + " inline: built here"}},
		"over a comment":  {"# plimsoll: ignore[image/unpinned] built here\n# more\nimage: x\n", 3, []string{rule + " inline: built here"}},
		"category":        {"image: x # plimsoll: ignore[image/*] built here\n", 1, []string{rule + " inline: built here"}},
		"one of several":  {"image: x # plimsoll: ignore[image/unpinned, image/mutable-tag] built here\n", 1, []string{rule + " inline: built here", "unused-ignore the ignore of image/mutable-tag suppresses nothing; remove it"}},
		"template":        {"{{- /* plimsoll: ignore[image/unpinned] built here */ -}}\nimage: x\n", 2, []string{rule + " inline: built here"}},
		"slashes":         {"// plimsoll: ignore[image/unpinned] built here\nimage = x\n", 2, []string{rule + " inline: built here"}},
		"carriage return": {"image: x # plimsoll: ignore[image/unpinned] built here\r\n", 1, []string{rule + " inline: built here"}},
		"apostrophe":      {"run: don't # plimsoll: ignore[image/unpinned] built here\n", 1, []string{rule + " inline: built here"}},
		"no reason":       {"image: x # plimsoll: ignore[image/unpinned]\n", 1, []string{rule, "unused-ignore an ignore needs a reason after its rules, and suppresses nothing without one"}},
		"no brackets":     {"image: x # plimsoll: ignore image/unpinned reason\n", 1, []string{rule, "unused-ignore an ignore names its rules: plimsoll: ignore[category/rule] reason"}},
		"blank between":   {"# plimsoll: ignore[image/unpinned] reason\n\nimage: x\n", 3, []string{rule, "unused-ignore the ignore of image/unpinned suppresses nothing; remove it"}},
		"no rules":        {"image: x # plimsoll: ignore[] reason\n", 1, []string{rule, "unused-ignore an ignore names its rules: plimsoll: ignore[category/rule] reason"}},
		"unknown rule":    {"image: x # plimsoll: ignore[image/unpined] reason\n", 1, []string{rule, `unused-ignore there is no rule "image/unpined", so this ignore suppresses nothing`}},
		"other line":      {"image: x\na: b # plimsoll: ignore[image/unpinned] reason\n", 1, []string{rule, "unused-ignore the ignore of image/unpinned suppresses nothing; remove it"}},
		"in a string":     {`image: "x # plimsoll: ignore[image/unpinned] reason"` + "\n", 1, []string{rule}},
		"in a word":       {"image: x#plimsoll: ignore[image/unpinned] reason\n", 1, []string{rule}},
		"everything":      {"image: x # plimsoll: ignore[*] reason\n", 1, []string{rule, `unused-ignore there is no rule "*", so this ignore suppresses nothing`}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := show(Apply(input(c.text, on("f.yaml", c.line, rule))))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAFileThatCannotBeReadHasNoSayInIt(t *testing.T) {
	got := show(Apply(input("a: [ # plimsoll: ignore[parse-error] trust me\n", on("f.yaml", 1, finding.ParseError))))
	want := []string{"parse-error", "unused-ignore the ignore of parse-error suppresses nothing; remove it"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConfiguredIgnores(t *testing.T) {
	in := input("", on("deploy/a.yaml", 1, "image/unpinned"), on("charts/b.yaml", 1, "image/unpinned"), on("charts/b.yaml", 2, "image/mutable-tag"))
	in.Ignores = []Ignore{
		{Rule: "image/unpinned", Paths: []string{"deploy/**"}, Reason: "accepted", Expires: "2026-11-23"},
		{Rule: "image/mutable-tag", Reason: "was accepted", Expires: "2026-11-22"},
		{Rule: "workflow/unpinned-action", Reason: "never needed"},
	}
	in.Severities = map[string]finding.Severity{"image/mutable-tag": finding.Low}
	got := Apply(in)
	want := []string{
		"image/unpinned config: accepted", "image/unpinned", "image/mutable-tag",
		"unused-ignore the ignore of image/mutable-tag expired on 2026-11-22; mend what it hid, or renew it with its reason",
		"unused-ignore the ignore of workflow/unpinned-action suppresses nothing; remove it",
	}
	if diff := cmp.Diff(want, show(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got[2].Severity != finding.Low {
		t.Errorf("severity %s, want the configured one", got[2].Severity)
	}
}

func TestIgnoresBySubject(t *testing.T) {
	subjects := []string{"docker.io/library/nginx", "docker.io/library/nginx-unprivileged", "evildocker.io/library/nginx", "docker.io/library/a/b", ""}
	var findings []*finding.Finding
	for i, subject := range subjects {
		f := on("f.yaml", i+1, "image/unpinned")
		f.Subject = subject
		findings = append(findings, f)
	}
	in := input("", findings...)
	in.Ignores = []Ignore{
		{Rule: "image/*", Subjects: []string{"docker.io/library/nginx", "docker.io/library/a/**"}, Reason: "mirrored"},
		{Rule: "image/*", Subjects: []string{"docker.io/*"}, Reason: "one segment is not two"},
	}
	want := []string{
		"image/unpinned config: mirrored", "image/unpinned", "image/unpinned", "image/unpinned config: mirrored", "image/unpinned",
		"unused-ignore the ignore of image/* suppresses nothing; remove it",
	}
	if diff := cmp.Diff(want, show(Apply(in))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBaselineRoundTrip(t *testing.T) {
	old := on("f.yaml", 1, "image/unpinned")
	var file bytes.Buffer
	if err := WriteBaseline(&file, []*finding.Finding{old}); err != nil {
		t.Fatal(err)
	}
	baseline, err := ReadBaseline(&file)
	if err != nil {
		t.Fatal(err)
	}
	in := input("", old, on("f.yaml", 2, "image/unpinned"))
	in.Baseline = baseline
	want := []string{"image/unpinned baseline: known before, in the baseline", "image/unpinned"}
	if baseline.Stale() != 1 {
		t.Errorf("%d stale entries before the run, want 1", baseline.Stale())
	}
	if diff := cmp.Diff(want, show(Apply(in))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if baseline.Stale() != 0 {
		t.Errorf("%d stale entries, want none", baseline.Stale())
	}
	for text, why := range map[string]string{"{": "not a baseline", `{"version": 7}`: "version 7 is unknown"} {
		if _, err := ReadBaseline(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: error %v, want %q", text, err, why)
		}
	}
}

func TestScope(t *testing.T) {
	near := on("f.yaml", 7, "image/unpinned")
	near.Related = []source.Note{{Location: on("values.yaml", 3, "").Location}}
	vague := on("chart.yaml", 1, "image/unpinned")
	vague.Location.Span.Exact = false
	broken := on("web/Chart.yaml", 1, finding.RenderError)
	broken.Location.Span.Exact, broken.Origin = false, &finding.Origin{Renderer: "helm", Root: "web"}
	in := input("", on("f.yaml", 2, "image/unpinned"), on("f.yaml", 9, "image/unpinned"), near, vague, broken)
	in.Scope = &Scope{Since: "main", Changed: func(path string, first, last int) bool {
		changed := map[string]int{"f.yaml": 2, "values.yaml": 3, "chart.yaml": 40}[path]
		return first <= changed && changed <= last
	}, ChangedUnder: func(dir string) bool { return dir == "web" }}
	want := []string{"image/unpinned", "image/unpinned scope: not caused by what changed since main", "image/unpinned", "image/unpinned", "render-error"}
	if diff := cmp.Diff(want, show(Apply(in))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
