package actions

import (
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// Local is what a path in this repository leads to.
type Local struct {
	File string `json:"file,omitempty"` // workflow, action or Dockerfile; "" where there is none
	// Missing says how sure it is that GitHub finds nothing there: "certain", or "likely" where an earlier step could have
	// put it there and none seems to. It is left out where something is there, or may well be.
	Missing string `json:"missing,omitempty"`
	// Same: $/ in place of ./ means the same files, the repository's own at the commit that runs. It is false where the
	// job checks out anything else before.
	Same bool `json:"same,omitempty"`
}

// Caller is a `uses:` in this repository that leads to the file.
type Caller struct {
	File string      `json:"file"`
	Path source.Path `json:"path"`
	Job  string      `json:"job,omitempty"`
}

// maxCallers is how many callers of a file rules see.
const maxCallers = 5

func (r *Repository) callers(file string) []Caller {
	out := []Caller{}
	for _, c := range r.workflows.Callers(file) {
		if len(out) == maxCallers {
			break
		}
		out = append(out, Caller{c.File, c.Path, c.Job})
	}
	return out
}

// runners lists the workflows whose jobs run the steps of a file: a workflow itself, and for an action all that use it,
// be it through other actions. A reusable workflow runs its own steps, whoever calls it.
func (r *Repository) runners(file string) []string {
	var found []string
	seen := map[string]bool{file: true}
	for queue := []string{file}; len(queue) > 0; queue = queue[1:] {
		if w := r.workflows.File(queue[0]); w != nil && !w.IsAction {
			found = append(found, queue[0])
			continue
		}
		for _, c := range r.workflows.Callers(queue[0]) {
			if !seen[c.File] {
				seen[c.File] = true
				queue = append(queue, c.File)
			}
		}
	}
	slices.Sort(found)
	return found
}

func (r *Repository) local(doc *source.Document, w *workflow.Workflow, ref *refs.Ref) *Local {
	text := strings.TrimSpace(ref.Raw)
	self := strings.HasPrefix(text, "$/")
	if !self && !strings.HasPrefix(text, "./") {
		return &Local{} // ../p leads out of the workspace, or into what somebody checked out beside it
	}
	l := &Local{File: r.workflows.Local(text)}
	if target := path.Clean(text[len("./"):]); l.File == "" && r.files.Has(path.Join(target, "Dockerfile")) {
		l.File = path.Join(target, "Dockerfile") // such a folder is an action without a description
	}
	before := stepsBefore(w, ref.Path)
	certain := self || w != nil && !w.IsAction && before == nil
	plain := certain || w != nil && !w.IsAction && onlyOwnCheckouts(before)
	l.Same = l.File != "" && !self && plain
	switch {
	case l.File != "" || r.files == nil || len(r.files.Paths) == 0 || r.inSubmodule(text):
	case certain:
		l.Missing = "certain"
	case plain && !mentioned(before, text):
		l.Missing = "likely"
	}
	return l
}

// stepsBefore gives the steps of the job before the one whose uses is at the path; nil where it is the job's own.
func stepsBefore(w *workflow.Workflow, at source.Path) []workflow.Step {
	if w == nil {
		return nil
	}
	for i := range w.Jobs {
		for j := range w.Jobs[i].Steps {
			if slices.Equal(w.Jobs[i].Steps[j].Path.Append("uses"), at) {
				return append([]workflow.Step{}, w.Jobs[i].Steps[:j]...)
			}
		}
	}
	return nil
}

// onlyOwnCheckouts reports whether all that steps check out is this repository, at the commit that runs, in its place.
func onlyOwnCheckouts(steps []workflow.Step) bool {
	for i := range steps {
		if steps[i].Action() != "actions/checkout" {
			continue
		}
		for _, input := range []string{"repository", "ref", "path", "submodules"} {
			if value, _ := steps[i].Input(input); value != "" && value != "${{ github.repository }}" && value != "false" {
				return false
			}
		}
	}
	return true
}

// mentioned reports whether a script of the steps speaks of the folder that a path begins with, or of its last part, or
// whether a step downloads or unpacks what nobody can foresee.
func mentioned(steps []workflow.Step, uses string) bool {
	parts := strings.Split(path.Clean(strings.TrimPrefix(uses, "./")), "/")
	for i := range steps {
		script := steps[i].Run
		if strings.Contains(script, parts[0]) || strings.Contains(script, parts[len(parts)-1]) ||
			strings.Contains(script, "git clone") || strings.Contains(steps[i].Action(), "download-artifact") || strings.HasPrefix(steps[i].Action(), "actions/cache") {
			return true
		}
	}
	return false
}

// inSubmodule reports whether a path leads into a submodule, whose files are another repository's.
func (r *Repository) inSubmodule(uses string) bool {
	target := path.Clean(uses[len("./"):])
	for line := range strings.Lines(string(r.files.Read(".gitmodules"))) {
		key, value, _ := strings.Cut(line, "=")
		folder := strings.TrimSpace(value)
		if strings.TrimSpace(key) == "path" && (target == folder || strings.HasPrefix(target, folder+"/")) {
			return true
		}
	}
	return false
}
