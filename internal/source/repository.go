package source

import (
	"slices"
	"sort"
	"strings"
)

// Repository gives the files of the repository under lint to those who must look beyond one document: a workflow calls
// another, a lock lies beside a chart. What it gives is context and is linted elsewhere. Its functions may be called at
// the same time. A nil Repository holds no files.
type Repository struct {
	// Address is where it was cloned from, as the clone's own settings say it: https://host/owner/name, git@host:owner/name;
	// "" where they do not.
	Address string
	// Paths are those of all files of the repository, sorted, whatever is selected for linting.
	Paths []string
	// ReadFile gives the text of one of them; nil where it is no file of the repository or cannot be read within bounds.
	ReadFile func(path string) []byte
	// Parse gives a workflow or an action of them; nil where the path leads to neither, or to one that cannot be parsed.
	Parse func(path string) *Document
	// Owner is the account of GitHub's that the repository belongs to, in lower case; "" where that is not known.
	Owner string
}

// Has reports whether the repository holds a file.
func (r *Repository) Has(path string) bool {
	if r == nil {
		return false
	}
	_, found := slices.BinarySearch(r.Paths, path)
	return found
}

// HasFolder reports whether a file of the repository lies in a folder or below; the root is no such folder.
func (r *Repository) HasFolder(folder string) bool {
	if r == nil || folder == "" {
		return false
	}
	i := sort.SearchStrings(r.Paths, folder+"/")
	return i < len(r.Paths) && strings.HasPrefix(r.Paths[i], folder+"/")
}

// Read gives the text of a file; nil where there is none that can be read.
func (r *Repository) Read(path string) []byte {
	if r == nil || r.ReadFile == nil {
		return nil
	}
	return r.ReadFile(path)
}

// Document gives a workflow or an action; nil where the path leads to neither.
func (r *Repository) Document(path string) *Document {
	if r == nil || r.Parse == nil {
		return nil
	}
	return r.Parse(path)
}
