package acttest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

const head = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

// actPath finds nektos/act: named by PLIMSOLL_ACT, on PATH, or as this repository's own tool. It is skipped, not failed,
// where there is none: it takes a minute to build and needs the network for that.
func actPath(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("runs the whole action; -short")
	}
	if path := os.Getenv("PLIMSOLL_ACT"); path != "" {
		return path
	}
	if path, err := exec.LookPath("act"); err == nil {
		return path
	}
	cmd := exec.CommandContext(t.Context(), "go", "tool", "-modfile=internal/tools/act/go.mod", "-n", "act")
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Skipf("act cannot be had: it is not at PLIMSOLL_ACT, not on PATH, and not built by `go tool`: %s", out)
	}
	return strings.TrimSpace(string(out))
}

// patient runs the program and stays a moment after it failed: act drops what it has not read of a step's terminal by the
// time the step fails.
const patient = `#!/usr/bin/env bash
"${0%-patient}" "$@" && exit
code=$?
sleep 1
exit $code
`

// buildBinary builds the program, for runs that may fail. The flags are those of install.sh, so that both share a cache.
func buildBinary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plimsoll")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-o", path, "./cmd/plimsoll")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	write(t, path+"-patient", patient)
	return path + "-patient"
}

// job is one run of the workflow in testdata/shop.txtar.
type job struct {
	act   string
	api   *fakeapi.Server
	event string            // name
	data  string            // of the event's file; {head} and {base} stand for commits of a merge
	merge bool              // the checkout is a merge of the bad files into a base without them, else one commit of all
	uses  string            // how the workflow names the action; "./" when it is a part of the repository
	with  []string          // more inputs, as lines of the workflow
	clean bool              // without the bad files
	args  []string          // more arguments for act
	more  map[string]string // further files, by path in the archive
}

// entry is what is read of a line that act prints.
type entry struct {
	Command string
	Pairs   map[string]string `json:"kvPairs"`
	Name    string
	Arg     string
	Content string
	Message string   `json:"msg"`
	Step    []string `json:"stepID"`
}

type result struct {
	code    int
	log     string
	entries []entry
	repo    string
}

func (j *job) run(t *testing.T) result {
	t.Helper()
	repo, home := t.TempDir(), t.TempDir()
	j.populate(t, repo)
	if j.merge {
		j.data = strings.NewReplacer("{base}", commit(t, repo, "HEAD^1"), "{head}", commit(t, repo, "HEAD^2")).Replace(j.data)
	}
	server := httptest.NewServer(j.api)
	defer server.Close()
	eventFile := filepath.Join(home, "event.json")
	write(t, eventFile, j.data)

	args := append([]string{
		j.event, "--json", "--platform", "ubuntu-latest=-self-hosted", "--no-cache-server", "--eventpath", eventFile,
		"--env", "GITHUB_API_URL=" + server.URL, "--env", "GITHUB_GRAPHQL_URL=" + server.URL + "/graphql", "--secret", "GITHUB_TOKEN=" + j.api.Token,
	}, j.args...)
	cmd := exec.CommandContext(t.Context(), j.act, args...)
	cmd.Dir = repo
	cmd.Env = append(os.Environ(), "HOME="+home)
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	r := result{code: cmd.ProcessState.ExitCode(), log: string(out), repo: repo}
	for line := range bytes.Lines(out) {
		var e entry
		if json.Unmarshal(line, &e) == nil {
			r.entries = append(r.entries, e)
		}
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("act exited with %d and printed:\n%s", r.code, r.messages())
		}
	})
	return r
}

