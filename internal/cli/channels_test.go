package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
	"github.com/plimsoll-dev/plimsoll/internal/place"
	"github.com/plimsoll-dev/plimsoll/internal/report"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// stage is a repository with a pull request: main adds a line at the top of its one file, feature one at its end, and the
// merge of both is checked out, as actions/checkout does.
type stage struct {
	dir, temp         string
	base, head, merge string // commits
	target            *engine.Target
	api               *fakeapi.Server
	env               map[string]string
	stdout, stderr    bytes.Buffer
}

const (
	mergedText = "new: 1\na: 1\nb: 2\nc: 3\n"
	headText   = "a: 1\nb: 2\nc: 3\n"
)

// origin makes the repository; clone gives a stage with a clone of it.
func origin(t *testing.T) *stage {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	s := &stage{dir: t.TempDir(), temp: t.TempDir()}
	git := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@b.test"}, args...)...)
		cmd.Dir = s.dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %s: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	commit := func(text string) string {
		write(t, filepath.Join(s.dir, "a.yaml"), text)
		git("add", "--all")
		git("commit", "--quiet", "--message=x")
		return git("rev-parse", "HEAD")
	}
	git("init", "--quiet", "--initial-branch=main")
	commit("a: 1\nb: 2\n")
	git("checkout", "--quiet", "-b", "feature")
	s.head = commit(headText)
	git("checkout", "--quiet", "main")
	s.base = commit("new: 1\na: 1\nb: 2\n")
	git("merge", "--quiet", "--no-ff", "--message=m", "feature")
	s.merge = git("rev-parse", "HEAD")
	s.open(t)
	return s
}

