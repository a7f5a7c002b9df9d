package git

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTreeOfAnotherCommit(t *testing.T) {
	w := newWork(t)
	w.write("a b/ü.yaml", "one")
	if err := os.Symlink("a b/ü.yaml", filepath.Join(w.dir, "link")); err != nil {
		t.Fatal(err)
	}
	w.git("add", "--all")
	w.git("commit", "--quiet", "--message=first\n\nparent 0123456789012345678901234567890123456789")
	first := w.git("rev-parse", "HEAD")
	w.git("checkout", "--quiet", "-b", "side")
	w.write("a b/ü.yaml", "one", "two")
	w.git("commit", "--quiet", "--all", "--message=side")
	side := w.git("rev-parse", "HEAD")
	w.git("checkout", "--quiet", "main")
	w.git("merge", "--quiet", "--no-ff", "--message=merge", "side")

	r, err := Open(t.Context(), w.dir)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := r.Tree(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Files) != 2 || !tree.Links["link"] || tree.Links["a b/ü.yaml"] {
		t.Errorf("tree %+v", tree)
	}
	for path, want := range map[string]string{"a b/ü.yaml": "one\n", "link": "a b/ü.yaml"} {
		if got, err := r.Blob(t.Context(), tree.Files[path]); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	heads, err := r.Heads(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{w.git("rev-parse", "HEAD"), first, side}, heads); diff != "" {
		t.Errorf("heads (-want +got):\n%s", diff)
	}
	w.git("checkout", "--quiet", first)
	if heads, err := r.Heads(t.Context()); err != nil || len(heads) != 1 {
		t.Errorf("heads of a first commit, whose message names a parent: %q, %v", heads, err)
	}
	for _, commit := range []string{"0123456789012345678901234567890123456789", "--help"} {
		if _, err := r.Tree(t.Context(), commit); err == nil {
			t.Errorf("%s: no error", commit)
		}
	}
}

func TestHeadsOfAShallowClone(t *testing.T) {
	w := newWork(t)
	w.write("a", "one")
	w.git("add", "--all")
	w.git("commit", "--quiet", "--message=first")
	first := w.git("rev-parse", "HEAD")
	w.write("a", "two")
	w.git("commit", "--quiet", "--all", "--message=second")
	clone := filepath.Join(t.TempDir(), "clone")
	w.git("clone", "--quiet", "--depth=1", "file://"+w.dir, clone)
	r, err := Open(t.Context(), clone)
	if err != nil {
		t.Fatal(err)
	}
	heads, err := r.Heads(t.Context())
	if err != nil || len(heads) != 2 || heads[1] != first {
		t.Errorf("heads %q, %v; want the parent %s", heads, err, first)
	}
	if _, err := r.Tree(t.Context(), first); err == nil {
		t.Error("a tree that the clone does not have: no error")
	}
}

func TestBlobs(t *testing.T) {
	w := newWork(t)
	w.write("a", "one")
	w.write("b", "two", "", "three")
	w.write("empty")
	w.git("add", "--all")
	w.git("commit", "--quiet", "--message=first")
	r := w.open()
	tree, err := r.Tree(t.Context(), "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	want := map[string][]byte{}
	for path, id := range tree.Files {
		ids = append(ids, id, id)
		if want[id], err = os.ReadFile(filepath.Join(w.dir, path)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := r.Blobs(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
	for _, id := range []string{"0123456789012345678901234567890123456789", w.git("rev-parse", "HEAD"), "--help"} {
		if _, err := r.Blobs(t.Context(), []string{id}); err == nil {
			t.Errorf("%s: no error", id)
		}
	}
}

func TestIgnoredUnder(t *testing.T) {
	w := newWork(t)
	w.write(".gitignore", "charts/", "node_modules/")
	w.write("web/charts/redis/Chart.yaml", "x")
	w.write("web/node_modules/x", "x")
	got, err := w.open().IgnoredUnder(t.Context(), "charts")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"web/charts/redis/Chart.yaml"}, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestPatchLines(t *testing.T) {
	for name, test := range map[string]struct {
		patch string
		want  []LineRange
		fails bool
	}{
		"edited":               {"@@ -1,3 +1,3 @@ func\n a\n-b\n+B\n c", []LineRange{{2, 2}}, false},
		"added":                {"@@ -1 +1,2 @@\n a\n+b\n", []LineRange{{2, 2}}, false},
		"removed":              {"@@ -1,3 +1,2 @@\n a\n-b\n c\n", []LineRange{{1, 2}}, false},
		"removed at the top":   {"@@ -1,2 +1 @@\n-a\n b\n", []LineRange{{1, 1}}, false},
		"all removed":          {"@@ -1,2 +0,0 @@\n-a\n-b\n", []LineRange{{1, 1}}, false},
		"two hunks":            {"@@ -1 +1 @@\n-a\n+A\n@@ -9 +9 @@\n-b\n+B", []LineRange{{1, 1}, {9, 9}}, false},
		"no final newline":     {"@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+A\n\\ No newline at end of file", []LineRange{{1, 1}}, false},
		"a line like a header": {"@@ -1 +1,2 @@\n a\n+@@ -1 +1 @@\n", []LineRange{{2, 2}}, false},
		"cut short":            {"@@ -1,3 +1,3 @@\n a\n", nil, true},
		"no patch":             {"Binary files differ", nil, true},
		"endless":              {"@@ -1,99999999999999999999 +1 @@\n a\n", nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := PatchLines(test.patch)
			if (err != nil) != test.fails {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}
