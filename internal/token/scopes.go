package token

import (
	"maps"
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// scopes are the permissions that GitHub knows, with the levels that each may have beside none.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions; copilot-requests as
// GitHub's documentation of the Copilot CLI has it.
var scopes = map[string][]Level{
	"actions":              {LevelRead, LevelWrite},
	"artifact-metadata":    {LevelRead, LevelWrite},
	"attestations":         {LevelRead, LevelWrite},
	"checks":               {LevelRead, LevelWrite},
	"code-quality":         {LevelRead, LevelWrite},
	"contents":             {LevelRead, LevelWrite},
	"copilot-requests":     {LevelWrite},
	"deployments":          {LevelRead, LevelWrite},
	"discussions":          {LevelRead, LevelWrite},
	"id-token":             {LevelWrite},
	"issues":               {LevelRead, LevelWrite},
	"models":               {LevelRead},
	"packages":             {LevelRead, LevelWrite},
	"pages":                {LevelRead, LevelWrite},
	"pull-requests":        {LevelRead, LevelWrite},
	"repository-projects":  {LevelRead, LevelWrite}, // of projects that GitHub has retired: still taken, without effect
	"security-events":      {LevelRead, LevelWrite},
	"statuses":             {LevelRead, LevelWrite},
	"vulnerability-alerts": {LevelRead},
}

const levelNone Level = "none"

const (
	scopeOIDC   = "id-token" // is had by every step of the job, without the token
	scopeGit    = "contents"
	scopeImages = "packages"
)

// Scopes lists the permissions that GitHub knows, sorted.
func Scopes() []string { return slices.Sorted(maps.Keys(scopes)) }

// Levels lists what a permission may be set to, none included; nil for one that GitHub does not know.
func Levels(scope string) []Level {
	if levels, known := scopes[scope]; known {
		return append([]Level{levelNone}, levels...)
	}
	return nil
}

// Permissions is what a token may do: a level by scope. A scope that is not there is none.
type Permissions map[string]Level

// permissionsOf reads a `permissions:`. What GitHub would not take gives nothing.
func permissionsOf(g workflow.Grant) Permissions {
	out := Permissions{}
	switch g.Kind {
	case workflow.GrantReadAll, workflow.GrantWriteAll:
		for scope, levels := range scopes {
			highest := levels[len(levels)-1]
			switch {
			case g.Kind == workflow.GrantWriteAll:
				out[scope] = highest
			case levels[0] == LevelRead:
				out[scope] = LevelRead
			}
		}
	case workflow.GrantMap:
		for scope, level := range g.Scopes {
			if slices.Contains(scopes[scope], Level(level)) {
				out[scope] = Level(level)
			}
		}
	}
	return out
}

// covers reports whether a level that is had is enough for one that is wanted; write includes read.
func (l Level) covers(wanted Level) bool {
	return l == wanted || l == LevelWrite || wanted == levelNone || wanted == ""
}

// serves reports whether the permissions are enough for a need.
func (p Permissions) serves(n Need) bool {
	if p[n.Scope].covers(n.Level) {
		return true
	}
	return slices.ContainsFunc(n.Or, func(scope string) bool { return p[scope].covers(n.Level) })
}

// effective gives the `permissions:` that holds for a job: its own replaces the workflow's, it does not narrow it.
func effective(w *workflow.Workflow, job *workflow.Job) workflow.Grant {
	if job.Permissions.Kind != workflow.GrantAbsent {
		return job.Permissions
	}
	return w.Permissions
}
