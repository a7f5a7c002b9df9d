package source

import "slices"

// Repository gives the files of the repository under lint to those who must look beyond one document: a workflow calls
// another, a lock lies beside a chart. What it gives is context and is linted elsewhere. Its functions may be called at
// the same time. A nil Repository holds no files.
type Repository struct {
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
