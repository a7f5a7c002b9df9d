package engine

import (
	"context"
	"errors"

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
