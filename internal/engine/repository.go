package engine

import (
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/plimsoll-dev/plimsoll/internal/discover"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// maxContext is the largest file, in bytes, that is read because another speaks of it: a lock, a script, an action.
const maxContext = 4 << 20

// Repository gives all files of what was found, selected or not, to facts that look beyond one document.
func (t *Target) Repository(found *discover.Result) *source.Repository {
	r := &neighbours{root: t.Root, files: map[string]*source.File{}, paths: found.Paths}
	for _, f := range found.Files {
		r.files[f.Path] = f
	}
	all := &source.Repository{Paths: found.Paths, ReadFile: r.read, Parse: r.parse, Owner: refs.GitHubOwner(t.origin)}
	if t.prefix == "" { // a part of a repository is not what its address means
		all.Address = t.origin
	}
	return all
}

// neighbours reads files and parses workflows and actions, each of these once.
type neighbours struct {
	root   string
	paths  []string
	files  map[string]*source.File // that were read already
	parsed sync.Map                // path to *source.Document
}

func (n *neighbours) read(path string) []byte {
	if f := n.files[path]; f != nil && f.Data != nil {
		return f.Data
	}
	if _, listed := slices.BinarySearch(n.paths, path); !listed {
		return nil
	}
	root, err := os.OpenRoot(n.root)
	if err != nil {
		return nil
	}
	defer root.Close() //nolint:errcheck // only read
	data, found, err := discover.ReadRegular(root, path, maxContext)
	if !found || err != nil {
		return nil // what cannot be read is told where it is linted
	}
	return data
}

func (n *neighbours) parse(path string) *source.Document {
	if doc, known := n.parsed.Load(path); known {
		return doc.(*source.Document)
	}
	doc := n.document(path)
	n.parsed.Store(path, doc)
	return doc
}

func (n *neighbours) document(path string) *source.Document {
	kind := n.kind(path)
	if kind == "" {
		return nil
	}
	data := n.read(path)
	if len(data) == 0 || len(data) > maxWorkflow {
		return nil
	}
	docs, faults := parse.File(&source.File{Path: path, Kind: kind, Data: data})
	if len(docs) != 1 || len(faults) > 0 {
		return nil
	}
	return docs[0]
}

// kind is that of a workflow or action, "" for any other file. One that is not selected is told by its name.
func (n *neighbours) kind(file string) source.Kind {
	if f := n.files[file]; f != nil && (f.Kind == source.Workflow || f.Kind == source.Action) {
		return f.Kind
	}
	dir, name := path.Split(file)
	switch {
	case name == "action.yml", name == "action.yaml":
		return source.Action
	case strings.HasSuffix(dir, ".github/workflows/") && slices.Contains([]string{".yml", ".yaml"}, path.Ext(name)):
		return source.Workflow
	}
	return ""
}
