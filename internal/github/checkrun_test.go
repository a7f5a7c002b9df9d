package github_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

const sha = "0123456789abcdef0123456789abcdef01234567"

// simulate runs a test with its own clock against an API without a network: waits cost nothing and can be measured.
func simulate(t *testing.T, test func(t *testing.T, api *fakeapi.Server)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, fakeapi.New(t)) })
}

func client(t *testing.T, api *fakeapi.Server) *github.Client {
	t.Helper()
	c, err := github.New(github.Options{
		Token: "s3cret-token", APIURL: "https://api.test" + api.BasePath, Repository: "acme/shop", Transport: api,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var opening = github.Start{Name: "plimsoll", HeadSHA: sha, ExternalID: "7/1/lint", DetailsURL: "https://ci.test/7"}

func open(t *testing.T, api *fakeapi.Server) *github.CheckRun {
	t.Helper()
	run, err := client(t, api).Start(t.Context(), opening)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// report has n findings of descending line and mixed severity, and the verdict that follows.
func report(n int) *finding.Report {
	r := &finding.Report{Rules: []*finding.Rule{{
		ID: "image/unpinned", Title: "Image has no digest", Remediation: "Add the digest.", HelpURL: "https://rules.test/1",
	}}}
	severities := finding.Severities()
	for i := range n {
		r.Findings = append(r.Findings, at(severities[i%len(severities)], i+1, fmt.Sprintf("image %d has no digest", i)))
	}
	r.Judge(finding.Medium)
	return r
}

func at(severity finding.Severity, line int, message string) *finding.Finding {
	return &finding.Finding{
		RuleID: "image/unpinned", Severity: severity, Message: message,
		Location: source.Location{Path: "deploy/app.yaml", Span: source.Span{
			Start: source.Point{Line: line, Column: 5}, End: source.Point{Line: line, Column: 11}, Exact: true,
		}},
	}
}

var output = github.Output{Title: "3 findings", Summary: "A summary.\n", Text: "A text.\n"}

func only(t *testing.T, api *fakeapi.Server) fakeapi.CheckRun {
	t.Helper()
	runs := api.CheckRuns()
	if len(runs) != 1 {
		t.Fatalf("got %d check runs, want 1", len(runs))
	}
	return runs[0]
}

func TestCheckRunIsOpenBeforeTheScanAndClosedWithTheVerdict(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		run := open(t, api)
		before := only(t, api)
		if before.Status != "in_progress" || before.HeadSHA != sha || before.DetailsURL != "https://ci.test/7" {
			t.Errorf("before the scan: %+v", before)
		}
		if run.URL() != "https://github.com/acme/shop/runs/1" {
			t.Errorf("URL() = %q", run.URL())
		}
		r := report(2)
		r.Findings[1].Suppressed = &finding.Suppression{By: finding.ByBaseline}
		if err := run.Complete(t.Context(), r, output); err != nil {
			t.Fatal(err)
		}
		col, end := 5, 10
		want := fakeapi.CheckRun{
			ID: 1, Name: "plimsoll", HeadSHA: sha, ExternalID: "7/1/lint", DetailsURL: "https://ci.test/7",
			Status: "completed", Conclusion: "failure", Title: "3 findings", Summary: "A summary.\n", Text: "A text.\n",
			StartedAt: "2000-01-01T00:00:00Z", CompletedAt: "2000-01-01T00:00:00Z",
			Annotations: []fakeapi.Annotation{{
				Path: "deploy/app.yaml", StartLine: 1, EndLine: 1, StartColumn: &col, EndColumn: &end, Level: "failure",
				Title:      "image/unpinned: Image has no digest",
				Message:    "image 0 has no digest",
				RawDetails: "Add the digest.\nMore: https://rules.test/1",
			}},
		}
		if diff := cmp.Diff(want, only(t, api)); diff != "" {
			t.Errorf("the check run (-want +got):\n%s", diff)
		}
		if err := run.Fail(t.Context(), "too late"); err != nil || only(t, api).Summary != "A summary.\n" {
			t.Errorf("Fail after Complete changed the check run, or failed: %v", err)
		}
	})
}

func TestAnnotationsComeInBatchesMostSevereFirst(t *testing.T) {
	for _, test := range []struct {
		findings, shown, updates int
		conclusion, notice       string
	}{
		{0, 0, 1, "success", ""},
		{1, 1, 2, "failure", ""},
		{50, 50, 2, "failure", ""},
		{51, 51, 3, "failure", ""},
		{10_000, 500, 11, "failure", "Of 10000 findings 500 are shown as annotations"},
		{501, 500, 11, "failure", "Of 501 findings 500 are shown as annotations"},
	} {
		t.Run(fmt.Sprint(test.findings), func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				if err := open(t, api).Complete(t.Context(), report(test.findings), output); err != nil {
					t.Fatal(err)
				}
				run := only(t, api)
				if len(run.Annotations) != test.shown || run.Conclusion != test.conclusion {
					t.Errorf("%d annotations, conclusion %q", len(run.Annotations), run.Conclusion)
				}
				if got := len(api.Requests("checks/update")); got != test.updates {
					t.Errorf("%d updates, want %d", got, test.updates)
				}
				if strings.Contains(run.Summary, "annotations") != (test.notice != "") || !strings.Contains(run.Summary, test.notice) {
					t.Errorf("summary %q, want notice %q", run.Summary, test.notice)
				}
				rank := map[string]int{"failure": 1, "warning": 2, "notice": 3}
				for i := 1; i < len(run.Annotations); i++ {
					if rank[run.Annotations[i].Level] < rank[run.Annotations[i-1].Level] {
						t.Fatalf("annotation %d is more severe than the one before it", i)
					}
				}
			})
		})
	}
}

