package git

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lend gives the files of a commit, as somebody who has it would.
func (w *work) lend(commit string) Loan {
	w.t.Helper()
	loan := Loan{Text: func(_ context.Context, id string) ([]byte, error) { return w.open().Blob(w.t.Context(), id) }}
	for line := range strings.Lines(w.git("ls-tree", "-r", commit)) {
		meta, path, _ := strings.Cut(strings.TrimSpace(line), "\t")
		fields := strings.Fields(meta)
		loan.Entries = append(loan.Entries, Entry{Mode: fields[0], ID: fields[2], Path: path})
	}
	return loan
}

// shallow makes a clone of the last of two commits, in a folder whose name holds what separates folders in a list, and gives
// a loan of the first.
func shallow(t *testing.T) (clone string, loan Loan) {
	w := newWork(t)
	w.write("same.yaml", "one")
	w.write("other.yaml", "one", "two")
	w.write("gone.yaml", "one")
	w.git("add", "--all")
	w.git("commit", "--quiet", "--message=first")
	first := w.git("rev-parse", "HEAD")
	w.write("other.yaml", "one", "2")
	w.git("rm", "--quiet", "gone.yaml")
	w.git("commit", "--quiet", "--all", "--message=second")
	clone = filepath.Join(t.TempDir(), `a:b"c`, "clone")
	w.git("clone", "--quiet", "--depth=1", "file://"+w.dir, clone)
	return clone, w.lend(first)
}

func TestBorrow(t *testing.T) {
	clone, loan := shallow(t)
	r, err := Open(t.Context(), clone)
	if err != nil {
		t.Fatal(err)
	}
	before := listing(t, clone)
	lent, err := r.Borrow(t.Context(), loan)
	if err != nil {
		t.Fatal(err)
	}
	diff, err := lent.Diff(t.Context(), lent.Commit)
	if err != nil {
		t.Fatal(err)
	}
	want := Changes{"other.yaml": {{2, 2}}, "gone.yaml": nil}
	if diff := cmp.Diff(want, diff.Lines); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if _, err := r.Tree(t.Context(), lent.Commit); err == nil {
		t.Error("the clone itself knows the commit")
	}
	if err := lent.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(lent.dir); err == nil {
		t.Errorf("%s is left", lent.dir)
	}
	if diff := cmp.Diff(before, listing(t, clone)); diff != "" {
		t.Errorf("the clone was written to (-before +after):\n%s", diff)
	}
}

// listing is the paths of all files below a folder.
func listing(t *testing.T, dir string) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		paths = append(paths, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// What is lent is not believed.
func TestBorrowFromALiar(t *testing.T) {
	clone, _ := shallow(t)
	for name, test := range map[string]struct {
		spoil func(l *Loan)
		want  string
	}{
		"another text": {
			func(l *Loan) { l.Text = func(context.Context, string) ([]byte, error) { return []byte("other"), nil } },
			"not what its ID says",
		},
		"an option for an ID": {func(l *Loan) { l.Entries[0].ID = "--batch-all-objects" }, "no ID of a text"},
		"the folder of Git":   {func(l *Loan) { l.Entries[0].Path = ".git/config" }, "no work tree may have"},
		"a path out":          {func(l *Loan) { l.Entries[0].Path = "../out" }, "no work tree may have"},
		"no mode":             {func(l *Loan) { l.Entries[0].Mode = "" }, "update-index"},
		"two records in one":  {func(l *Loan) { l.Entries[0].Path = "a\x00100644 " + l.Entries[0].ID + "\t../out" }, "no path has NUL"},
	} {
		t.Run(name, func(t *testing.T) {
			_, loan := shallow(t)
			test.spoil(&loan)
			r, err := Open(t.Context(), clone)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Borrow(t.Context(), loan); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one that says %q", err, test.want)
			}
		})
	}
}
