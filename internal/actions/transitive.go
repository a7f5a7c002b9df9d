package actions

import (
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// Bounds of what is told about one action: how deep GitHub lets actions use each other, how many are named, and how
// many are looked at.
const (
	maxDepth = 10
	maxLoose = 20
	maxSeen  = 200
)

// loose lists what an action at a commit uses, itself or through others, and does not pin. The lock file knows, whichever
// workflow it was written for: what a commit uses never changes.
func (l *Lock) loose(repository, commit string) []Loose {
	if l == nil || l.broken() {
		return nil
	}
	var found []Loose
	seen := map[string]bool{}
	var visit func(d Dependency, depth int)
	visit = func(d Dependency, depth int) {
		if seen[d.Pin] || depth > maxDepth || len(found) >= maxLoose || len(seen) >= maxSeen {
			return
		}
		seen[d.Pin] = true
		by, _, _ := strings.Cut(d.Pin, "@")
		for _, pin := range d.Uses {
			if _, version, _ := strings.Cut(pin, "@"); refs.IsCommit(version) {
				visit(l.actions[pin], depth+1)
			} else if len(found) < maxLoose {
				found = append(found, Loose{Name: pin, By: by}) // what it leads to is anybody's guess once it moves
			}
		}
	}
	for _, pin := range l.commits[strings.ToLower(repository)+"@"+commit] {
		visit(l.actions[pin], 0)
	}
	return found
}

// stale lists what the lock file holds for nothing: workflows that are not there, and pins that their workflow does not use.
func (r *Repository) stale(l *Lock) []Fault {
	out := []Fault{}
	if l.broken() || r.files == nil {
		return out
	}
	for _, file := range slices.Sorted(maps.Keys(l.workflows)) {
		if !r.files.Has(file) {
			out = append(out, Fault{source.Path{"workflows", file}, file + " is not in the repository"})
			continue
		}
		w := r.workflows.File(file)
		if w == nil {
			continue // it cannot be read, which is told elsewhere
		}
		used := map[string]bool{}
		if r.collect(l, w, used, map[string]bool{file: true}); used[unknownUses] {
			continue
		}
		for i, pin := range l.workflows[file] {
			if !used[pin] {
				out = append(out, Fault{source.Path{"workflows", file, i}, file + " does not use " + pin})
			}
		}
	}
	return out
}

// unknownUses stands for what a local action uses that cannot be read.
const unknownUses = "?"

// collect gathers the pins that the steps of a workflow or action use, with those of local actions, and of what they use.
func (r *Repository) collect(l *Lock, w *workflow.Workflow, used, seen map[string]bool) {
	for i := range w.Jobs {
		for j := range w.Jobs[i].Steps {
			ref := refs.ParseUses(w.Jobs[i].Steps[j].Uses)
			switch {
			case ref.Kind != refs.Action || ref.Raw == "":
			case ref.Pin != refs.PinLocal:
				l.closure(pinFor(ref.Name, ref.Version), used)
			default:
				file := r.workflows.Local(strings.TrimSpace(ref.Raw))
				inner := r.workflows.File(file)
				if inner == nil {
					used[unknownUses] = true
				} else if !seen[file] {
					seen[file] = true
					r.collect(l, inner, used, seen)
				}
			}
		}
	}
}

// closure adds a pin and all that it uses. A lock file may list for a workflow what its actions use, too.
func (l *Lock) closure(pin string, used map[string]bool) {
	if used[pin] {
		return
	}
	used[pin] = true
	for _, next := range l.actions[pin].Uses {
		l.closure(next, used)
	}
}