func TestPlaces(t *testing.T) {
	span := func(startLine, startColumn, endLine, endColumn int, exact bool) source.Span {
		return source.Span{
			Start: source.Point{Line: startLine, Column: startColumn},
			End:   source.Point{Line: endLine, Column: endColumn}, Exact: exact,
		}
	}
	for name, test := range map[string]struct {
		path string
		span source.Span
		want string // "line-line column-column", "" for no annotation
	}{
		"in one line":                      {"a.yaml", span(3, 5, 3, 11, true), "3-3 5-10"},
		"empty":                            {"a.yaml", span(3, 5, 3, 5, true), "3-3 5-5"},
		"over lines, which has no columns": {"a.yaml", span(3, 5, 6, 2, true), "3-6"},
		"up to the start of a line":        {"a.yaml", span(3, 1, 4, 1, true), "3-3 1-1"},
		"not exact":                        {"a.yaml", span(3, 1, 3, 1, false), "3-3"},
		"no line at all":                   {"a.yaml", span(0, 0, 0, 0, false), "1-1"},
		"end before start":                 {"a.yaml", span(9, 4, 2, 1, true), "9-9 4-4"},
		"a name with spaces and more":      {"a b/ü%,:.yaml", span(1, 1, 1, 2, true), "1-1 1-1"},
		"outside of the repository":        {"../a.yaml", span(1, 1, 1, 2, true), ""},
		"no file":                          {"", span(1, 1, 1, 2, true), ""},
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				f := at(finding.High, 1, "m")
				f.Location = source.Location{Path: test.path, Span: test.span}
				r := &finding.Report{Verdict: finding.Fail, Findings: []*finding.Finding{f}}
				if err := open(t, api).Complete(t.Context(), r, output); err != nil {
					t.Fatal(err)
				}
				got := ""
				for _, a := range only(t, api).Annotations {
					got = fmt.Sprintf("%d-%d", a.StartLine, a.EndLine)
					if a.StartColumn != nil {
						got += fmt.Sprintf(" %d-%d", *a.StartColumn, *a.EndColumn)
					}
				}
				if got != test.want {
					t.Errorf("annotated %q, want %q", got, test.want)
				}
			})
		})
	}
}

func TestTextsAreBoundedAndSafe(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		r := report(3)
		r.Rules[0].Title = strings.Repeat("ü", 300)
		r.Findings[0].Message = strings.Repeat("x", 65535) + "🚢 and more"
		r.Findings[1].Message = "a\x00b\x1b[31m\r\nc\u202ed\xffe"
		out := github.Output{Title: strings.Repeat("t", 300) + "\n", Summary: strings.Repeat("| one finding |\n", 10_000)}
		if err := open(t, api).Complete(t.Context(), r, out); err != nil {
			t.Fatal(err)
		}
		run := only(t, api)
		first := run.Annotations[0]
		if len(first.Message) > 65536 || !utf8.ValidString(first.Message) || !strings.HasSuffix(first.Message, "x…") {
			t.Errorf("message of %d bytes ends in %q", len(first.Message), first.Message[len(first.Message)-8:])
		}
		if len(first.Title) > 255 || !strings.HasSuffix(first.Title, "ü…") {
			t.Errorf("title of %d bytes: %q", len(first.Title), first.Title)
		}
		if want := `a\u0000b\u001b[31m` + "\nc" + `\u202ed` + "\ufffde"; run.Annotations[1].Message != want {
			t.Errorf("message %q, want %q", run.Annotations[1].Message, want)
		}
		kept := strings.Count(run.Summary, "| one finding |\n")
		missing := fmt.Sprintf("%d more lines do not fit here.", 10_000-kept)
		if len(run.Summary) > 65535 || kept < 4000 || !strings.HasSuffix(run.Summary, missing) {
			t.Errorf("summary of %d bytes with %d lines ends in %q", len(run.Summary), kept, run.Summary[len(run.Summary)-60:])
		}
	})
}

