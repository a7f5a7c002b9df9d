package engine

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/git"
)

// hostile is a repository whose commits are made by hand.
type hostile struct {
	t   *testing.T
	dir string
}

func newHostile(t *testing.T) *hostile {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	h := &hostile{t, t.TempDir()}
	h.git(nil, "init", "--quiet")
	return h
}

func (h *hostile) git(in []byte, args ...string) string {
	h.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Stdin = h.dir, bytes.NewReader(in)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	out, err := cmd.CombinedOutput()
	if err != nil {
		h.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// entry is one of a tree, of which Git is not asked whether it may be.
func entry(mode, name, id string) []byte {
	raw, err := hex.DecodeString(id)
	if err != nil {
		panic(err)
	}
	return append(fmt.Appendf(nil, "%s %s\x00", mode, name), raw...)
}

func (h *hostile) tree(entries ...[]byte) string {
	return h.git(bytes.Join(entries, nil), "hash-object", "-t", "tree", "-w", "--stdin", "--literally")
}

// layOut lays out a tree all of whose files differ from what is on disk.
func (h *hostile) layOut(tree string) (*layout, error) {
	h.t.Helper()
	commit := h.git(nil, "commit-tree", "-m", "x", tree)
	target, err := Open(h.t.Context(), h.dir, "", nil)
	if err != nil {
		h.t.Fatal(err)
	}
	files, err := target.repo.Tree(h.t.Context(), commit)
	if err != nil {
		return nil, err
	}
	diff := &git.Diff{}
	for name := range files.Files {
		diff.Removed = append(diff.Removed, name)
	}
	return target.layOut(h.t.Context(), &change{repo: target.repo, base: commit, diff: diff})
}

// A commit is what somebody else made: it may hold names that lead out of the folder, and links to go through.
func TestLayOutOfHostileCommits(t *testing.T) {
	h := newHostile(t)
	temporary := t.TempDir()
	t.Setenv("TMPDIR", filepath.Join(temporary, "in"))
	if err := os.Mkdir(filepath.Join(temporary, "in"), 0o755); err != nil {
		t.Fatal(err)
	}
	blob := h.git([]byte("evil"), "hash-object", "-w", "--stdin")
	out := h.git([]byte(temporary), "hash-object", "-w", "--stdin")
	for name, tree := range map[string]string{
		"up":               h.tree(entry("100644", "../../evil", blob)),
		"a step up":        h.tree(entry("40000", "..", h.tree(entry("100644", "evil", blob)))),
		"absolute":         h.tree(entry("100644", temporary+"/evil", blob)),
		"Git's own":        h.tree(entry("40000", ".git", h.tree(entry("100644", "config", blob)))),
		"Git's own, loud":  h.tree(entry("40000", ".GIT", h.tree(entry("100644", "config", blob)))),
		"through a link":   h.tree(entry("120000", "a", out), entry("40000", "a", h.tree(entry("100644", "evil", blob)))),
		"a file and a dir": h.tree(entry("100644", "a", blob), entry("40000", "a", h.tree(entry("100644", "evil", blob)))),
	} {
		l, err := h.layOut(tree)
		if err == nil {
			t.Errorf("%s: no error", name)
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	left, err := filepath.Glob(filepath.Join(temporary, "*", "*"))
	if evil, _ := filepath.Glob(filepath.Join(temporary, "evil")); err != nil || len(left)+len(evil) > 0 {
		t.Errorf("left behind: %q, %q, %v", left, evil, err)
	}
}

// What is laid out is the commit: texts that differ from its objects, those that do not from disk, links as they are.
func TestLayOut(t *testing.T) {
	h := newHostile(t)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(h.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("same", "same")
	write("edited", "old")
	write("gone", "gone")
	if err := os.Symlink("/etc/passwd", filepath.Join(h.dir, "link")); err != nil {
		t.Skip(err)
	}
	h.git(nil, "add", "--all")
	h.git(nil, "commit", "--quiet", "--message=x")
	commit := h.git(nil, "rev-parse", "HEAD")
	write("edited", "new")
	write("added", "new")
	if err := os.Remove(filepath.Join(h.dir, "gone")); err != nil {
		t.Fatal(err)
	}
	target, err := Open(t.Context(), h.dir, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	diff, err := target.repo.Diff(t.Context(), commit)
	if err != nil {
		t.Fatal(err)
	}
	l, err := target.layOut(t.Context(), &change{repo: target.repo, base: commit, diff: diff})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // of a test
	got := map[string]string{}
	for _, name := range l.files {
		if target, err := os.Readlink(filepath.Join(l.dir, name)); err == nil {
			got[name] = "-> " + target
		} else if text, err := os.ReadFile(filepath.Join(l.dir, name)); err == nil {
			got[name] = string(text)
		}
	}
	want := map[string]string{"same": "same", "edited": "old", "gone": "gone", "link": "-> /etc/passwd"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}
