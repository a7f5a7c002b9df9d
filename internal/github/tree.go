package github

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	gh "github.com/google/go-github/v60/github"
)

// Tree is the files of a commit.
type Tree struct {
	Files map[string]string // ID of the text, by path from the repository's root, with slashes
	Modes map[string]string // of each file, as Git writes it: "100644", "100755", "120000"
	Links map[string]bool   // those of the files that are symbolic links
	large map[string]bool   // IDs of texts that are not worth a request
}

// maxBlob is how large a text may be to be asked for, in bytes.
const maxBlob = 4 << 20

// Tree lists the files of a commit (full hash), without submodules. It takes `contents: read`, and one request; it fails
// where GitHub does not list them all.
func (c *Client) Tree(ctx context.Context, commit string) (Tree, error) {
	ctx, cancel := context.WithTimeout(ctx, totalTime)
	defer cancel()
	var tree *gh.Tree
	err := retry(ctx, func(ctx context.Context, _ bool) (err error) {
		tree, _, err = c.api.Git.GetTree(ctx, c.owner, c.repo, commit, true)
		return err
	})
	if err != nil {
		return Tree{}, c.wrap("list the files of "+commit, "contents: read", err)
	}
	if tree.GetTruncated() {
		return Tree{}, fmt.Errorf("list the files of %s: GitHub does not list them all, as there are too many", commit)
	}
	t := Tree{Files: map[string]string{}, Modes: map[string]string{}, Links: map[string]bool{}, large: map[string]bool{}}
	for _, e := range tree.Entries {
		if e.GetType() != "blob" {
			continue
		}
		t.Files[e.GetPath()], t.Modes[e.GetPath()] = e.GetSHA(), e.GetMode()
		if e.GetMode() == "120000" {
			t.Links[e.GetPath()] = true
		}
		if e.GetSize() > maxBlob {
			t.large[e.GetSHA()] = true
		}
	}
	return t, nil
}

// Blob gives the text of an ID that a Tree has. It takes `contents: read`.
func (c *Client) Blob(ctx context.Context, t Tree, id string) ([]byte, error) {
	if t.large[id] {
		return nil, fmt.Errorf("read %s: it is larger than %d MiB", id, maxBlob>>20)
	}
	ctx, cancel := context.WithTimeout(ctx, totalTime)
	defer cancel()
	var blob *gh.Blob
	err := retry(ctx, func(ctx context.Context, _ bool) (err error) {
		blob, _, err = c.api.Git.GetBlob(ctx, c.owner, c.repo, id)
		return err
	})
	if err != nil {
		return nil, c.wrap("read "+id, "contents: read", err)
	}
	if blob.GetEncoding() != "base64" {
		return []byte(blob.GetContent()), nil
	}
	text, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(blob.GetContent(), "\n", ""))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", id, err)
	}
	return text, nil
}
