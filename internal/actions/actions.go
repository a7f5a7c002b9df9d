// Package actions establishes what is known of the actions and reusable workflows that a repository uses without asking
// anybody: the commits that a lock file holds, the advisories about them, who has given them up, and which file of the
// repository a local one is.
package actions

import (
	"slices"
	"strings"
	"sync"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// Facts is what rules see as input.facts.actions.
type Facts struct {
	Uses    []Use      `json:"uses"`    // one for each reference to an action or reusable workflow, in the order of input.refs
	Callers []Caller   `json:"callers"` // who uses this very file in the repository; at most maxCallers
	Lock    *LockFacts `json:"lock,omitempty"`
	Owner   string     `json:"owner,omitempty"` // the account that this repository belongs to, in lower case
	// NoDockerfile is what a Docker action names as its Dockerfile where the repository has no such file.
	NoDockerfile *Missing `json:"noDockerfile,omitempty"`
}

// Missing is a file that is named and is not there.
type Missing struct {
	Path source.Path `json:"path"` // of the scalar that names it
	File string      `json:"file"` // relative to the repository's root
}

// Use is what is known of one reference. What is not known is left out.
type Use struct {
	Path       source.Path `json:"path"` // of the uses:
	Kind       refs.Kind   `json:"kind"`
	Raw        string      `json:"raw"`
	Plain      string      `json:"plain,omitempty"` // the plain spelling of Raw, where it has steps that lead nowhere
	Name       string      `json:"name"`
	Pin        refs.Pin    `json:"pin"`
	Version    string      `json:"version"`              // as written: the tag, branch or commit
	Release    string      `json:"release,omitempty"`    // the version that it is, by its tag, the lock file or its comment
	ReleaseBy  string      `json:"releaseBy,omitempty"`  // "tag", "lock" or "comment"
	Comment    string      `json:"comment,omitempty"`    // behind a commit, on its line
	CommentIs  string      `json:"commentIs,omitempty"`  // of a commit: none, release, branch, other
	Advisories []Advisory  `json:"advisories,omitempty"` // gravest first
	Archived   Basis       `json:"archived,omitempty"`   // how it is known that its owner has given it up
	Resembles  string      `json:"resembles,omitempty"`  // a popular action whose name differs by one letter
	Loose      []Loose     `json:"loose,omitempty"`      // what it uses itself and does not pin, as far as the lock file tells
	Unlocked   string      `json:"unlocked,omitempty"`   // a workflow that is held to the lock file, which does not list this
	Local      *Local      `json:"local,omitempty"`      // of a path in this repository
}

// Loose is an unpinned reference inside of an action that is pinned itself.
type Loose struct {
	Name string `json:"name"` // owner/repo@ref
	By   string `json:"by"`   // the action that uses it, owner/repo
}

// LockFacts is what rules see of the lock file: of all of it for the file itself, of their own part for workflows.
type LockFacts struct {
	Broken bool    `json:"broken"` // GitHub refuses it
	Lists  bool    `json:"lists"`  // the workflow is held to it
	Faults []Fault `json:"faults"` // why it is broken; empty but for the lock file itself
	Stale  []Fault `json:"stale"`  // what it holds for nothing; empty but for the lock file itself
}

// Repository answers for the actions of one repository. It may be used at the same time.
type Repository struct {
	files     *source.Repository
	workflows *workflow.Repository
	lock      func() *Lock
}

// NewRepository makes a Repository of the files; nil files hold nothing.
func NewRepository(files *source.Repository, workflows *workflow.Repository) *Repository {
	return &Repository{files: files, workflows: workflows, lock: sync.OnceValue(func() *Lock {
		if text := files.Read(LockPath); text != nil {
			return ReadLock(text)
		}
		return nil
	})}
}

// Of establishes the facts about a workflow's or action's references, and marks those that the lock file holds as pinned.
func (r *Repository) Of(doc *source.Document, all []refs.Ref) *Facts {
	facts := &Facts{Uses: []Use{}, Callers: r.callers(doc.File.Path), NoDockerfile: r.noDockerfile(doc)}
	if r.files != nil {
		facts.Owner = r.files.Owner
	}
	if l := r.lock(); l != nil {
		facts.Lock = &LockFacts{Faults: []Fault{}, Stale: []Fault{}, Broken: l.broken(), Lists: l.Lists(doc.File.Path)}
	}
	w := workflow.Of(doc)
	places, runners := placesOf(w), r.runners(doc.File.Path)
	for i := range all {
		switch ref := &all[i]; {
		case ref.Kind != refs.Action && ref.Kind != refs.Reusable:
		case ref.Pin == refs.PinLocal:
			facts.Uses = append(facts.Uses, Use{
				Path: ref.Path, Kind: ref.Kind, Raw: ref.Raw, Plain: plainOf(ref.Raw), Name: ref.Name, Pin: ref.Pin,
				Local: r.local(w, places, ref),
			})
		default:
			facts.Uses = append(facts.Uses, r.use(doc, runners, ref, places.inputs(ref)))
		}
	}
	return facts
}

// LockFile establishes the facts about the lock file itself.
func (r *Repository) LockFile(doc *source.Document) *Facts {
	l := ReadLock(doc.File.Data)
	return &Facts{Uses: []Use{}, Callers: []Caller{}, Lock: &LockFacts{
		Faults: l.Faults, Broken: l.broken(), Stale: r.stale(l),
	}}
}

// use establishes what is known of a reference to another repository, given these inputs.
func (r *Repository) use(doc *source.Document, runners []string, ref *refs.Ref, with map[string]any) Use {
	u := Use{Path: ref.Path, Kind: ref.Kind, Raw: ref.Raw, Plain: plainOf(ref.Raw), Name: ref.Name, Version: ref.Version}
	if ref.Pin == refs.PinInvalid || ref.Pin == refs.PinUnknown || ref.Pin == refs.PinNone {
		u.Pin = ref.Pin
		return u
	}
	held, unlocked := r.held(doc.File.Path, runners, ref)
	u.Unlocked = unlocked
	if held.Commit != "" {
		ref.Lock(held.Commit)
	}
	u.Pin = ref.Pin
	u.release(doc, ref, held)
	u.Advisories = gravest(advisoriesOn(ref.Name, u.Release, ref.Digest, with))
	repository := repositoryOf(ref.Name)
	u.Archived, u.Resembles = archivedBy(repository), resembles(repository)
	if ref.Pin == refs.PinDigest && held.Commit == "" {
		u.Loose = r.lock().loose(repository, ref.Digest)
	}
	return u
}

// release finds the version that is used.
func (u *Use) release(doc *source.Document, ref *refs.Ref, held Dependency) {
	if ref.Pin == refs.PinDigest {
		var version string
		u.Comment = doc.Comment(ref.Path)
		if u.CommentIs, version = readComment(u.Comment); version != "" {
			u.Release, u.ReleaseBy = version, "comment"
		}
	}
	switch {
	case held.Commit != "" && !refs.IsCommit(held.Ref):
		u.Release, u.ReleaseBy = held.Ref, "lock"
	case ref.Pin != refs.PinDigest && ref.Pin != refs.PinBranch:
		u.Release, u.ReleaseBy = ref.Version, "tag"
	}
}

// held asks the lock file for a reference in a file whose steps the runners run, all of which it must hold for. unlocked
// names a workflow that the lock file holds and for which it does not list the reference.
func (r *Repository) held(file string, runners []string, ref *refs.Ref) (d Dependency, unlocked string) {
	l := r.lock()
	if l == nil || l.broken() || ref.Kind != refs.Action {
		return Dependency{}, "" // GitHub's lock file has no place for reusable workflows
	}
	all := true
	for _, w := range runners {
		entry, ok := l.Holds(w, ref.Name, ref.Version)
		switch {
		case ok:
			d = entry
		case l.Lists(w) && unlocked == "":
			unlocked, all = w, false
		default:
			all = false
		}
	}
	if !all || len(runners) == 0 || isPublished(file) {
		d = Dependency{}
	}
	return d, unlocked
}

// isPublished reports whether a file is the action that the repository itself is: others use it, and have no such lock.
func isPublished(file string) bool { return file == "action.yml" || file == "action.yaml" }

var severities = []string{severe, moderate, minor}

func gravest(found []Advisory) []Advisory {
	slices.SortStableFunc(found, func(a, b Advisory) int {
		if d := slices.Index(severities, a.Severity) - slices.Index(severities, b.Severity); d != 0 {
			return d
		}
		return strings.Compare(a.ID, b.ID)
	})
	return found
}
