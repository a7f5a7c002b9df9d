// Package causal checks by experiment what rendering says about places: it changes what stands at a place, renders again
// with the plain libraries, and looks which rendered values changed. It shares the readers of YAML with the product, and
// none of what finds places there.
package causal

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"

	"helm.sh/helm/v3/pkg/chart/loader"

	"github.com/plimsoll-dev/plimsoll/internal/discover"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Repository is a directory that is taken for a repository's root. It is safe for concurrent use.
type Repository struct {
	Root string // absolute
	Plan render.Plan

	charts []chartAt // those that a dependency may mean, by root

	mu    sync.Mutex
	files map[string][]byte
	loads map[string][]*loader.BufferedFile
}

// chartAt is a chart of the repository.
type chartAt struct{ name, version, root string }

// Open lists and plans a repository as lint does.
func Open(ctx context.Context, root string) (*Repository, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("causal: %w", err)
	}
	found, err := discover.Walk(ctx, discover.Options{Root: root})
	if err != nil {
		return nil, fmt.Errorf("causal: %w", err)
	}
	repo := &Repository{
		Root:  root,
		Plan:  render.NewPlan(found.Files, render.PlanOptions{Root: root, Paths: found.Paths, Included: found.Included}),
		files: map[string][]byte{}, loads: map[string][]*loader.BufferedFile{},
	}
	for _, file := range found.Files {
		if file.Kind != source.Chart {
			continue
		}
		docs, _ := parse.File(file) // one that does not parse is no dependency
		if len(docs) > 0 {
			value, _ := docs[0].Value.(map[string]any)
			repo.charts = append(repo.charts, chartAt{
				name: fmt.Sprint(value["name"]), version: fmt.Sprint(value["version"]), root: path.Dir(file.Path),
			})
		}
	}
	slices.SortFunc(repo.charts, func(a, b chartAt) int { return cmp.Compare(a.root, b.root) })
	return repo, nil
}

// read gives a file's bytes, nil when it cannot be read.
func (r *Repository) read(name string) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	data, ok := r.files[name]
	if !ok {
		data, _ = os.ReadFile(filepath.Join(r.Root, filepath.FromSlash(name))) // there is nothing to change in what cannot be read
		r.files[name] = data
	}
	return data
}

// Edit puts a text in the place of the bytes from Start to End of a file.
type Edit struct {
	Path       string // relative to the repository's root
	Start, End int    // byte offsets, half-open
	Text       string
}

// String tells a reader what is changed.
func (e Edit) String() string { return fmt.Sprintf("%s[%d:%d] = %q", e.Path, e.Start, e.End, e.Text) }

func (e Edit) apply(data []byte) []byte {
	if e.Start < 0 || e.End > len(data) || e.Start > e.End {
		return data
	}
	return slices.Concat(data[:e.Start], []byte(e.Text), data[e.End:])
}

// text gives a file's bytes with the edits made; with more than one in a file, the last in the text first.
func (r *Repository) text(name string, edits []Edit) []byte {
	data := r.read(name)
	for _, e := range edits {
		if e.Path == name {
			data = e.apply(data)
		}
	}
	return data
}
