package workflow

import (
	"slices"
	"strings"
)

// outsiderEvents are the workflow's events that an outsider causes and that run in the name of the repository itself.
// A workflow_run is none where this repository says that what it follows is only started by people with rights here.
func (w *Workflow) outsiderEvents(repo *Repository) map[string]bool {
	events := map[string]bool{}
	for _, e := range w.Events {
		if eventReach[e.Name] == ReachOutsider && (e.Name != "workflow_run" || w.followsOutsiders(repo)) {
			events[e.Name] = true
		}
	}
	return events
}

// followsOutsiders reports whether one of the workflows that start this one by workflow_run can be started by an
// outsider, or is not known. Branch filters do not count: a fork may call its branch as it likes.
func (w *Workflow) followsOutsiders(repo *Repository) bool {
	if w.doc == nil {
		return true
	}
	names := texts(object(object(object(w.doc.Value)["on"])["workflow_run"])["workflows"])
	return len(names) == 0 || slices.ContainsFunc(names, func(name string) bool {
		events := repo.startersOf(name)
		return events == nil || slices.ContainsFunc(events, func(event string) bool {
			reach := eventReach[event]
			return reach == ReachOutsider || reach == ReachFork || event == "workflow_call"
		})
	})
}

// startersOf lists the events of the workflow that is called by a name; nil where the repository has none.
func (r *Repository) startersOf(name string) []string {
	if r.files == nil {
		return nil
	}
	for _, file := range r.files.Paths {
		if !strings.HasPrefix(file, ".github/workflows/") || !isYAML(file) {
			continue
		}
		if w := r.File(file); w != nil && (w.Name == name || w.Name == "" && file == name) {
			events := []string{}
			for _, e := range w.Events {
				events = append(events, e.Name)
			}
			return events
		}
	}
	return nil
}
