package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Entry is a file of a commit.
type Entry struct {
	Mode string // as Git writes it: "100644", "100755", "120000"
	ID   string // of its text
	Path string // from the repository's root, with slashes
}

// Loan is the files of a commit that is not in a clone, from somebody who has it.
type Loan struct {
	Entries []Entry                                              // all files of the commit
	Text    func(ctx context.Context, id string) ([]byte, error) // of the ID that an entry has
}

// maxLent is how many texts are asked for: each may be a request over the network.
const maxLent = 300

// Borrowed is a clone to which the files of a commit were lent.
type Borrowed struct {
	*Repo
	Commit string // full hash of a commit, of our own making, that has the files

	dir string
}

// Close gives back what was lent.
func (b *Borrowed) Close() error { return os.RemoveAll(b.dir) }

// Borrow gives the same repository with the files of one more commit. The texts that the clone lacks are asked for; they are
// kept in a folder of the system's temporary ones, and nothing is written to the clone. It fails where more than 300 are
// lacking, and where a text is not what its ID says.
func (r *Repo) Borrow(ctx context.Context, loan Loan) (*Borrowed, error) {
	objects, err := r.run(ctx, "rev-parse", "--git-path", "objects")
	if err != nil {
		return nil, err
	}
	own := strings.TrimSpace(string(objects))
	if !filepath.IsAbs(own) {
		own = filepath.Join(r.root, own)
	}
	lacking, err := r.lacking(ctx, loan.Entries)
	if err != nil {
		return nil, err
	}
	if len(lacking) > maxLent {
		return nil, fmt.Errorf("%d texts are not in this clone, and no more than %d are asked for", len(lacking), maxLent)
	}
	dir, err := os.MkdirTemp("", "plimsoll-loan-")
	if err != nil {
		return nil, err
	}
	lent := *r
	b := &Borrowed{Repo: &lent, dir: dir}
	lent.extra = []string{
		"GIT_OBJECT_DIRECTORY=" + filepath.Join(dir, "objects"),
		"GIT_ALTERNATE_OBJECT_DIRECTORIES=" + strconv.Quote(own), // a path may hold the separator
	}
	if b.Commit, err = lent.receive(ctx, dir, loan, lacking); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// lacking gives the IDs of the texts that are not in the clone, sorted.
func (r *Repo) lacking(ctx context.Context, entries []Entry) ([]string, error) {
	var ids strings.Builder
	for _, e := range entries {
		if strings.Trim(e.ID, "0123456789abcdef") != "" || len(e.ID) < 40 {
			return nil, fmt.Errorf("%q: %q is no ID of a text", e.Path, e.ID)
		}
		if strings.Contains(e.Mode+e.Path, "\x00") { // what ends a record
			return nil, fmt.Errorf("%q: no path has NUL", e.Path)
		}
		fmt.Fprintln(&ids, e.ID)
	}
	out, err := r.feed(ctx, strings.NewReader(ids.String()), "cat-file", "--batch-check")
	if err != nil {
		return nil, err
	}
	var lacking []string
	for line := range strings.Lines(string(out)) {
		if id, missing := strings.CutSuffix(strings.TrimSpace(line), " missing"); missing {
			lacking = append(lacking, id)
		}
	}
	slices.Sort(lacking)
	return slices.Compact(lacking), nil
}

// receive writes what is lent to the repository's own objects, which are in dir, and makes a commit of it.
func (r *Repo) receive(ctx context.Context, dir string, loan Loan, lacking []string) (string, error) {
	if err := os.Mkdir(filepath.Join(dir, "objects"), 0o700); err != nil {
		return "", err
	}
	for _, id := range lacking {
		text, err := loan.Text(ctx, id)
		if err != nil {
			return "", err
		}
		if !IsBlob(text, id) {
			return "", fmt.Errorf("the text of %s is not what its ID says", id)
		}
		if _, err := r.feed(ctx, bytes.NewReader(text), "hash-object", "-w", "--stdin"); err != nil {
			return "", err
		}
	}
	var index bytes.Buffer
	for _, e := range loan.Entries {
		fmt.Fprintf(&index, "%s %s\t%s\x00", e.Mode, e.ID, e.Path)
	}
	indexed := *r
	indexed.extra = append(slices.Clone(r.extra), "GIT_INDEX_FILE="+filepath.Join(dir, "index"))
	if _, err := indexed.feed(ctx, &index, "update-index", "-z", "--index-info"); err != nil {
		return "", err
	}
	tree, err := indexed.run(ctx, "write-tree")
	if err != nil {
		return "", err
	}
	const nobody = "GIT_%s_NAME=nobody\nGIT_%[1]s_EMAIL=nobody@localhost\nGIT_%[1]s_DATE=@0 +0000"
	for _, who := range []string{"AUTHOR", "COMMITTER"} {
		indexed.extra = append(indexed.extra, strings.Split(fmt.Sprintf(nobody, who), "\n")...)
	}
	out, err := indexed.run(ctx, "commit-tree", "-m", "lent", strings.TrimSpace(string(tree)))
	if err != nil {
		return "", err
	}
	commit := strings.TrimSpace(string(out))
	received, err := r.Tree(ctx, commit)
	if err == nil && len(received.Files) != len(loan.Entries) {
		err = errors.New("it has a path that no work tree may have")
	}
	return commit, err
}