func TestRenderedFindingSaysWhereItComesFrom(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		f := at(finding.Low, 4, "m")
		f.Location.Span.Exact = false
		f.Origin = &finding.Origin{
			Renderer: "helm", Root: "charts/app", Variants: []string{"ci/a", "default"},
			Object: "Deployment/app", Field: "spec.replicas", Value: "3",
		}
		template, values := at(finding.Low, 7, "").Location, source.FileStart("charts/app/values.yaml")
		template.Path = "charts/app/templates/web.yaml"
		f.Related = []source.Note{{Message: "written here", Location: template}, {Message: "set here", Location: values}}
		for i := range 30 {
			include := at(finding.Low, 10+i, "").Location
			include.Span.Exact = false
			f.Related = append(f.Related, source.Note{Message: "included here", Location: include})
		}
		r := &finding.Report{Verdict: finding.Pass, Findings: []*finding.Finding{f}}
		if err := open(t, api).Complete(t.Context(), r, output); err != nil {
			t.Fatal(err)
		}
		want := "The line is the nearest one known.\nObject: Deployment/app spec.replicas\nRenders to: 3\n" +
			"Rendered by helm from charts/app (ci/a, default)\ncharts/app/templates/web.yaml:7: written here\n" +
			"charts/app/values.yaml: set here\nnear deploy/app.yaml:10: included here\n"
		const end = ":27: included here\nand 12 more places"
		got := only(t, api).Annotations[0]
		if !strings.HasPrefix(got.RawDetails, want) || !strings.HasSuffix(got.RawDetails, end) || got.Title != "image/unpinned" || got.Level != "notice" {
			t.Errorf("%+v", got)
		}
	})
}

func TestFailClosesTheCheckRunOfACancelledJob(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		run := open(t, api)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		api.Plan("checks/update", 1, fakeapi.Status(502, "Bad Gateway"))
		if err := run.Fail(ctx, "It was told to stop."); err != nil {
			t.Fatal(err)
		}
		got := only(t, api)
		if got.Status != "completed" || got.Conclusion != "failure" || got.Summary != "It was told to stop." {
			t.Errorf("%+v", got)
		}
	})
}

func TestVerdictIsPostedWhenTheJobIsCancelledWhilePosting(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		run := open(t, api)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		api.Plan("checks/update", 2, fakeapi.Silence)
		err := run.Complete(ctx, report(120), output)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want the context's", err)
		}
		got := only(t, api)
		if got.Conclusion != "failure" || !strings.Contains(got.Summary, "Of 120 findings 50 are shown") {
			t.Errorf("conclusion %q, summary %q", got.Conclusion, got.Summary)
		}
	})
}

func TestOwnOpenCheckRunIsTakenUpAgain(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		open(t, api)
		again := open(t, api)
		if n := len(api.CheckRuns()); n != 1 {
			t.Fatalf("%d check runs, want 1", n)
		}
		if err := again.Complete(t.Context(), report(0), output); err != nil {
			t.Fatal(err)
		}
		open(t, api) // a completed one is history
		other := opening
		other.ExternalID = "7/2/lint"
		if _, err := client(t, api).Start(t.Context(), other); err != nil {
			t.Fatal(err)
		}
		if n := len(api.CheckRuns()); n != 3 {
			t.Errorf("%d check runs, want 3", n)
		}
	})
}

func TestEnterpriseServerHasItsPath(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		api.BasePath = "/api/v3"
		open(t, api)
		if got := api.Requests("checks/create"); len(got) != 1 || got[0].Status != http.StatusCreated {
			t.Errorf("%+v", got)
		}
	})
}
