package cli

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/report"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func TestTrackingIssueTellsOfTheDefaultBranch(t *testing.T) {
	base := origin(t)
	const repository = `{"repository": {"default_branch": "main"}}`
	for name, test := range map[string]struct {
		event, payload, ref string
		issues              int
	}{
		"schedule":           {"schedule", repository, "refs/heads/main", 1},
		"push":               {"push", repository, "refs/heads/main", 1},
		"by hand":            {"workflow_dispatch", repository, "refs/heads/main", 1},
		"by hand, elsewhere": {"workflow_dispatch", repository, "refs/heads/feature", 0},
		"tag":                {"push", repository, "refs/tags/v1", 0},
		"merge queue":        {"merge_group", `{"merge_group": {"head_sha": "` + base.head + `"}}`, "refs/heads/gh-readonly-queue/main/pr-4", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := base.on(t, test.event, test.payload)
			s.env["GITHUB_REF"] = test.ref
			f := &lintFlags{tracking: true, issueLabels: []string{"security"}}
			if code := s.publish(t, f, finding.Fail); code != ExitFindings {
				t.Errorf("exit %d", code)
			}
			issues := s.api.Issues()
			if len(issues) != test.issues || (len(issues) == 0) != strings.Contains(s.stderr.String(), "no tracking issue") {
				t.Fatalf("%d issues, want %d: %s", len(issues), test.issues, s.stderr.String())
			}
			if len(issues) > 0 && (!strings.Contains(issues[0].Body, "three is too much") || issues[0].Labels[0] != "security") {
				t.Errorf("%+v", issues[0])
			}
		})
	}
	t.Run("pull request", func(t *testing.T) {
		s := base.pull(t, "acme/shop")
		s.env["GITHUB_REF"] = "refs/heads/main"
		if s.publish(t, &lintFlags{tracking: true}, finding.Fail); len(s.api.Issues()) > 0 {
			t.Error("a pull request wrote the issue")
		}
	})
}

func TestTrackingIssueWithoutPermissionIsAWarning(t *testing.T) {
	s := origin(t).on(t, "schedule", "{}")
	s.env["GITHUB_REF"] = "refs/heads/main"
	s.api.Permissions["issues"] = "read"
	if code := s.publish(t, &lintFlags{tracking: true}, finding.Pass); code != ExitClean || !strings.Contains(s.stderr.String(), "issues: write") {
		t.Errorf("exit %d: %s", code, s.stderr.String())
	}
}

// readOutputs reads GITHUB_OUTPUT as the runner does: by its lines, with the delimiters that each value announces.
func readOutputs(t *testing.T, path string) map[string]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // only read
	out := map[string]string{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		name, delimiter, multi := strings.Cut(lines.Text(), "<<")
		if equals := strings.IndexByte(lines.Text(), '='); !multi || equals >= 0 && equals < len(name) {
			name, value, _ := strings.Cut(lines.Text(), "=")
			out[name] = value
			continue
		}
		var value []string
		for lines.Scan() && lines.Text() != delimiter {
			value = append(value, lines.Text())
		}
		out[name] = strings.Join(value, "\n")
	}
	return out
}

// TestOutputsCannotBeForged has a path try to end its value and write another output.
func TestOutputsCannotBeForged(t *testing.T) {
	s := origin(t).on(t, "push", "{}")
	s.env["GITHUB_OUTPUT"] = filepath.Join(s.temp, "output")
	const hostile = "a\nverdict=pass\n_GitHubActionsFileCommandDelimeter_\nEOF\nghadelimiter_\nhigh-count=0"
	spec := report.Spec{Format: "json", Path: filepath.Join(s.temp, hostile)}
	s.publish(t, &lintFlags{githubOutput: true, specs: []report.Spec{spec}}, finding.Fail)
	got := readOutputs(t, s.env["GITHUB_OUTPUT"])
	if got["verdict"] != "fail" || got["report-file"] != spec.Path || got["medium-count"] != "1" || len(got) != 7 {
		t.Errorf("%q", got)
	}
}

// TestTenThousandFindingsThroughEveryChannel holds the requests and the memory of a whole run.
func TestTenThousandFindingsThroughEveryChannel(t *testing.T) {
	base := origin(t)
	synctest.Test(t, func(t *testing.T) {
		s := base.pull(t, "acme/shop")
		s.env["GITHUB_OUTPUT"] = filepath.Join(s.temp, "output")
		r := &finding.Report{Stats: finding.Stats{Documents: 1, Files: map[string]int{"manifest": 1}}}
		for i := range 10_000 {
			at := source.Location{Path: "a.yaml", Span: source.Span{
				Start: source.Point{Line: 4, Column: 4}, End: source.Point{Line: 4, Column: 5}, Exact: true,
			}}
			r.Findings = append(r.Findings, &finding.Finding{
				RuleID: "image/unpinned", Severity: finding.Severities()[i%4], Message: strings.Repeat("words ", 100), Location: at,
				Fingerprint: finding.Fingerprint("image/unpinned", at.Path, "", fmt.Sprint(i)),
				Fix:         &finding.Fix{Description: "mend", Edits: []finding.Edit{{Location: at, NewText: fmt.Sprint(i)}}},
			})
		}
		r.Judge(finding.Medium)
		f := &lintFlags{
			checkRun: true, review: true, comment: true, upload: uploadAlways, githubOutput: true, checkName: "plimsoll", colour: "never",
			specs: []report.Spec{{Format: "text"}, {Format: "json", Path: filepath.Join(s.temp, "r.json")}},
		}
		env := &Env{
			Stdout: &s.stdout, Stderr: &s.stderr, Getenv: func(key string) string { return s.env[key] }, Dir: s.dir, Transport: s.api,
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		c := openChannels(t.Context(), env, f, s.target)
		c.publish(t.Context(), &engine.Result{Report: r, Source: func(string) []byte { return []byte(mergedText) }})
		runtime.ReadMemStats(&after)
		if code := exitCode(c.answer(r.Verdict)); code != ExitFindings {
			t.Errorf("exit %d", code)
		}
		run := s.api.CheckRuns()[0]
		if run.Conclusion != "failure" || len(run.Annotations) != 500 || len(run.Summary) > 65535 {
			t.Errorf("conclusion %s, %d annotations, %d bytes of summary", run.Conclusion, len(run.Annotations), len(run.Summary))
		}
		if n := len(s.api.Requests("")); n > 100 {
			t.Errorf("%d requests", n)
		}
		if spent := after.TotalAlloc - before.TotalAlloc; spent > 1<<30 {
			t.Errorf("allocated %d MiB", spent>>20)
		}
	})
}