func (s *stage) open(t *testing.T) {
	t.Helper()
	target, err := engine.Open(t.Context(), s.dir, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	s.target = target
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// on gives the stage the API and the environment of an event.
func (s *stage) on(t *testing.T, event, payload string) *stage {
	t.Helper()
	fresh := *s
	fresh.stdout, fresh.stderr = bytes.Buffer{}, bytes.Buffer{}
	fresh.api = fakeapi.New(t)
	fresh.api.Files = map[string]string{"a.yaml": headText}
	fresh.api.Diff = []fakeapi.DiffFile{{Path: "a.yaml", Status: "modified", Patch: "@@ -1,2 +1,3 @@\n a: 1\n b: 2\n+c: 3\n"}}
	eventFile := filepath.Join(s.temp, event+".json")
	write(t, eventFile, payload)
	fresh.env = map[string]string{
		"GITHUB_EVENT_NAME": event, "GITHUB_EVENT_PATH": eventFile, "GITHUB_SHA": s.merge, "GITHUB_REF": "refs/pull/4/merge",
		"GITHUB_REPOSITORY": "acme/shop", "GITHUB_TOKEN": fresh.api.Token, "GITHUB_API_URL": "https://api.test",
		"GITHUB_RUN_ID": "7", "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": filepath.Join(s.temp, "summary"),
	}
	return &fresh
}

func (s *stage) pull(t *testing.T, repository string) *stage {
	t.Helper()
	return s.on(t, "pull_request", fmt.Sprintf(`{"repository": {"default_branch": "main"}, "pull_request": {"number": 4,
		"head": {"sha": %q, "repo": {"full_name": %q}}, "base": {"sha": %q}}}`, s.head, repository, s.base))
}

// publish delivers a report with one finding, on "c: 3" of the merge, and gives the exit code.
func (s *stage) publish(t *testing.T, f *lintFlags, verdict finding.Verdict) int {
	t.Helper()
	env := &Env{
		Stdout: &s.stdout, Stderr: &s.stderr, Getenv: func(key string) string { return s.env[key] }, Dir: s.dir, Transport: s.api,
	}
	f.checkName, f.colour = "plimsoll", "never"
	span := func(start, end int) source.Span {
		return source.Span{Start: source.Point{Line: 4, Column: start}, End: source.Point{Line: 4, Column: end}, Exact: true}
	}
	found := &finding.Finding{
		RuleID: "workflow/x", Severity: finding.Medium, Message: "three is too much", Fingerprint: "f1",
		Location: source.Location{Path: "a.yaml", Span: span(4, 5)},
		Fix: &finding.Fix{Description: "say two", Edits: []finding.Edit{
			{Location: source.Location{Path: "a.yaml", Span: span(4, 5)}, NewText: "2"},
		}},
	}
	r := &finding.Report{Verdict: verdict, Findings: []*finding.Finding{found}, Stats: finding.Stats{Documents: 1, Files: map[string]int{"manifest": 1}}}
	c := openChannels(t.Context(), env, f, s.target)
	c.publish(t.Context(), &engine.Result{Report: r, Source: func(string) []byte { return []byte(mergedText) }})
	return exitCode(c.answer(verdict))
}

func exitCode(err error) int {
	var exit *exitError
	switch {
	case err == nil:
		return ExitClean
	case errors.Is(err, errFindings):
		return ExitFindings
	case errors.As(err, &exit):
		return exit.code
	}
	return ExitUsage
}

// TestNoChannelChangesTheAnswer goes through every combination of channels and every way for them to fail. The exit code
// is the verdict's, unless delivery was asked to be strict, and a check run that is completed always agrees with it.
func TestNoChannelChangesTheAnswer(t *testing.T) {
	base := origin(t)
	failures := map[string]func(s *stage){
		"none":          func(*stage) {},
		"read-only":     func(s *stage) { s.api.Permissions = map[string]string{"contents": "read"} },
		"no token":      func(s *stage) { s.env["GITHUB_TOKEN"] = "" },
		"wrong token":   func(s *stage) { s.env["GITHUB_TOKEN"] = "another" },
		"faults":        func(s *stage) { s.api.Every = fakeapi.Status(500, "Server Error") },
		"refusals":      func(s *stage) { s.api.Every = fakeapi.Status(422, "Unprocessable Entity") },
		"no connection": func(s *stage) { s.api.Every = fakeapi.Drop },
		"rate limit":    func(s *stage) { s.api.Every = fakeapi.Status(403, "You have exceeded a secondary rate limit.") },
		"lost on the way": func(s *stage) {
			s.api.Plan("checks/update", 1, fakeapi.Status(403, "Resource not accessible by integration"))
		},
		"no file of the event": func(s *stage) { s.env["GITHUB_EVENT_PATH"] = filepath.Join(s.temp, "nowhere") },
		"no folder to write":   func(s *stage) { s.env["GITHUB_STEP_SUMMARY"] = filepath.Join(s.temp, "nowhere/summary") },
		"no code scanning":     func(s *stage) { s.api.AdvancedSecurity = false },
	}
	for name, fail := range failures {
		t.Run(name, func(t *testing.T) {
			for mask := range 1 << 5 {
				for _, verdict := range []finding.Verdict{finding.Pass, finding.Fail} {
					for _, strict := range []bool{false, true} {
						synctest.Test(t, func(t *testing.T) { checkAnswer(t, base.pull(t, "acme/shop"), fail, mask, verdict, strict) })
					}
				}
			}
		})
	}
}

func checkAnswer(t *testing.T, s *stage, fail func(*stage), mask int, verdict finding.Verdict, strict bool) {
	fail(s)
	f := &lintFlags{checkRun: mask&1 > 0, review: mask&2 > 0, comment: mask&4 > 0, strict: strict}
	if mask&8 > 0 {
		f.upload = uploadAlways
	}
	if mask&16 > 0 {
		f.specs = []report.Spec{{Format: "github"}}
	}
	code := s.publish(t, f, verdict)
	want := ExitClean
	switch {
	case verdict == finding.Fail:
		want = ExitFindings
	case strict && strings.Contains(s.stderr.String(), "plimsoll: error: "):
		want = ExitInternal
	}
	if code != want || !strict && strings.Contains(s.stderr.String(), "plimsoll: error: ") {
		t.Errorf("%+v, verdict %s: exit %d, want %d: %s", f, verdict, code, want, s.stderr.String())
	}
	for _, run := range s.api.CheckRuns() {
		if run.Status == "completed" && (run.Conclusion == "success") != (code == ExitClean) {
			t.Errorf("%+v: the check run says %q, and the exit code is %d", f, run.Conclusion, code)
		}
	}
	commands := strings.Count(s.stdout.String(), "three is too much")
	annotated := 0
	for _, run := range s.api.CheckRuns() {
		annotated += len(run.Annotations)
	}
	if asked := f.checkRun || len(f.specs) > 0; asked && commands+annotated != 1 {
		t.Errorf("%+v: %d commands and %d annotations, want one in all", f, commands, annotated)
	}
}

func TestFindingsStandInThePullRequestsOwnFiles(t *testing.T) {
	base := origin(t)
	all := func() *lintFlags {
		return &lintFlags{checkRun: true, review: true, comment: true, upload: uploadAlways}
	}
	for name, shallow := range map[string]bool{"from the clone": false, "from the API": true} {
		t.Run(name, func(t *testing.T) {
			s := *base
			if shallow {
				s.dir = filepath.Join(t.TempDir(), "clone")
				if out, err := exec.Command("git", "clone", "--quiet", "--depth=1", "file://"+base.dir, s.dir).CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				s.open(t)
			}
			p := s.pull(t, "acme/shop")
			if code := p.publish(t, all(), finding.Fail); code != ExitFindings || p.stderr.Len() > 0 {
				t.Errorf("exit %d: %s", code, p.stderr.String())
			}
			run := p.api.CheckRuns()[0]
			if run.HeadSHA != s.head || len(run.Annotations) != 1 || run.Annotations[0].StartLine != 3 {
				t.Errorf("check run %+v: want line 3 of %s, which is line 4 of the merge", run, s.head)
			}
			remark := p.api.Comments()[1]
			if remark.Path != "a.yaml" || remark.Line != 3 || !strings.Contains(remark.Body, "```suggestion\nc: 2\n```") {
				t.Errorf("remark %+v", remark)
			}
			if sticky := p.api.Comments()[0]; sticky.Path != "" || !strings.Contains(sticky.Body, "three is too much") {
				t.Errorf("comment %+v", sticky)
			}
			uploads := p.api.Uploads()
			if len(uploads) != 1 || uploads[0].CommitSHA != s.merge || uploads[0].Ref != "refs/pull/4/merge" ||
				!strings.Contains(uploads[0].SARIF, `"startLine": 4`) {
				t.Errorf("uploads %+v: want line 4 of the merge", uploads)
			}
			if got := len(p.api.Requests("git/get-tree")); (got > 0) != shallow {
				t.Errorf("%d requests for the tree", got)
			}
		})
	}
}

func TestFindingsThatOneEditRemovesShareARemark(t *testing.T) {
	fix := func(line int, text string) *finding.Fix {
		span := source.Span{Start: source.Point{Line: line, Column: 1}, End: source.Point{Line: line, Column: 2}, Exact: true}
		return &finding.Fix{Edits: []finding.Edit{{Location: source.Location{Path: "a.yaml", Span: span}, NewText: text}}}
	}
	r := &finding.Report{Findings: []*finding.Finding{
		{RuleID: "r", Severity: finding.Low, Message: "low", Fingerprint: "1", Fix: fix(2, "x")},
		{RuleID: "r", Severity: finding.High, Message: "high", Fingerprint: "2", Fix: fix(2, "x")},
		{RuleID: "r", Severity: finding.Low, Message: "other", Fingerprint: "3", Fix: fix(2, "y")},
		{RuleID: "r", Severity: finding.Low, Message: "no fix", Fingerprint: "4"},
	}}
	got := remarks(place.Moved{Report: r, Source: func(string) []byte { return []byte(headText) }})
	if len(got) != 2 || strings.Index(got[0].Body, "high") > strings.Index(got[0].Body, "low") || strings.Count(got[0].Body, "```suggestion") != 1 ||
		got[0].First != 2 || got[0].Key == got[1].Key {
		t.Errorf("remarks %+v", got)
	}
}

func TestLinesThatCannotBeMovedAreSaid(t *testing.T) {
	s := origin(t).pull(t, "acme/shop")
	s.env["GITHUB_EVENT_PATH"] = filepath.Join(s.temp, "other.json")
	write(t, s.env["GITHUB_EVENT_PATH"], `{"pull_request": {"number": 4, "head": {"sha": "`+strings.Repeat("a", 40)+`", "repo": {"full_name": "acme/shop"}}}}`)
	s.api.Files = nil
	s.publish(t, &lintFlags{checkRun: true}, finding.Fail)
	run := s.api.CheckRuns()[0]
	if run.Annotations[0].StartLine != 4 || !strings.Contains(s.stderr.String(), "notice: annotations stand at the lines that were linted") {
		t.Errorf("%+v; %s", run, s.stderr.String())
	}
}

func TestForkIsToldOnceAndAskedNothing(t *testing.T) {
	s := origin(t).pull(t, "mallory/shop")
	f := &lintFlags{checkRun: true, review: true, comment: true, upload: uploadAlways, strict: true}
	if code := s.publish(t, f, finding.Pass); code != ExitClean {
		t.Errorf("exit %d", code)
	}
	if n := len(s.api.Requests("")); n != 0 || strings.Count(s.stderr.String(), "plimsoll: ") != 1 || !strings.Contains(s.stderr.String(), "fork") {
		t.Errorf("%d requests; %s", n, s.stderr.String())
	}
	if !strings.Contains(s.stdout.String(), "::warning") {
		t.Errorf("no workflow command: %s", s.stdout.String())
	}
}

func TestPullRequestTargetSpeaksOnlyOfWhatItLinted(t *testing.T) {
	base := origin(t)
	for name, test := range map[string]struct {
		head string
		runs int
	}{
		"the base branch is checked out":          {strings.Repeat("a", 40), 0},
		"the pull request's merge is checked out": {base.head, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := base.on(t, "pull_request_target", `{"pull_request": {"number": 4, "head": {"sha": "`+test.head+`", "repo": {"full_name": "mallory/shop"}}}}`)
			s.publish(t, &lintFlags{checkRun: true, upload: uploadAlways}, finding.Fail)
			if got := len(s.api.CheckRuns()); got != test.runs || len(s.api.Uploads()) != 0 {
				t.Errorf("%d check runs, want %d; %d uploads; %s", got, test.runs, len(s.api.Uploads()), s.stderr.String())
			}
		})
	}
}

func TestWhenSARIFIsUploaded(t *testing.T) {
	base := origin(t)
	const repository = `"repository": {"default_branch": "main"}`
	for name, test := range map[string]struct {
		event, payload, ref, when string
		uploads                   int
	}{
		"default branch":         {"push", "{" + repository + "}", "refs/heads/main", uploadDefaultBranch, 1},
		"schedule":               {"schedule", "{}", "refs/heads/main", uploadDefaultBranch, 1},
		"another branch":         {"push", "{" + repository + "}", "refs/heads/feature", uploadDefaultBranch, 0},
		"another branch, always": {"push", "{" + repository + "}", "refs/heads/feature", uploadAlways, 1},
		"merge queue":            {"merge_group", `{"merge_group": {"head_sha": "` + base.merge + `"}}`, "refs/heads/gh-readonly-queue/main/pr-4", uploadAlways, 0},
		"never":                  {"push", "{" + repository + "}", "refs/heads/main", uploadNever, 0},
		"no full reference":      {"push", "{" + repository + "}", "main", uploadAlways, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := base.on(t, test.event, test.payload)
			s.env["GITHUB_REF"] = test.ref
			s.publish(t, &lintFlags{upload: test.when, category: "prod"}, finding.Pass)
			all := s.api.Uploads()
			if len(all) != test.uploads {
				t.Fatalf("%d uploads, want %d: %s", len(all), test.uploads, s.stderr.String())
			}
			if len(all) > 0 && !strings.Contains(all[0].SARIF, `"plimsoll/prod/"`) {
				t.Errorf("no category: %s", all[0].SARIF)
			}
		})
	}
	t.Run("another commit is checked out", func(t *testing.T) {
		s := base.on(t, "push", "{"+repository+"}")
		s.env["GITHUB_SHA"] = base.head
		s.publish(t, &lintFlags{upload: uploadAlways}, finding.Pass)
		if len(s.api.Uploads()) != 0 || !strings.Contains(s.stderr.String(), "is checked out") {
			t.Errorf("%d uploads: %s", len(s.api.Uploads()), s.stderr.String())
		}
	})
}

