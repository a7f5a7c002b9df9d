package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Artifact is a step that downloads, in a run by workflow_run, what the run before it left: files that a pull request's
// own code wrote.
type Artifact struct {
	Path       source.Path `json:"path"`      // of the step's uses, run or script
	Text       string      `json:"text"`      // the command in it; "" of an action
	Job        string      `json:"job"`       // ID of the job
	Directory  string      `json:"directory"` // where the files land, relative to the workspace; "" is its root
	Executed   []Execution `json:"executed"`  // the later steps of the job that run one of the files
	Privileged bool        `json:"privileged"`
	// SavesCaches: the job can write to the caches of the default branch, which other runs then trust.
	SavesCaches bool       `json:"savesCaches"`
	Protection  Protection `json:"protection"`

	guard Guard
}

// artifactScan walks a job's steps and keeps account of the directories that hold downloaded files.
type artifactScan struct {
	workflow *Workflow
	repo     *Repository
	job      *Job
	found    []*Artifact
	open     []*Artifact // those whose files still lie there
	archive  *Artifact   // downloaded by a script as an archive that is still to be unpacked
	at       *Step       // the step that uses the local action whose steps are read
	inputs   map[string]any
	budget   int
}

// artifacts finds the downloads of what a pull request's run left.
func (w *Workflow) artifacts(repo *Repository) []Artifact {
	out := []Artifact{}
	if !w.outsiderEvents(repo)["workflow_run"] {
		return out
	}
	for i := range w.Jobs {
		job := &w.Jobs[i]
		scan := artifactScan{workflow: w, repo: repo, job: job, budget: maxCalled}
		for j := range job.Steps {
			guard := w.guardOn(job, &job.Steps[j], "workflow_run")
			if len(guard.admit(map[string]bool{"workflow_run": true})) > 0 && !guard.SameRepository {
				scan.step(&job.Steps[j], guard)
			}
		}
		for _, a := range scan.found {
			a.Job, a.Privileged, a.SavesCaches, a.Protection = job.ID, w.privileged(job), w.savesCaches(job), a.guard.protection()
			out = append(out, *a)
		}
	}
	return out
}

func (s *artifactScan) step(step *Step, guard Guard) {
	if dir, is := s.download(step); is {
		s.add(&Artifact{Path: step.Path.Append("uses"), Directory: dir}, guard)
		return
	}
	switch {
	case step.Action() == "actions/checkout":
		dir, _ := step.Input("path")
		root := shell.InDir("", dir)
		s.open = slices.DeleteFunc(s.open, func(a *Artifact) bool { return shell.Within(a.Directory, root) })
		return
	case step.Action() == "actions/github-script":
		if script, at := step.Input("script"); strings.Contains(script, "downloadArtifact") {
			s.archive = &Artifact{Path: at, Text: "downloadArtifact"}
		}
	}
	for _, a := range s.open {
		if what := step.executes(a.Directory); what != "" {
			s.run(a, Execution{Path: step.Path.Append("uses"), What: what}, guard)
		}
	}
	s.action(step, guard)
	s.script(step, guard)
}

// action reads the steps of an action of this repository, which may download.
func (s *artifactScan) action(step *Step, guard Guard) {
	action := s.repo.File(s.repo.Local(step.Uses))
	if action == nil || !action.IsAction || len(action.Jobs) == 0 || s.at != nil {
		return
	}
	s.at, s.inputs = step, step.With
	for i := range action.Jobs[0].Steps {
		if s.budget--; s.budget < 0 {
			break
		}
		s.step(&action.Jobs[0].Steps[i], guard)
	}
	s.at, s.inputs = nil, nil
}

func (s *artifactScan) script(step *Step, guard Guard) {
	at := step.Path.Append("run")
	for _, c := range step.commands() {
		for _, a := range s.open {
			if what := c.RunsIn(a.Directory); what != "" {
				s.run(a, Execution{Path: at, Text: c.Text, What: what}, guard)
			}
		}
		switch {
		case c.Name() == "gh" && strings.HasPrefix(c.Subcommand(), "run download") && aboutEvent(c):
			dir := c.ValueOf("-D", "--dir")
			s.add(&Artifact{Path: at, Text: c.Text, Directory: shell.InDir(c.Dir, dir)}, guard)
		case s.archive != nil && (c.Name() == "unzip" || c.Name() == "7z"):
			a := *s.archive
			a.Directory = shell.InDir(c.Dir, c.ValueOf("-d", "-o"))
			s.add(&a, guard)
		}
	}
}

// download judges the actions that download. The directory is that which they write to.
func (s *artifactScan) download(step *Step) (dir string, is bool) {
	var run string
	switch step.Action() {
	case "actions/download-artifact":
		run, _ = step.Input("run-id")
	case "dawidd6/action-download-artifact":
		run, _ = step.Input("run_id")
	default:
		return "", false
	}
	if !s.isThatRun(run) {
		return "", false
	}
	path, _ := step.Input("path")
	return shell.InDir("", s.given(path)), true
}

// isThatRun reports whether a text is the ID of the run that started this one.
func (s *artifactScan) isThatRun(value string) bool {
	for _, e := range expression.Find(s.given(value)) {
		for _, l := range e.Root.Leaves() {
			if l.String() == "github.event.workflow_run.id" {
				return true
			}
		}
	}
	return false
}

// given replaces a value that is an action's input with what the caller set it to.
func (s *artifactScan) given(value string) string {
	expressions := expression.Find(value)
	if s.at == nil || len(expressions) != 1 || expressions[0].Text != value {
		return value
	}
	if n := expressions[0].Root; n != nil && n.Kind == expression.Context && n.Path[0] == "inputs" && len(n.Path) == 2 {
		return inputOf(s.inputs, n.Path[1])
	}
	return value
}

func (s *artifactScan) add(a *Artifact, guard Guard) {
	if a.Directory == shell.Outside {
		return // nothing of it is found by a relative path
	}
	if s.at != nil {
		a.Path, a.Text = s.at.Path.Append("uses"), ""
	}
	a.Executed, a.guard = []Execution{}, guard
	s.found, s.open = append(s.found, a), append(s.open, a)
}

func (s *artifactScan) run(a *Artifact, e Execution, guard Guard) {
	e = s.placed(e)
	if n := len(a.Executed); n > 0 && a.Executed[n-1].Path.String() == e.Path.String() {
		return
	}
	a.Executed = append(a.Executed, e)
	a.guard = a.guard.and(guard)
}

// placed moves what a local action does to the step that uses it.
func (s *artifactScan) placed(e Execution) Execution {
	if s.at != nil {
		e.Path, e.Text, e.What = s.at.Path.Append("uses"), "", s.at.Uses+", "+e.What
	}
	return e
}
