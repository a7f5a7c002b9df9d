package workflow

import (
	"path"
	"strings"
	"sync"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Repository finds the workflows and actions of a repository by how others name them. Its methods may be called at the
// same time; what they give is shared and not to be changed.
type Repository struct {
	files *source.Repository

	mu     sync.Mutex
	models map[string]*Workflow

	callers  func() map[string][]Caller
	contexts func() []requiredContext
	queue    func() string
	poisoned func() []CacheEntry
}

// Caller is a `uses:` that leads to a file of the same repository.
type Caller struct {
	File string      // the workflow or action that it stands in
	Path source.Path // of the uses: in that file
	Job  string      // ID of the job; "" in an action
}

// NewRepository makes a Repository of the files; nil files hold nothing.
func NewRepository(files *source.Repository) *Repository {
	r := &Repository{files: files, models: map[string]*Workflow{}}
	r.callers = sync.OnceValue(r.findCallers)
	r.contexts = sync.OnceValue(func() []requiredContext { return requiredContexts(files) })
	r.queue = sync.OnceValue(r.mergeQueue)
	r.poisoned = sync.OnceValue(r.findPoisoners)
	return r
}

// Files are the files of the repository; may be nil, which holds none.
func (r *Repository) Files() *source.Repository { return r.files }

// File reads a workflow or an action by its path; nil where it is neither.
func (r *Repository) File(path string) *Workflow {
	r.mu.Lock()
	defer r.mu.Unlock()
	w, known := r.models[path]
	if !known {
		if doc := r.files.Document(path); doc != nil {
			w = Of(doc)
		}
		r.models[path] = w
	}
	return w
}

// Local resolves a `uses:` that names a part of this repository, ./p or $/p, to the workflow or action file that it means;
// "" where it names none. A reference is relative to the repository's root, wherever it stands; one that leads out of
// the repository means nothing.
func (r *Repository) Local(uses string) string {
	rest, found := strings.CutPrefix(uses, "./")
	if !found {
		if rest, found = strings.CutPrefix(uses, "$/"); !found {
			return ""
		}
	}
	target := path.Clean(rest)
	if strings.HasPrefix(target, "..") || path.IsAbs(target) {
		return ""
	}
	for _, file := range []string{target, path.Join(target, "action.yml"), path.Join(target, "action.yaml")} {
		if r.files.Has(file) && (file != target || isYAML(file)) {
			return file
		}
	}
	return ""
}

func isYAML(file string) bool {
	return strings.HasSuffix(file, ".yml") || strings.HasSuffix(file, ".yaml")
}

// Callers lists the calls of a workflow or action in this repository, in the order of their files.
func (r *Repository) Callers(path string) []Caller { return r.callers()[path] }

func (r *Repository) findCallers() map[string][]Caller {
	found := map[string][]Caller{}
	if r.files == nil {
		return found
	}
	add := func(file, uses string, at source.Path, job string) {
		if target := r.Local(uses); target != "" {
			found[target] = append(found[target], Caller{File: file, Path: at.Append("uses"), Job: job})
		}
	}
	for _, file := range r.files.Paths {
		if !mayCall(file) {
			continue
		}
		w := r.File(file)
		if w == nil {
			continue
		}
		for i := range w.Jobs {
			job := &w.Jobs[i]
			add(file, job.Uses, job.Path, job.ID)
			for j := range job.Steps {
				add(file, job.Steps[j].Uses, job.Steps[j].Path, job.ID)
			}
		}
	}
	return found
}

// mayCall reports whether a file is a workflow or an action by its name.
func mayCall(file string) bool {
	dir, name := path.Split(file)
	return isYAML(name) && strings.HasSuffix(dir, ".github/workflows/") || name == "action.yml" || name == "action.yaml"
}