func TestUploadOfTheHeadWhenThatIsCheckedOut(t *testing.T) {
	base := origin(t)
	checkout := exec.Command("git", "checkout", "--quiet", base.head)
	checkout.Dir = base.dir
	if out, err := checkout.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s := base.pull(t, "acme/shop")
	s.publish(t, &lintFlags{upload: uploadAlways}, finding.Pass)
	if all := s.api.Uploads(); len(all) != 1 || all[0].CommitSHA != base.head || all[0].Ref != "refs/pull/4/head" {
		t.Errorf("%+v; %s", all, s.stderr.String())
	}
}

// TestCheckRunIsClosedWhateverHappens runs the whole program to ends of every sort.
func TestCheckRunIsClosedWhateverHappens(t *testing.T) {
	base := origin(t)
	for name, test := range map[string]struct {
		args    []string
		cancel  bool
		stdout  io.Writer
		code    int
		summary string
	}{
		"clean":             {nil, false, io.Discard, ExitClean, "passed"},
		"wrong rule":        {[]string{"--rule=no/such"}, false, io.Discard, ExitUsage, "could not come to a verdict"},
		"told to stop":      {nil, true, io.Discard, ExitInternal, "could not come to a verdict"},
		"a panic":           {nil, false, panics{}, ExitInternal, "internal error"},
		"no baseline file":  {[]string{"--write-baseline=no/such/folder"}, false, io.Discard, ExitUsage, "could not come to a verdict"},
		"output that fails": {nil, false, fails{}, ExitClean, "passed"},
	} {
		t.Run(name, func(t *testing.T) {
			s := base.pull(t, "acme/shop")
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if test.cancel { // as soon as the check run is open
				s.api.Plan("checks/create", 1, func(w http.ResponseWriter, _ *http.Request, serve func(http.ResponseWriter)) {
					serve(w)
					cancel()
				})
			}
			code := Run(ctx, Env{
				Args: append([]string{"lint", "--check-run"}, test.args...), Stdout: test.stdout, Stderr: &s.stderr, Dir: s.dir,
				Getenv: func(key string) string { return s.env[key] }, Transport: s.api,
			})
			runs := s.api.CheckRuns()
			if code != test.code || len(runs) != 1 || runs[0].Status != "completed" || (runs[0].Conclusion == "success") != (code == ExitClean) ||
				!strings.Contains(runs[0].Summary, test.summary) {
				t.Errorf("exit %d, want %d; %+v; %s", code, test.code, runs, s.stderr.String())
			}
		})
	}
}

type panics struct{}

func (panics) Write([]byte) (int, error) { panic("no more") }

type fails struct{}

func (fails) Write([]byte) (int, error) { return 0, errors.New("disk full\n::error::injected") }

func TestPushHasNoPullRequestToCommentOn(t *testing.T) {
	s := origin(t).on(t, "push", `{}`)
	s.publish(t, &lintFlags{review: true, comment: true}, finding.Fail)
	if requests := s.api.Requests(""); len(requests) != 0 || s.stderr.Len() > 0 {
		t.Errorf("%+v; %s", requests, s.stderr.String())
	}
}

func TestCheckUpload(t *testing.T) {
	for _, when := range []string{uploadNever, uploadDefaultBranch, uploadAlways, "", "yes", "Always"} {
		if err := checkUpload(when); (err == nil) != slices.Contains([]string{"", "never", "default-branch", "always"}, when) {
			t.Errorf("%q: %v", when, err)
		}
	}
}