// populate makes the repository: a Git one with a remote, from which act takes the repository's name.
func (j *job) populate(t *testing.T, repo string) {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/shop.txtar")
	if err != nil {
		t.Fatal(err)
	}
	head := map[string]string{} // the pull request's own files, which are those that are checked out
	j.api.Files = head
	git(t, repo, "init", "--quiet")
	git(t, repo, "remote", "add", "origin", "https://github.com/"+j.api.Repository)
	for name, text := range j.more {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(text)})
	}
	if j.uses == "./" {
		copyAction(t, repo)
	}
	for _, wantBad := range []bool{false, true} {
		for _, file := range archive.Files {
			name, bad := strings.CutPrefix(file.Name, "bad/")
			if bad != wantBad || bad && j.clean {
				continue
			}
			text := strings.Replace(string(file.Data), "uses: ACTION\n        with:\n",
				"uses: "+j.uses+"\n        with:\n          "+strings.Join(j.with, "\n          ")+"\n", 1)
			write(t, filepath.Join(repo, name), text)
			head[name] = text
			if bad && !j.merge { // there is no base to tell the change by, so GitHub is asked
				j.api.Diff = append(j.api.Diff, fakeapi.DiffFile{Path: name, Status: "added"})
			}
		}
		if wantBad || j.merge {
			git(t, repo, "add", "--all")
			git(t, repo, "commit", "--quiet", "--allow-empty", "--message", "shop")
		}
		if j.merge && !wantBad {
			git(t, repo, "checkout", "--quiet", "-b", "f")
		}
	}
	if j.merge {
		git(t, repo, "checkout", "--quiet", "-b", "merge", "f^")
		git(t, repo, "merge", "--quiet", "--no-ff", "--message", "merge", "f")
	}
}

func git(t *testing.T, repo string, args ...string) string {
	t.Helper()
	args = append([]string{"-c", "user.name=a", "-c", "user.email=a@b.test"}, args...)
	cmd := exec.CommandContext(t.Context(), "git", args...)
	cmd.Dir = repo
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", args, err, out)
	}
	return string(out)
}

func commit(t *testing.T, repo, name string) string {
	t.Helper()
	return strings.TrimSpace(git(t, repo, "rev-parse", name))
}

// messages are what a person would see of the run.
func (r result) messages() string {
	var b strings.Builder
	for _, e := range r.entries {
		b.WriteString(strings.TrimRight(e.Message, "\n") + "\n")
	}
	return b.String()
}

// shows reports whether a text is in the log. The command that masks it is not a part of that, nor the output by which the
// app's step hands it on: the real runner prints none of it, and act tells of each command.
func (r result) shows(text string) bool {
	for line := range strings.Lines(r.log) {
		handed := strings.Contains(line, `"command":"set-output"`) && strings.Contains(line, `"stepID":["app"`)
		if strings.Contains(line, text) && !handed && !strings.Contains(line, `"command":"add-mask"`) {
			return true
		}
	}
	return false
}

// outputs are those of the step that uses the action.
func (r result) outputs() map[string]string {
	out := map[string]string{}
	for _, e := range r.entries {
		if e.Command == "set-output" && slices.Equal(e.Step, []string{"gate"}) {
			out[e.Name] = e.Arg
		}
	}
	return out
}

// summary is the job's.
func (r result) summary() string {
	for _, e := range r.entries {
		if e.Command == "summary" {
			return e.Content
		}
	}
	return ""
}

