package workflow

import (
	"cmp"
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Facts is what rules see of a workflow or action, as input.facts.workflow.
type Facts struct {
	Name        string      `json:"name"`
	IsAction    bool        `json:"isAction"`
	OnlyCalled  bool        `json:"onlyCalled"` // workflow_call is its one trigger: it gets its caller's permissions
	Events      []Event     `json:"events"`
	Permissions Grant       `json:"permissions"`
	Jobs        []JobFacts  `json:"jobs"` // in the order of the text
	Injections  []Injection `json:"injections"`
	Checkouts   []Checkout  `json:"checkouts"`
}

// JobFacts is what rules see of a job.
type JobFacts struct {
	ID          string      `json:"id"`
	Path        source.Path `json:"path"`
	Permissions Grant       `json:"permissions"`
	Uses        string      `json:"uses,omitempty"` // the reusable workflow that it calls
	// Inherits: the job has no permissions of its own, so the workflow's hold, or the default where there are none.
	Inherits bool `json:"inherits"`
	// DefaultToken: the job runs steps on a token with the repository's default permissions. A call does not count:
	// what the called workflow declares narrows it.
	DefaultToken bool `json:"defaultToken"`
}

// FactsOf establishes the facts about a workflow or action; nil for a document that is neither. What it calls in the
// repository is looked up there.
func FactsOf(doc *source.Document, repo *Repository) *Facts {
	w := Of(doc)
	if w == nil {
		return nil
	}
	facts := &Facts{
		Name: w.Name, IsAction: w.IsAction, OnlyCalled: w.onlyCalled(), Events: w.Events, Permissions: w.Permissions,
		Jobs: []JobFacts{}, Injections: w.injections(), Checkouts: w.checkouts(), // lists are never null for a rule
	}
	if w.IsAction {
		return facts
	}
	for i := range w.Jobs {
		job := &w.Jobs[i]
		inherits := job.Permissions.Kind == GrantAbsent
		facts.Jobs = append(facts.Jobs, JobFacts{
			ID: job.ID, Path: job.Path, Permissions: job.Permissions, Uses: job.Uses, Inherits: inherits,
			DefaultToken: inherits && w.Permissions.Kind == GrantAbsent && len(job.Steps) > 0,
		})
	}
	slices.SortStableFunc(facts.Jobs, func(a, b JobFacts) int {
		return cmp.Compare(doc.Locate(a.Path, "").Span.Start.Offset, doc.Locate(b.Path, "").Span.Start.Offset)
	})
	return facts
}
