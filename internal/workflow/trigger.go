package workflow

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Trigger is a job that an outsider can have run in the name of the repository, with something worth having.
type Trigger struct {
	Path       source.Path `json:"path"`    // of the event in `on:`
	Job        string      `json:"job"`     // ID of the job
	Event      string      `json:"event"`   // the trigger
	Writes     []string    `json:"writes"`  // what the job's token may change, sorted; "all" where all, or the default
	Secrets    bool        `json:"secrets"` // the job reads secrets other than its token
	Protection Protection  `json:"protection"`
}

// triggers lists the jobs that outsiders can start by a pull request, a comment, or by way of another workflow's run.
func (w *Workflow) triggers(repo *Repository) []Trigger {
	found := []Trigger{}
	events := w.outsiderEvents(repo)
	for i := range w.Jobs {
		job := &w.Jobs[i]
		event, guard := w.reached(job, &Step{}, events, privilegedEvents...)
		guard.Trusted = guard.Trusted || job.checked < len(job.Steps)
		writes, secrets := w.effective(job).written(), w.readsSecrets(job)
		if event == "" || guard.SameRepository || len(writes) == 0 && !secrets {
			continue
		}
		at := slices.IndexFunc(w.Events, func(e Event) bool { return e.Name == event })
		found = append(found, Trigger{
			Path: w.Events[at].Path, Job: job.ID, Event: event, Writes: writes, Secrets: secrets, Protection: guard.protection(),
		})
	}
	return found
}
