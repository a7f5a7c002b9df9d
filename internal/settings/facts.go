package settings

import (
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// Facts are what the settings mean for the repository's files.
type Facts struct {
	Owners *Owners `json:"owners"`
	// Checks are the required checks that GitHub Actions may have to report, each with the jobs that can.
	Checks []CheckFacts `json:"checks"`
}

// CheckFacts is a required check and who reports it.
type CheckFacts struct {
	Name string      `json:"name"`
	Path source.Path `json:"path"` // in the settings
	App  int64       `json:"app"`  // 0 where any app, and whoever can write, may report it
	// Bound: the check is to come from GitHub Actions.
	Bound     bool                `json:"bound"`
	Reporters []workflow.Reporter `json:"reporters"`
}

// Gap is an unread setting, with its path.
type Gap struct {
	Unread
	Path source.Path
}

// FactsOf joins the document of settings with the files that they speak of.
func FactsOf(doc *source.Document, workflows *workflow.Repository) *Facts {
	s := decode(doc)
	f := &Facts{Owners: ownersOf(workflows.Files()), Checks: []CheckFacts{}}
	if s.Branch.Checks != nil {
		for i, check := range s.Branch.Checks.Required {
			if check.App != 0 && check.App != GitHubActions {
				continue
			}
			f.Checks = append(f.Checks, CheckFacts{
				Name: check.Name, Path: source.Path{"branch", "checks", "required", i, "name"}, App: check.App,
				Bound: check.App == GitHubActions, Reporters: workflows.Reporters(check.Name),
			})
		}
	}
	return f
}

// Gaps lists what a document of settings leaves out, with its places.
func Gaps(doc *source.Document) []Gap {
	gaps := []Gap{}
	for i, gap := range decode(doc).Unread {
		gaps = append(gaps, Gap{gap, source.Path{"unread", i, "what"}})
	}
	return gaps
}
