package git

import (
	"context"
	"fmt"
	"strings"
)

// Tree is the files of a commit.
type Tree struct {
	Files map[string]string // ID of the text, by path from the repository's root, with slashes
	Links map[string]bool   // those of the files that are symbolic links
}

// Tree lists the files of a commit (full hash), without submodules. It fails where the commit is not in the clone.
func (r *Repo) Tree(ctx context.Context, commit string) (Tree, error) {
	commit, err := r.commit(ctx, commit)
	if err != nil {
		return Tree{}, err
	}
	out, err := r.run(ctx, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return Tree{}, err
	}
	t := Tree{Files: map[string]string{}, Links: map[string]bool{}}
	for _, record := range splitNUL(out) { // "100644 blob 0123…\tpath"
		meta, path, found := strings.Cut(record, "\t")
		fields := strings.Fields(meta)
		if !found || len(fields) != 3 {
			return Tree{}, fmt.Errorf("git ls-tree: unexpected record %q", record)
		}
		if fields[1] != "blob" {
			continue
		}
		t.Files[path] = fields[2]
		if fields[0] == "120000" {
			t.Links[path] = true
		}
	}
	return t, nil
}

// Blob gives the text of an ID that a Tree has.
func (r *Repo) Blob(ctx context.Context, id string) ([]byte, error) {
	return r.run(ctx, "cat-file", "blob", id)
}

// Heads gives the commit that is checked out (full hash) and its parents, of which a shallow clone knows the names alone.
// It fails where there is no commit yet.
func (r *Repo) Heads(ctx context.Context) ([]string, error) {
	head, err := r.commit(ctx, "HEAD")
	if err != nil {
		return nil, err
	}
	out, err := r.run(ctx, "cat-file", "commit", head)
	if err != nil {
		return nil, err
	}
	header, _, _ := strings.Cut(string(out), "\n\n") // what follows is the message, which may say anything
	heads := []string{head}
	for line := range strings.Lines(header) {
		if parent, ok := strings.CutPrefix(line, "parent "); ok {
			heads = append(heads, strings.TrimSpace(parent))
		}
	}
	return heads, nil
}