// annotated lists what workflow commands annotate, as "level file:line".
func (r result) annotated() []string {
	var all []string
	for _, e := range r.entries {
		if e.Pairs["file"] != "" {
			all = append(all, fmt.Sprintf("%s %s:%s", e.Command, e.Pairs["file"], e.Pairs["line"]))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// places are the three findings of testdata/shop.txtar that the default gate stops.
var places = []string{".github/workflows/release.yml:9", "deploy/app.yaml:15", "deploy/app.yaml:17"}

func (r result) wantAnnotated(t *testing.T, want bool) {
	t.Helper()
	got := r.annotated()
	for _, place := range places {
		there := slices.ContainsFunc(got, func(a string) bool { return strings.HasSuffix(a, " "+place) })
		if there != want {
			t.Errorf("workflow command at %s: %v, want %v; all: %q", place, there, want, got)
		}
	}
}

func (r result) wantOutputs(t *testing.T, want map[string]string) {
	t.Helper()
	got := r.outputs()
	for name, value := range want {
		if got[name] != value {
			t.Errorf("output %s is %q, want %q", name, got[name], value)
		}
	}
}

// comparing asks for the base of a change. That of pullRequest is no commit.
const comparing = "repos/compare-commits-with-basehead"

func refused(request fakeapi.Request) bool {
	return request.Status >= 300 && request.Operation != comparing
}

func pullRequest(repository string) string {
	return fmt.Sprintf(`{"number": 4, "pull_request": {"number": 4, "head": {"ref": "f", "sha": %q, "repo": {"full_name": %q}},
		"base": {"ref": "main", "sha": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}}}`, head, repository)
}

func TestAction(t *testing.T) {
	act, binary := actPath(t), buildBinary(t)
	start := func(t *testing.T) *job {
		return &job{
			act: act, api: fakeapi.New(t), event: "pull_request", data: pullRequest("acme/shop"), uses: "./",
			with: []string{"binary-path: " + binary, "check-run: true"},
		}
	}
	t.Run("check run", func(t *testing.T) { testCheckRun(t, start(t)) })
	t.Run("by repository and commit", func(t *testing.T) {
		j := start(t)
		j.uses = "plimsoll-dev/plimsoll@" + strings.Repeat("1", 40)
		j.args = []string{"--local-repository", j.uses + "=" + absolute(t, root)}
		testCheckRun(t, j)
	})
	t.Run("merge queue", func(t *testing.T) {
		j := start(t)
		j.event, j.data = "merge_group", `{"merge_group": {"head_sha": "`+head+`", "base_ref": "refs/heads/main"}}`
		testCheckRun(t, j)
	})
	t.Run("every channel", func(t *testing.T) { testEveryChannel(t, start(t)) })
	t.Run("clean", func(t *testing.T) { testClean(t, start(t)) })
	t.Run("without the permission", func(t *testing.T) { testWithoutPermission(t, start(t)) })
	t.Run("from a fork", func(t *testing.T) { testFork(t, start(t)) })
	t.Run("as it comes", func(t *testing.T) { testDefaults(t, start(t)) })
	t.Run("usage", func(t *testing.T) {
		j := start(t)
		j.with = append(j.with, "config: nowhere.yaml")
		if r := j.run(t); r.code == 0 || !strings.Contains(r.messages(), "nowhere.yaml") {
			t.Errorf("exit %d without the name of the missing file", r.code)
		}
	})
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

func testCheckRun(t *testing.T, j *job) {
	r := j.run(t)
	if r.code != 1 {
		t.Errorf("exit %d, want 1", r.code)
	}
	runs := j.api.CheckRuns()
	if len(runs) != 1 {
		t.Fatalf("%d check runs, want 1", len(runs))
	}
	run := runs[0]
	if run.Name != "plimsoll" || run.HeadSHA != head || run.Status != "completed" || run.Conclusion != "failure" ||
		!strings.HasPrefix(run.DetailsURL, "https://github.com/acme/shop/actions/runs/") {
		t.Errorf("the check run: %+v", run)
	}
	wantPlaces(t, &run)
	r.wantAnnotated(t, false) // never twice
	r.wantOutputs(t, map[string]string{
		"verdict": "fail", "findings-count": fmt.Sprint(len(run.Annotations)),
		"check-run-url": "https://github.com/acme/shop/runs/1", "report-file": "report.json", "sarif-file": "out.sarif",
	})
	if !strings.Contains(r.summary(), "release.yml") {
		t.Errorf("the job's summary:\n%s", r.summary())
	}
	for i, request := range j.api.Requests("") {
		if refused(request) || (request.Operation == "checks/create") != (i == 1) {
			t.Errorf("request %d: %s %s: %d", i, request.Operation, request.Path, request.Status)
		}
	}
	if r.shows(j.api.Token) {
		t.Error("the token is in the log")
	}
	if !j.api.Checked() {
		t.Logf("the requests were not held against GitHub's OpenAPI description: it is not at %s", fakeapi.DescriptionPath())
	}
}

// wantPlaces holds that a check run annotates the findings.
func wantPlaces(t *testing.T, run *fakeapi.CheckRun) {
	t.Helper()
	var annotated []string
	for _, a := range run.Annotations {
		annotated = append(annotated, fmt.Sprintf("%s:%d", a.Path, a.StartLine))
	}
	for _, place := range places {
		if !slices.Contains(annotated, place) {
			t.Errorf("no annotation at %s; all: %q", place, annotated)
		}
	}
}

// testEveryChannel turns all on, with a diff that shows none of the findings.
func testEveryChannel(t *testing.T, j *job) {
	j.with = append(j.with, "review: true", "comment: true", "upload-sarif: always", "category: prod", "strict-reporting: true")
	r := j.run(t)
	if r.code != 1 {
		t.Errorf("exit %d, want 1", r.code)
	}
	comments := j.api.Comments()
	if len(comments) == 0 || comments[0].Path != "" || !strings.Contains(comments[0].Body, "release.yml") {
		t.Errorf("comments %+v", comments)
	}
	uploads := j.api.Uploads()
	if len(uploads) != 1 || uploads[0].Ref != "refs/pull/4/merge" || !strings.Contains(uploads[0].SARIF, "plimsoll/prod/") {
		t.Errorf("uploads %+v", uploads)
	}
	if n := len(j.api.Requests("pulls/list-review-comments")); n != 1 {
		t.Errorf("the review was looked for %d times", n)
	}
	if strings.Contains(r.messages(), "plimsoll: error") {
		t.Error("a report was not delivered")
	}
}

func testClean(t *testing.T, j *job) {
	j.clean = true
	r := j.run(t)
	runs := j.api.CheckRuns()
	if r.code != 0 || len(runs) != 1 || runs[0].Conclusion != "success" {
		t.Fatalf("exit %d, check runs %+v", r.code, runs)
	}
	r.wantOutputs(t, map[string]string{"verdict": "pass", "high-count": "0", "medium-count": "0"})
}

func testWithoutPermission(t *testing.T, j *job) {
	j.api.Permissions["checks"] = "read"
	r := j.run(t)
	if r.code != 1 || len(j.api.CheckRuns()) != 0 {
		t.Errorf("exit %d with %d check runs", r.code, len(j.api.CheckRuns()))
	}
	r.wantAnnotated(t, true)
	r.wantOutputs(t, map[string]string{"verdict": "fail", "check-run-url": ""})
	if !strings.Contains(r.messages(), "checks: write") {
		t.Error("nothing says which permission is missing")
	}
}

func testFork(t *testing.T, j *job) {
	j.data = pullRequest("mallory/shop")
	r := j.run(t)
	if r.code != 1 {
		t.Errorf("exit %d, want 1", r.code)
	}
	wantOperations(t, j.api, "pulls/list-files "+comparing) // the token may read and no more
	r.wantAnnotated(t, true)
	if !strings.Contains(r.messages(), "fork") {
		t.Error("nothing says why there is no check run")
	}
}

// testDefaults leaves the action to get the program by itself: it builds this tree with Go, and asks nothing of the API.
func testDefaults(t *testing.T, j *job) {
	j.with = []string{"fail-on: never"}
	j.uses = "plimsoll-dev/plimsoll@" + strings.Repeat("2", 40)
	j.args = []string{"--local-repository", j.uses + "=" + absolute(t, root)}
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH"} {
		value, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		j.args = append(j.args, "--env", name+"="+strings.TrimSpace(string(value)))
	}
	r := j.run(t)
	if r.code != 0 || len(j.api.Requests("")) != 0 {
		t.Errorf("exit %d after %d requests", r.code, len(j.api.Requests("")))
	}
	r.wantAnnotated(t, true)
	r.wantOutputs(t, map[string]string{"verdict": "pass", "report-file": "report.json", "sarif-file": "out.sarif"})
}
