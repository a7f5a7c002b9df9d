package render

import (
	"sync"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// sources parses each file of a repository once, for the places in it. It is safe for concurrent use.
type sources struct {
	files *files
	mu    sync.Mutex
	docs  map[string][]*source.Document
	units map[string][]*source.Document // the objects that they hold
	found map[string]*kustomization
}

func newSources(f *files) *sources {
	return &sources{
		files: f, docs: map[string][]*source.Document{}, units: map[string][]*source.Document{}, found: map[string]*kustomization{},
	}
}

// documents gives what a file holds; what cannot be read is left out, for it was built without.
func (s *sources) documents(name string) []*source.Document {
	file := s.files.get(name, source.Manifest)
	s.mu.Lock()
	defer s.mu.Unlock()
	docs, ok := s.docs[name]
	if !ok {
		docs, _ = parse.YAML(file, source.Manifest, source.YAML11)
		s.docs[name] = docs
	}
	return docs
}

// objects gives the Kubernetes objects that a file holds, lists unpacked.
func (s *sources) objects(name string) []*source.Document {
	docs := s.documents(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	objects, ok := s.units[name]
	if !ok {
		for _, doc := range docs {
			objects = append(objects, parse.Objects(doc)...)
		}
		s.units[name] = objects
	}
	return objects
}

// kustomization gives a kustomization file as readKustomization does.
func (s *sources) kustomization(name string) *kustomization {
	file := s.files.get(name, source.Kustomization)
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.found[name]
	if !ok {
		k = readKustomization(file)
		s.found[name] = k
	}
	return k
}

// wordOf is a scalar as text, "" for anything else.
func wordOf(value any) string { return scalarText(value) }
