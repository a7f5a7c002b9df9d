package workflow

import (
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// GrantKind says how a `permissions:` is written.
type GrantKind string

// The kinds of grant.
const (
	GrantAbsent   GrantKind = "absent"    // not written: the repository's default, or the workflow's
	GrantEmpty    GrantKind = "empty"     // {}: nothing
	GrantReadAll  GrantKind = "read-all"  // every scope, read
	GrantWriteAll GrantKind = "write-all" // every scope, write
	GrantMap      GrantKind = "map"       // the scopes listed; all others none
	GrantUnknown  GrantKind = "unknown"   // a value that GitHub would not take
)

// Grant is what one `permissions:` gives to the token.
type Grant struct {
	Kind   GrantKind         `json:"kind"`
	Scopes map[string]string `json:"scopes,omitempty"` // scope to level, of a map
	Path   source.Path       `json:"path,omitempty"`   // of the permissions key
}

// grantOf reads `permissions:` of the workflow or job that owner holds.
func grantOf(owner map[string]any, path source.Path) Grant {
	value, present := owner["permissions"]
	if !present {
		return Grant{Kind: GrantAbsent}
	}
	g := Grant{Kind: GrantUnknown, Path: path.Append("permissions")}
	switch v := value.(type) {
	case nil:
		g.Kind = GrantEmpty // GitHub reads a key without a value as no permissions at all
	case string:
		if v == string(GrantReadAll) || v == string(GrantWriteAll) {
			g.Kind = GrantKind(v)
		}
	case map[string]any:
		if len(v) == 0 {
			g.Kind = GrantEmpty
			break
		}
		g.Kind, g.Scopes = GrantMap, make(map[string]string, len(v))
		for scope, level := range v {
			g.Scopes[scope] = text(level)
		}
	}
	return g
}

// Writes reports whether the grant lets the token change anything. An absent one may: the repository's settings say.
func (g Grant) Writes() bool {
	switch g.Kind {
	case GrantAbsent, GrantWriteAll:
		return true
	case GrantMap:
		for _, level := range g.Scopes {
			if level == "write" {
				return true
			}
		}
	}
	return false
}

// effective is what a job's token may do: its own grant replaces the workflow's, it does not narrow it.
func (w *Workflow) effective(job *Job) Grant {
	if job.Permissions.Kind != GrantAbsent {
		return job.Permissions
	}
	return w.Permissions
}

// OnlyCalled reports whether nothing but another workflow starts this one: it then gets the caller's permissions.
func (w *Workflow) OnlyCalled() bool {
	return len(w.Events) == 1 && w.Events[0].Name == eventWorkflowCall
}

// Names of events that are treated in a way of their own.
const (
	eventWorkflowCall     = "workflow_call"
	eventWorkflowDispatch = "workflow_dispatch"
)
