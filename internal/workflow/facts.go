package workflow

import (
	"cmp"
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Facts is what rules see of a workflow or action, as input.facts.workflow.
type Facts struct {
	Name        string            `json:"name"`
	IsAction    bool              `json:"isAction"`
	OnlyCalled  bool              `json:"onlyCalled"` // workflow_call is its one trigger: it gets its caller's permissions
	Events      []Event           `json:"events"`
	Permissions Grant             `json:"permissions"`
	Env         map[string]string `json:"env"`
	Jobs        []JobFacts        `json:"jobs"` // in the order of the text; a composite action has one, without an ID, that holds its steps
	Expressions []ExpressionFacts `json:"expressions"`
	Secrets     []SecretUse       `json:"secrets"`
	Spills      []Spill           `json:"spills"`
	Credentials []Credential      `json:"credentials"`
	Persisted   []Persisted       `json:"persisted"`
	Injections  []Injection       `json:"injections"`
	Checkouts   []Checkout        `json:"checkouts"`
	// EnvironmentWrites are writes of text from outside to GITHUB_ENV, GITHUB_PATH and GITHUB_OUTPUT.
	EnvironmentWrites []EnvironmentWrite `json:"environmentWrites"`

	Runners   []Runner   `json:"runners"`
	Spoofs    []Spoof    `json:"spoofs"`
	Merges    []Merge    `json:"merges"`
	Artifacts []Artifact `json:"artifacts"`
	Agents    []Agent    `json:"agents"`
	Deeds     []Deed     `json:"deeds"`
	Caches    []Cache    `json:"caches"`
	Triggers  []Trigger  `json:"triggers"`
	Flaws     []Flaw     `json:"flaws"`
	Veils     []Veil     `json:"veils"`
	Strangers []Stranger `json:"strangers"`
	Gates     []Gate     `json:"gates"`
	Scans     []Scan     `json:"scans"`
	Required  []Required `json:"required"`
	Filters   []Filter   `json:"filters"`
	// MergeQueue is a workflow of the repository that runs in a merge queue, so that there is one; "" where none does.
	MergeQueue   string   `json:"mergeQueue"`
	Deploys      []Deploy `json:"deploys"`
	Undocumented []Scope  `json:"undocumented"`
	Remarks      []Remark `json:"remarks"`
	Switches     []Switch `json:"switches"`
	Concurrency  any      `json:"concurrency,omitempty"` // as written
	// Unfollowed are the places where the search for text from outside met a bound. They are no pass.
	Unfollowed []Limit `json:"unfollowed,omitempty"`
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
	DefaultToken bool    `json:"defaultToken"`
	Callee       *Callee `json:"callee,omitempty"` // the workflow of this repository that it hands all its secrets to
	JobBody
}

// FactsOf establishes the facts about a workflow or action; nil for a document that is neither. What it calls in the
// repository is looked up there.
func FactsOf(doc *source.Document, repo *Repository) *Facts {
	w := Of(doc)
	if w == nil {
		return nil
	}
	t := newTracer(repo)
	w.readScripts()
	facts := &Facts{
		Name: w.Name, IsAction: w.IsAction, OnlyCalled: w.OnlyCalled(), Events: w.Events, Permissions: w.Permissions,
		Env: scalars(map[string]any(w.Env)), Jobs: []JobFacts{}, Expressions: expressionsOf(doc), Secrets: secretsOf(doc),
		Spills: w.spills(doc), Credentials: Credentials(doc.Value), Persisted: w.persisted(doc, repo),
		Injections: w.injections(t), Checkouts: w.checkouts(repo), EnvironmentWrites: w.environmentWrites(t),
		Runners: w.runners(), Spoofs: w.spoofs(repo), Merges: w.merges(repo), Artifacts: w.artifacts(repo),
		Agents: w.agents(repo, t), Deeds: w.deeds(repo), Caches: w.caches(repo), Triggers: w.triggers(repo),
		Flaws: w.flaws(doc), Veils: veils(doc), Strangers: w.strangers(doc), Gates: w.gates(), Scans: w.scans(),
		Required: w.required(repo.contexts()), Filters: w.filters(doc), MergeQueue: repo.queue(), Deploys: w.carelessDeploys(),
		Undocumented: w.undocumented(doc), Remarks: w.remarks(), Switches: w.switches(), Concurrency: object(doc.Value)["concurrency"], // lists are never null for a rule
	}
	facts.Unfollowed = t.limits
	for i := range w.Jobs {
		job := &w.Jobs[i]
		inherits := !w.IsAction && job.Permissions.Kind == GrantAbsent
		facts.Jobs = append(facts.Jobs, JobFacts{
			ID: job.ID, Path: job.Path, Permissions: job.Permissions, Uses: job.Uses, Inherits: inherits,
			DefaultToken: inherits && w.Permissions.Kind == GrantAbsent && len(job.Steps) > 0,
			Callee:       calleeOf(job, repo), JobBody: bodyOf(doc, job),
		})
	}
	slices.SortStableFunc(facts.Jobs, func(a, b JobFacts) int {
		return cmp.Compare(doc.Locate(a.Path, "").Span.Start.Offset, doc.Locate(b.Path, "").Span.Start.Offset)
	})
	return facts
}
