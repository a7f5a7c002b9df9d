package git

import (
	"bytes"
	"context"
	"crypto/sha1" //nolint:gosec // Git's own name of a text, not a safeguard
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"strings"
)

// Blobs gives the texts of IDs that a Tree has, by ID. It fails where one of them is not in the clone, and where all
// together are larger than 256 MiB.
func (r *Repo) Blobs(ctx context.Context, ids []string) (map[string][]byte, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	texts := make(map[string][]byte, len(ids))
	if len(ids) == 0 {
		return texts, nil
	}
	out, err := r.feed(ctx, strings.NewReader(strings.Join(ids, "\n")+"\n"), "cat-file", "--batch")
	if err != nil {
		return nil, err
	}
	for _, id := range ids { // "0123… blob 12", line end, 12 bytes, line end
		head, rest, _ := bytes.Cut(out, []byte{'\n'})
		fields := strings.Fields(string(head))
		if len(fields) != 3 || fields[0] != id || fields[1] != "blob" {
			return nil, fmt.Errorf("git cat-file: %s is not in this clone", id)
		}
		size, err := strconv.Atoi(fields[2])
		if err != nil || size < 0 || size >= len(rest) {
			return nil, fmt.Errorf("git cat-file: %s is cut short", id)
		}
		texts[id], out = rest[:size:size], rest[size+1:]
	}
	return texts, nil
}

// IgnoredUnder lists the files on disk that ignore patterns exclude and that lie below a folder of the given name, at any
// depth: paths relative to Root, with slashes, sorted.
func (r *Repo) IgnoredUnder(ctx context.Context, folder string) ([]string, error) {
	out, err := r.run(ctx, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", ":(glob)**/"+folder+"/**")
	if err != nil {
		return nil, err
	}
	files := splitNUL(out)
	slices.Sort(files)
	return files, nil
}

// IsBlob reports whether Git calls a text by an ID.
func IsBlob(text []byte, id string) bool { return slices.Contains(BlobIDs(text), id) }

// BlobIDs are what Git calls a text: in a repository of SHA-1, and in one of SHA-256.
func BlobIDs(text []byte) []string {
	return []string{blobID(sha1.New(), text), blobID(sha256.New(), text)} //nolint:gosec // see above
}

func blobID(h hash.Hash, text []byte) string {
	fmt.Fprintf(h, "blob %d\x00", len(text))
	h.Write(text)
	return hex.EncodeToString(h.Sum(nil))
}
