package cli_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/cli"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/github"
)

// checkout is a Git repository that is linted as a step of a workflow, or by hand.
type checkout struct {
	t         *testing.T
	dir       string
	env       map[string]string
	transport github.Transport
}

func newCheckout(t *testing.T) *checkout {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c := &checkout{t: t, dir: dir, env: map[string]string{}}
	c.git("init", "--quiet", "--initial-branch=main")
	return c
}

func (c *checkout) git(args ...string) string {
	c.t.Helper()
	var out strings.Builder
	c.stdout(&out, args...)
	return strings.TrimSpace(out.String())
}

// stdout is git for a command of whose output every byte counts.
func (c *checkout) stdout(out io.Writer, args ...string) {
	c.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com", "GIT_ALLOW_PROTOCOL=file")
	var errs strings.Builder
	cmd.Stdout, cmd.Stderr = out, &errs
	if err := cmd.Run(); err != nil {
		c.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
}

func (c *checkout) write(name, text string) {
	c.t.Helper()
	at := filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// commit commits all there is, and gives the commit.
func (c *checkout) commit() string {
	c.t.Helper()
	c.git("add", "--all")
	c.git("commit", "--quiet", "--allow-empty", "--message=x")
	return c.git("rev-parse", "HEAD")
}

// clone goes on in a clone of the repository, as actions/checkout makes it.
func (c *checkout) clone(args ...string) {
	c.t.Helper()
	to := filepath.Join(c.t.TempDir(), "clone")
	c.git(slices.Concat([]string{"clone", "--quiet"}, args, []string{"file://" + c.dir, to})...)
	dir, err := filepath.EvalSymlinks(to)
	if err != nil {
		c.t.Fatal(err)
	}
	c.dir = dir
}

// event has the next lints be steps of a workflow that GitHub started.
func (c *checkout) event(name, ref string, payload map[string]any) {
	c.t.Helper()
	repository := map[string]any{"default_branch": "main"}
	all := map[string]any{"repository": repository}
	maps.Copy(all, payload)
	data, err := json.Marshal(all)
	if err != nil {
		c.t.Fatal(err)
	}
	at := filepath.Join(c.t.TempDir(), "event.json")
	if err := os.WriteFile(at, data, 0o600); err != nil {
		c.t.Fatal(err)
	}
	c.env = map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": at, "GITHUB_REF": ref,
		"GITHUB_REPOSITORY": "acme/app", "GITHUB_SHA": c.git("rev-parse", "HEAD"),
	}
}

func (c *checkout) pullRequest(base, head, headRepository string) {
	c.t.Helper()
	c.event("pull_request", "refs/pull/4/merge", map[string]any{"pull_request": map[string]any{
		"number": 4, "base": map[string]any{"sha": base},
		"head": map[string]any{"sha": head, "repo": map[string]any{"full_name": headRepository}},
	}})
}

// lint lints and gives the report.
func (c *checkout) lint(args ...string) *finding.Report {
	c.t.Helper()
	var out, errs bytes.Buffer
	env := cli.Env{
		Args: append([]string{"lint", "--format=json"}, args...), Stdout: &out, Stderr: &errs, Dir: c.dir,
		Getenv: func(name string) string { return c.env[name] }, Transport: c.transport,
	}
	code := cli.Run(c.t.Context(), env)
	if code > cli.ExitFindings {
		c.t.Fatalf("exit code %d: %s", code, errs.String())
	}
	r, err := finding.Decode(&out)
	if err != nil {
		c.t.Fatalf("%v\n%s", err, errs.String())
	}
	if (r.Verdict == finding.Fail) != (code == cli.ExitFindings) {
		c.t.Errorf("exit code %d with verdict %s", code, r.Verdict)
	}
	return r
}

// told are the rule and path of each finding that counts.
func told(r *finding.Report) []string {
	var out []string
	for _, f := range r.Active() {
		out = append(out, f.RuleID+" "+f.Location.Path)
	}
	return out
}

// noticed reports whether a report has a notice with these words.
func noticed(r *finding.Report, words string) bool {
	return slices.ContainsFunc(r.Stats.Notices, func(n string) bool { return strings.Contains(n, words) })
}

// using is a workflow that uses an action, in a step of its own name.
func using(action string) string {
	return "name: ci\non: push\npermissions: {}\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n      - uses: " + action + "\n"
}

const unpinned = "workflow/unpinned-action"

func crlf(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }

func (c *checkout) link(to, name string) {
	c.t.Helper()
	if err := os.Symlink(to, filepath.Join(c.dir, name)); err != nil {
		c.t.Skip(err)
	}
}

// switchOn moves a file among the workflows, as new.yml.
func (c *checkout) switchOn(name string) {
	c.t.Helper()
	if err := os.MkdirAll(filepath.Join(c.dir, ".github/workflows"), 0o755); err != nil {
		c.t.Fatal(err)
	}
	c.git("mv", name, newFile)
}
