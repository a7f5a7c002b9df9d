package engine

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/discover"
	"github.com/plimsoll-dev/plimsoll/internal/git"
)

// InRepository gives the path from the repository's root of one that is relative to Root: they differ where Root is a
// part of a larger repository.
func (t *Target) InRepository(path string) string { return t.prefix + path }

// Git is the repository that Root is in, or an error outside of Git.
func (t *Target) Git() (*git.Repo, error) {
	if t.repo == nil {
		return nil, errors.New(t.noGit)
	}
	return t.repo, nil
}

// Heads gives the commit that is checked out and its parents, full hashes; see git.Repo.Heads.
func (t *Target) Heads(ctx context.Context) ([]string, error) {
	repo, err := t.Git()
	if err != nil {
		return nil, err
	}
	return repo.Heads(ctx)
}

// HasBlob reports whether a file (path from the repository's root) is on disk as the text that Git calls by an ID.
func (t *Target) HasBlob(name, id string) bool {
	rel, inside := strings.CutPrefix(name, t.prefix)
	if !inside {
		return true // it is not linted
	}
	root, err := os.OpenRoot(t.Root)
	if err != nil {
		return false
	}
	defer root.Close() //nolint:errcheck // only read
	data, found, err := discover.ReadRegular(root, rel, maxCopied)
	return found && err == nil && git.IsBlob(data, id)
}
