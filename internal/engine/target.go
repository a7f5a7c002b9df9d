package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/git"
	"github.com/plimsoll-dev/plimsoll/internal/triage"
)

// Target is the repository, or plain folder, under lint.
type Target struct {
	Root  string   // absolute, links resolved
	Paths []string // what is asked for, absolute; none means all

	repo   *git.Repo // nil outside of Git
	prefix string    // of Root inside the work tree, with a slash at its end; "" where they are the same
	origin string    // where it was cloned from; "" where that is not known
	noGit  string    // why repo is nil
}

// Open finds what to lint. With an explicit root that folder is taken as the repository's root, though it may be a part
// of a larger one; otherwise the root is that of the Git work tree around the first path or, outside of Git, the first
// path if it is a folder, else dir. An error means that a path is wrong.
func Open(ctx context.Context, dir, root string, paths []string) (*Target, error) {
	t := &Target{}
	for _, p := range paths {
		abs := Absolute(dir, p)
		if _, err := os.Lstat(abs); err != nil {
			return nil, fmt.Errorf("path %s does not exist", p)
		}
		t.Paths = append(t.Paths, abs)
	}
	start := dir
	switch {
	case root != "":
		start = Absolute(dir, root)
		if info, err := os.Stat(start); err == nil && !info.IsDir() {
			return nil, fmt.Errorf("--root %s is not a folder", root)
		}
	case len(t.Paths) > 0:
		start = t.Paths[0]
	}
	folder, err := folderOf(start)
	if err != nil {
		return nil, err
	}
	repo, err := git.Open(ctx, folder)
	switch {
	case err == nil:
		t.repo, t.Root = repo, repo.Root()
		t.origin = repo.Origin(ctx)
	case errors.Is(err, git.ErrNotRepository), errors.Is(err, git.ErrNoGit):
		t.noGit, t.Root = err.Error(), folder
	default:
		return nil, err
	}
	if root != "" && t.repo != nil {
		rel, err := filepath.Rel(t.Root, folder)
		if err != nil {
			return nil, err
		}
		if rel != "." {
			t.prefix = filepath.ToSlash(rel) + "/"
		}
		t.Root = folder
	}
	t.dropRoot()
	return t, nil
}

// dropRoot forgets a path that is the root itself: it selects everything.
func (t *Target) dropRoot() {
	for _, p := range t.Paths {
		if resolved, err := filepath.EvalSymlinks(p); err == nil && resolved == t.Root {
			t.Paths = nil
			return
		}
	}
}

// Absolute gives a path as seen from dir.
func Absolute(dir, p string) string {
	if filepath.IsAbs(p) {
		return filepath.Clean(p)
	}
	return filepath.Join(dir, p)
}

// folderOf is the folder itself, or the one that holds the file, with links resolved.
func folderOf(p string) (string, error) {
	info, err := os.Stat(p)
	if err != nil {
		return "", fmt.Errorf("path %s does not exist", p)
	}
	if !info.IsDir() {
		p = filepath.Dir(p)
	}
	return filepath.EvalSymlinks(p)
}

// files lists the repository's files relative to Root as Git knows them; nil outside of Git.
func (t *Target) files(ctx context.Context) ([]string, error) {
	if t.repo == nil {
		return nil, nil
	}
	all, err := t.repo.Files(ctx)
	if err != nil {
		return nil, err
	}
	files := make([]string, 0, len(all))
	for _, f := range all {
		if rel, inside := strings.CutPrefix(f, t.prefix); inside {
			files = append(files, rel)
		}
	}
	return files, nil
}

// scope tells which lines changed since the merge base of HEAD and rev.
func (t *Target) scope(ctx context.Context, rev string) (*triage.Scope, error) {
	if t.repo == nil {
		return nil, fmt.Errorf("--since needs a Git repository: %s", t.noGit)
	}
	base, err := t.repo.MergeBase(ctx, rev)
	if err != nil {
		return nil, err
	}
	changed, err := t.repo.ChangedLines(ctx, base)
	if err != nil {
		return nil, err
	}
	return &triage.Scope{
		Since:        rev,
		Changed:      func(file string, first, last int) bool { return changed.Touches(t.prefix+file, first, last) },
		ChangedUnder: func(dir string) bool { return changed.Under(path.Join(t.prefix, dir)) },
	}, nil
}
