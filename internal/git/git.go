// Package git asks Git about the repository under lint: which files belong to it, and which lines of them changed. It is
// the only package that runs git.
//
// The repository is hostile: what its own configuration, attributes and hooks would have git run is switched off in
// command, and nothing here lets git reach for the network or write to the repository.
package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

var (
	// ErrNoGit says that there is no git program to ask.
	ErrNoGit = errors.New("git is not installed")
	// ErrNotRepository says that a folder is in no Git repository with a work tree.
	ErrNotRepository = errors.New("not in a Git repository")
)

// Repo is a Git repository with a work tree.
type Repo struct {
	git     string // absolute path of the program
	root    string // absolute path of the work tree
	quiet   []string
	partial bool     // objects may be missing, since they were left at a remote
	extra   []string // variables of the environment
}

// Open finds the repository whose work tree holds dir, which must exist. The error wraps ErrNotRepository or ErrNoGit
// where these are the reason; all others mean that there is a repository which git cannot use.
func Open(ctx context.Context, dir string) (*Repo, error) {
	root, err := findRoot(dir)
	if err != nil {
		return nil, err
	}
	program, err := findGit(root)
	if err != nil {
		return nil, err
	}
	r := &Repo{git: program, root: root}
	if _, err := r.run(ctx, "rev-parse", "--git-dir"); err != nil {
		if strings.Contains(err.Error(), "not a git repository") {
			return nil, fmt.Errorf("%s: %w", dir, ErrNotRepository)
		}
		return nil, err
	}
	if err := r.readConfig(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// Root is the absolute path of the work tree, with symbolic links resolved.
func (r *Repo) Root() string { return r.root }

// Origin is the address of the remote called origin, as it is written; "" where there is none.
func (r *Repo) Origin(ctx context.Context) string {
	out, err := r.run(ctx, "config", "--local", "--get", "remote.origin.url")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// Files lists the files of the repository: tracked ones, and untracked ones that no ignore pattern excludes. Paths are
// relative to Root, with slashes, sorted. A listed file may be missing on disk, be a symbolic link, or be the folder
// of a submodule; a path that ends in a slash is a repository of its own. Never nil: an empty repository has no files, which
// is not the same as not being one.
func (r *Repo) Files(ctx context.Context) ([]string, error) {
	out, err := r.run(ctx, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return nil, err
	}
	files := append([]string{}, splitNUL(out)...)
	slices.Sort(files)
	return slices.Compact(files), nil
}

// MergeBase gives the commit (full hash) at which the work tree's branch and rev parted.
func (r *Repo) MergeBase(ctx context.Context, rev string) (string, error) {
	theirs, err := r.commit(ctx, rev)
	if err != nil {
		return "", err
	}
	ours, err := r.commit(ctx, "HEAD")
	if err != nil {
		return "", err
	}
	out, err := r.run(ctx, "merge-base", ours, theirs)
	if exitCode(err) == 1 {
		return "", fmt.Errorf("HEAD and %q have no common commit%s", rev, r.shallowHint(ctx))
	}
	return strings.TrimSpace(string(out)), err
}

// commit resolves a revision to the full hash of a commit.
func (r *Repo) commit(ctx context.Context, rev string) (string, error) {
	out, err := r.run(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if exitCode(err) == 1 || err == nil && len(out) == 0 {
		return "", fmt.Errorf("unknown revision %q%s", rev, r.shallowHint(ctx))
	}
	return strings.TrimSpace(string(out)), err
}

// shallowHint tells the usual reason for missing history, or is empty.
func (r *Repo) shallowHint(ctx context.Context) string {
	out, err := r.run(ctx, "rev-parse", "--is-shallow-repository")
	if err == nil && strings.TrimSpace(string(out)) == "true" {
		return ": this is a shallow clone; fetch the whole history (actions/checkout: fetch-depth: 0)"
	}
	return ""
}

// findRoot goes up from dir to the first folder that holds .git. Git's own search would also accept a folder that looks
// like a bare repository, which any checkout can contain.
func findRoot(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	abs, err = filepath.EvalSymlinks(abs)
	if err != nil {
		return "", err
	}
	for at := abs; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("%s: %w", dir, ErrNotRepository)
		}
	}
}

// findGit finds the program on the PATH, but never one that the repository itself brings along.
func findGit(root string) (string, error) {
	program, err := exec.LookPath("git")
	if err != nil {
		return "", ErrNoGit
	}
	program, err = filepath.EvalSymlinks(program)
	if err != nil {
		return "", err
	}
	if rel, err := filepath.Rel(root, program); err == nil && filepath.IsLocal(rel) {
		return "", fmt.Errorf("%w: %s is part of the repository under lint", ErrNoGit, program)
	}
	return program, nil
}

func splitNUL(out []byte) []string {
	var items []string
	for item := range bytes.SplitSeq(out, []byte{0}) {
		if len(item) > 0 {
			items = append(items, string(item))
		}
	}
	return items
}
