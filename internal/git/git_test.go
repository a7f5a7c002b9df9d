package git

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// work is a repository for one test.
type work struct {
	t       *testing.T
	dir     string
	commits int
}

func newWork(t *testing.T) *work {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &work{t: t, dir: dir}
	w.git("init", "--quiet", "--initial-branch=main")
	w.git("config", "user.name", "Ann")
	w.git("config", "user.email", "ann@example.com")
	return w
}

func (w *work) git(args ...string) string {
	w.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = w.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		w.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func (w *work) write(name string, lines ...string) {
	w.t.Helper()
	file := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

func (w *work) commit() string {
	w.t.Helper()
	w.commits++
	w.git("add", "--all")
	w.git("commit", "--quiet", "--allow-empty", fmt.Sprintf("--message=change %d", w.commits))
	return w.git("rev-parse", "HEAD")
}

func (w *work) open() *Repo {
	w.t.Helper()
	r, err := Open(context.Background(), w.dir)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *work) changes(base string) Changes {
	w.t.Helper()
	c, err := w.open().ChangedLines(context.Background(), base)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func TestOpen(t *testing.T) {
	w := newWork(t)
	w.write("deep/er/file", "x")
	r, err := Open(context.Background(), filepath.Join(w.dir, "deep", "er"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Root() != w.dir {
		t.Errorf("root is %s, want %s", r.Root(), w.dir)
	}
}

func TestOrigin(t *testing.T) {
	w := newWork(t)
	r := w.open()
	if got := r.Origin(context.Background()); got != "" {
		t.Errorf("origin %q of a repository without one", got)
	}
	w.git("remote", "add", "origin", "git@example.com:shop/web.git")
	if got := r.Origin(context.Background()); got != "git@example.com:shop/web.git" {
		t.Errorf("origin %q", got)
	}
}

func TestOpenOutside(t *testing.T) {
	newWork(t)
	if _, err := Open(context.Background(), t.TempDir()); !errors.Is(err, ErrNotRepository) {
		t.Errorf("got %v, want ErrNotRepository", err)
	}
}

// A folder that looks like a bare repository can be checked in anywhere; its configuration must not be read.
func TestOpenIgnoresBareRepositoryInTree(t *testing.T) {
	w := newWork(t)
	w.git("init", "--quiet", "--bare", "trap")
	r, err := Open(context.Background(), filepath.Join(w.dir, "trap"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Root() != w.dir {
		t.Errorf("root is %s, want %s", r.Root(), w.dir)
	}
}

func TestOpenEmptyGitFolderIsNoRepository(t *testing.T) {
	w := newWork(t)
	if err := os.MkdirAll(filepath.Join(w.dir, "sub", ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), filepath.Join(w.dir, "sub")); !errors.Is(err, ErrNotRepository) {
		t.Errorf("got %v, want ErrNotRepository", err)
	}
}

func TestOpenWithoutGit(t *testing.T) {
	w := newWork(t)
	t.Setenv("PATH", t.TempDir())
	if _, err := Open(context.Background(), w.dir); !errors.Is(err, ErrNoGit) {
		t.Errorf("got %v, want ErrNoGit", err)
	}
}

func TestOpenRefusesGitFromTheRepository(t *testing.T) {
	w := newWork(t)
	bin := filepath.Join(w.dir, "bin")
	w.write("bin/git", "#!/bin/sh", "touch "+w.dir+"/ran")
	if err := os.Chmod(filepath.Join(bin, "git"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{bin, "bin"} {
		t.Setenv("PATH", path)
		t.Chdir(w.dir)
		if _, err := Open(context.Background(), w.dir); !errors.Is(err, ErrNoGit) {
			t.Errorf("PATH=%s: got %v, want ErrNoGit", path, err)
		}
	}
	if _, err := os.Stat(filepath.Join(w.dir, "ran")); err == nil {
		t.Error("the repository's own git ran")
	}
}

func TestFiles(t *testing.T) {
	w := newWork(t)
	w.write(".gitignore", "ignored*")
	w.write("tracked", "x")
	w.write("gone", "x")
	w.commit()
	w.write("ignored", "x")
	w.write("dir/new\nline ü", "x")
	if err := os.Remove(filepath.Join(w.dir, "gone")); err != nil {
		t.Fatal(err)
	}
	got, err := w.open().Files(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{".gitignore", "dir/new\nline ü", "gone", "tracked"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestFilesOfEmptyRepository(t *testing.T) {
	files, err := newWork(t).open().Files(context.Background())
	if err != nil || files == nil || len(files) > 0 {
		t.Errorf("got %#v, %v, want an empty list that is not nil", files, err)
	}
}

func TestChangedLines(t *testing.T) {
	w := newWork(t)
	w.write("edited", "1", "2", "3", "4", "5")
	w.write("shrunk", "1", "2", "3", "4")
	w.write("beheaded", "1", "2")
	w.write("deleted", "x")
	w.write("same", "x")
	w.write("mode", "x")
	base := w.commit()

	w.write("edited", "1", "two", "3", "4", "5", "six", "seven")
	w.write("shrunk", "1", "4")
	w.write("beheaded", "2")
	w.write("staged", "-- a", "+++ b", "@@ -1 +1 @@")
	w.git("add", "staged")
	w.write("untracked", "x")
	w.git("rm", "--quiet", "deleted")
	w.git("update-index", "--chmod=+x", "mode")
	if err := os.Chmod(filepath.Join(w.dir, "mode"), 0o755); err != nil {
		t.Fatal(err)
	}
	all := []LineRange{{1, math.MaxInt}}
	want := Changes{
		"edited":    {{2, 2}, {6, 7}},
		"shrunk":    {{1, 2}},
		"beheaded":  {{1, 1}},
		"staged":    all,
		"untracked": all,
		"deleted":   nil,
		"mode":      nil,
	}
	if diff := cmp.Diff(want, w.changes(base)); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestChangedLinesOfRenamedFiles(t *testing.T) {
	text := func(first string) []string {
		return []string{first, "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}
	}
	all := []LineRange{{1, math.MaxInt}}
	tests := map[string]struct {
		before, after string
		want          []LineRange
	}{
		"moved":                       {"base/app.yaml", "apps/web/app.yaml", []LineRange{{1, 1}}},
		"workflow renamed":            {".github/workflows/a.yml", ".github/workflows/b.yaml", []LineRange{{1, 1}}},
		"put among the workflows":     {"disabled/a.yml", ".github/workflows/a.yml", all},
		"workflow switched on":        {".github/workflows/a.yml.off", ".github/workflows/a.yml", all},
		"given a name with a meaning": {"Dockerfile.old", "Dockerfile", all},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWork(t)
			w.write(tt.before, text("1")...)
			base := w.commit()
			w.write(tt.after, text("one")...)
			if err := os.Remove(filepath.Join(w.dir, tt.before)); err != nil {
				t.Fatal(err)
			}
			w.git("add", "--all")
			if diff := cmp.Diff(Changes{tt.after: tt.want}, w.changes(base)); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
}

// A link's type change is two patches; what follows must not slip by one.
func TestChangedLinesOfLinkThatBecomesFile(t *testing.T) {
	w := newWork(t)
	if err := os.Symlink("target", filepath.Join(w.dir, "a")); err != nil {
		t.Skip(err)
	}
	w.write("b", "1", "2", "3")
	base := w.commit()
	if err := os.Remove(filepath.Join(w.dir, "a")); err != nil {
		t.Fatal(err)
	}
	w.write("a", "1")
	w.write("b", "1", "2", "three")
	want := Changes{"a": {{1, math.MaxInt}}, "b": {{3, 3}}}
	if diff := cmp.Diff(want, w.changes(base)); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestChangedLinesOfConflict(t *testing.T) {
	w := newWork(t)
	w.write("a", "1")
	w.write("b", "1")
	base := w.commit()
	w.git("checkout", "--quiet", "-b", "side")
	w.write("a", "side")
	w.commit()
	w.git("checkout", "--quiet", "main")
	w.write("a", "main")
	w.write("b", "1", "2")
	w.commit()
	cmd := exec.Command("git", "merge", "side")
	cmd.Dir = w.dir
	if err := cmd.Run(); err == nil {
		t.Fatal("the merge was to be a conflict")
	}
	c := w.changes(base)
	if !c.Touches("a", 1, 1) || !c.Touches("b", 2, 2) || c.Touches("b", 1, 1) {
		t.Errorf("got %v", c)
	}
}

// What the pull request under review says in .gitattributes must not hide its lines.
func TestChangedLinesDespiteAttributes(t *testing.T) {
	w := newWork(t)
	w.write("ci.yml", "1", "2")
	base := w.commit()
	w.write("ci.yml", "1", "two")
	w.write(".gitattributes", "*.yml -diff binary")
	w.commit()
	if c := w.changes(base); !c.Touches("ci.yml", 2, 2) || c.Touches("ci.yml", 1, 1) {
		t.Errorf("got %v", c)
	}
}

// A repository that came as an archive brings its own configuration along. Each of its programs leaves a trace.
func TestHostileConfigurationRunsNothing(t *testing.T) {
	w := newWork(t)
	w.write("ci.yml", "1", "2")
	base := w.commit()
	w.write("ci.yml", "1", "two")
	w.write(".gitattributes", "*.yml filter=evil diff=evil")
	trace := filepath.Join(t.TempDir(), "ran")
	script := filepath.Join(t.TempDir(), "evil.sh")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho \"$0 $*\" >>"+trace+"\ncat\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{
		"core.fsmonitor", "core.pager", "pager.diff", "core.sshCommand", "core.editor", "diff.external", "diff.evil.command",
		"diff.evil.textconv", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "credential.helper",
	} {
		w.git("config", key, script)
	}
	w.git("config", "filter.evil.required", "true")
	w.git("config", "core.worktree", "/")
	for _, hook := range []string{"post-index-change", "fsmonitor-watchman", "reference-transaction"} {
		if err := os.MkdirAll(filepath.Join(w.dir, ".git/hooks"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(script, filepath.Join(w.dir, ".git/hooks", hook)); err != nil {
			t.Skip(err)
		}
	}
	r := w.open()
	if files, err := r.Files(context.Background()); err != nil || len(files) != 2 {
		t.Errorf("files: %v, %v", files, err)
	}
	commit, err := r.MergeBase(context.Background(), base)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := r.ChangedLines(context.Background(), commit); err != nil || !c.Touches("ci.yml", 2, 2) {
		t.Errorf("changes: %v, %v", c, err)
	}
	if ran, err := os.ReadFile(trace); err == nil {
		t.Errorf("the repository's programs ran:\n%s", ran)
	}
}

// A partial clone fetches what it lacks from its remote, and a remote may be a program.
func TestPartialCloneFetchesNothing(t *testing.T) {
	w := newWork(t)
	w.write("a", "1")
	base := w.commit()
	blob := w.git("rev-parse", "HEAD:a")
	w.write("a", "2")
	w.commit()
	trace := filepath.Join(t.TempDir(), "ran")
	w.git("config", "core.repositoryFormatVersion", "1")
	w.git("config", "extensions.partialClone", "origin")
	w.git("config", "remote.origin.promisor", "true")
	w.git("config", "remote.origin.url", "ext::touch "+trace)
	w.git("config", "protocol.ext.allow", "always")
	if err := os.Remove(filepath.Join(w.dir, ".git/objects", blob[:2], blob[2:])); err != nil {
		t.Fatal(err)
	}
	_, err := w.open().ChangedLines(context.Background(), base)
	if err == nil || !strings.Contains(err.Error(), "partial clone") {
		t.Errorf("got %v, want an error that names the partial clone", err)
	}
	if _, err := os.Stat(trace); err == nil {
		t.Error("the remote's program ran")
	}
}

func TestMergeBase(t *testing.T) {
	w := newWork(t)
	w.write("a", "1")
	fork := w.commit()
	w.git("checkout", "--quiet", "-b", "feature")
	w.commit()
	w.git("checkout", "--quiet", "main")
	w.commit()
	got, err := w.open().MergeBase(context.Background(), "feature")
	if err != nil || got != fork {
		t.Errorf("got %s, %v, want %s", got, err, fork)
	}
}

func TestMergeBaseErrors(t *testing.T) {
	w := newWork(t)
	w.write("a", "1")
	w.commit()
	w.git("checkout", "--quiet", "--orphan", "other")
	w.commit()
	w.git("checkout", "--quiet", "main")
	w.commit()
	clone := filepath.Join(t.TempDir(), "clone")
	w.git("clone", "--quiet", "--depth=1", "file://"+w.dir, clone)

	tests := map[string]struct{ dir, rev, want string }{
		"unknown":         {w.dir, "no/such", `unknown revision "no/such"`},
		"looks like flag": {w.dir, "--all", `unknown revision "--all"`},
		"not a commit":    {w.dir, "HEAD:a", `unknown revision "HEAD:a"`},
		"unrelated":       {w.dir, "other", `no common commit`},
		"shallow":         {clone, "HEAD~1", "fetch-depth: 0"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r, err := Open(context.Background(), tt.dir)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.MergeBase(context.Background(), tt.rev); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestUnder(t *testing.T) {
	c := Changes{"charts/web/values.yaml": nil}
	for dir, want := range map[string]bool{
		".": true, "charts": true, "charts/web": true, "charts/web/values.yaml": true, "charts/we": false, "other": false,
	} {
		if got := c.Under(dir); got != want {
			t.Errorf("Under(%q) = %v", dir, got)
		}
	}
}
