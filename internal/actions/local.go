package actions

import (
	"maps"
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
	// Workspace: an action's ./ is looked up in the workspace, where the job has checked out nothing but this repository at
	// the commit that runs, so that $/ means the same.
	Workspace bool `json:"workspace,omitempty"`
	// Untouched: no step before it runs a script or an action of this repository, which could change what lies there.
	Untouched bool `json:"untouched,omitempty"`
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

// place is where a step stands: in which job, and how many steps are before it.
type place struct {
	job     *workflow.Job
	before  int
	foreign int // index of the job's first step that checks out anything but this repository at the commit that runs
	script  int // index of its first step that runs a script or an action of this repository
}

// placesOf tells where the steps of a workflow stand, by their path.
func placesOf(w *workflow.Workflow) stepPlaces {
	places := stepPlaces{}
	if w == nil {
		return places
	}
	for i := range w.Jobs {
		job := &w.Jobs[i]
		foreign, script := firstOf(job.Steps, checksOutForeign), firstOf(job.Steps, runsOwn)
		for j := range job.Steps {
			places[job.Steps[j].Path.String()] = place{job, j, foreign, script}
		}
	}
	return places
}

// stepPlaces are steps by their path.
type stepPlaces map[string]place

// inputs are what the step of a reference hands to its action; nil for a job's.
func (p stepPlaces) inputs(ref *refs.Ref) map[string]any {
	if at, found := p[ref.Path[:len(ref.Path)-1].String()]; found {
		return at.job.Steps[at.before].With
	}
	return nil
}

// firstOf is the index of the first step that is so; their number where none is.
func firstOf(steps []workflow.Step, is func(workflow.Step) bool) int {
	if i := slices.IndexFunc(steps, is); i >= 0 {
		return i
	}
	return len(steps)
}

// local establishes what a path in this repository leads to.
func (r *Repository) local(w *workflow.Workflow, places stepPlaces, ref *refs.Ref) *Local {
	text := strings.TrimSpace(ref.Raw)
	self := strings.HasPrefix(text, "$/")
	if !self && !strings.HasPrefix(text, "./") {
		return &Local{} // ../p leads out of the workspace, or into what somebody checked out beside it
	}
	l := &Local{File: r.workflows.Local(text)}
	if target := path.Clean(text[len("./"):]); l.File == "" && r.files.Has(path.Join(target, "Dockerfile")) {
		l.File = path.Join(target, "Dockerfile") // such a folder is an action without a description
	}
	at, isStep := places[ref.Path[:len(ref.Path)-1].String()]
	certain := self || !isStep
	plain := isStep && w != nil && !w.IsAction && at.before <= at.foreign
	if l.File != "" && path.Dir(l.File) != "." { // an action that is the repository itself is there to be tested
		l.Workspace, l.Untouched = !certain && plain, !certain && plain && at.before <= at.script
	}
	switch {
	case l.File != "" || r.files == nil || len(r.files.Paths) == 0 || r.inSubmodule(text):
	case certain:
		l.Missing = "certain"
	case plain && r.hasFolder(path.Dir(path.Clean(text))) && !mentioned(at.job.Steps[:at.before], text):
		l.Missing = "likely"
	}
	return l
}

// checksOutForeign reports whether a step may fill the workspace with anything but this repository at the commit that runs.
func checksOutForeign(step workflow.Step) bool {
	if step.Action() != "actions/checkout" {
		return false
	}
	return slices.ContainsFunc([]string{"repository", "ref", "path", "submodules"}, func(input string) bool {
		value, _ := step.Input(input)
		return value != "" && value != "false" && value != "${{ github.repository }}"
	})
}

// runsOwn reports whether a step runs a script, or what lies in the workspace.
func runsOwn(step workflow.Step) bool { return step.Run != "" || strings.HasPrefix(step.Uses, ".") }

// maxBefore is how many steps are read for what they may have put into the workspace.
const maxBefore = 200

// mentioned reports whether one of the steps may have made what a path leads to: its script or one of its inputs speaks of
// the folder that the path begins with, or of its last part, or it brings what nobody can foresee.
func mentioned(steps []workflow.Step, uses string) bool {
	parts := strings.Split(path.Clean(uses), "/")
	speaks := func(value any) bool {
		text, _ := value.(string)
		return strings.Contains(text, parts[0]) || strings.Contains(text, parts[len(parts)-1])
	}
	return len(steps) > maxBefore || slices.ContainsFunc(steps, func(s workflow.Step) bool {
		return speaks(s.Run) || strings.Contains(s.Run, "git clone") || slices.ContainsFunc(slices.Collect(maps.Values(s.With)), speaks) ||
			strings.Contains(s.Action(), "download-artifact") || strings.HasPrefix(s.Action(), "actions/cache")
	})
}

// hasFolder reports whether the repository has files in a folder. A path whose folder is not there is none that was
// mistyped: something makes it, or it leads out of the repository.
func (r *Repository) hasFolder(folder string) bool {
	if folder == "." {
		return true
	}
	i, _ := slices.BinarySearch(r.files.Paths, folder+"/")
	return i < len(r.files.Paths) && strings.HasPrefix(r.files.Paths[i], folder+"/")
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

// noDockerfile looks for the Dockerfile that a Docker action is built from; nil where it is there, or none is needed.
func (r *Repository) noDockerfile(doc *source.Document) *Missing {
	at := source.Path{"runs", "image"}
	value, _ := at.Get(doc.Value)
	image, _ := value.(string)
	file := path.Join(path.Dir(doc.File.Path), image)
	if doc.Kind != source.Action || image == "" || strings.Contains(image, "://") || r.files == nil || len(r.files.Paths) == 0 || r.files.Has(file) {
		return nil
	}
	return &Missing{Path: at, File: file}
}
