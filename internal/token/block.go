package token

import (
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// Block is the least that one `permissions:` has to say.
type Block struct {
	Path source.Path        `json:"path"`          // of the permissions key, be it there or not
	Job  string             `json:"job,omitempty"` // whose it is; "" for the workflow's
	Kind workflow.GrantKind `json:"kind"`          // how it is written now
	// Lines are what it needs to say: those scopes that are needed, and those that are granted and that something may use
	// in a way that is not known.
	Lines []Line `json:"lines"`
	// YAML is the block with its key and a comment at each line; not indented, no line break at its end.
	YAML string `json:"yaml"`
	// Certain says that the block is enough: there is nothing in the jobs that may use more than it says.
	Certain bool `json:"certain"`
}

// Line is one line of a Block.
type Line struct {
	Scope string   `json:"scope"`
	Level Level    `json:"level"`
	By    []string `json:"by"` // what needs it; "perhaps …" what is not seen to
}

// blockOf works out the least that a `permissions:` for the jobs has to say.
func blockOf(g workflow.Grant, path source.Path, jobs []result, job string) Block {
	out := Block{Path: path, Job: job, Kind: g.Kind, Lines: []Line{}, Certain: true}
	granted := permissionsOf(g)
	wanted := map[string]*Line{}
	for i := range jobs {
		r := &jobs[i]
		for _, u := range r.uses {
			for _, scope := range u.scopes(granted, g.Kind == workflow.GrantMap) {
				raise(wanted, scope, u.Level, u.By)
			}
		}
		for _, o := range r.opaque {
			kept := false
			for scope, level := range granted {
				if g.Kind == workflow.GrantMap && o.mayUse(scope) && level != levelNone {
					raise(wanted, scope, level, "perhaps "+o.By)
					kept = true
				}
			}
			out.Certain = out.Certain && (kept || g.Kind == workflow.GrantMap || g.Kind == workflow.GrantEmpty || !o.mayUseAny(g.Kind))
		}
	}
	for _, scope := range slices.Sorted(maps.Keys(wanted)) {
		out.Lines = append(out.Lines, *wanted[scope])
	}
	out.YAML = yamlOf(out.Lines)
	return out
}

// mayUseAny reports whether the thing may use anything of what is granted without being listed. An OIDC token has to be.
func (o Opaque) mayUseAny(kind workflow.GrantKind) bool {
	return kind == workflow.GrantWriteAll || !slices.Equal(o.Scopes, []string{scopeOIDC})
}

// perJob gives the jobs that have no permissions of their own what they need, and leaves in the workflow's what is for all.
func perJob(w *workflow.Workflow, inheriting []result) []Edit {
	edits := []Edit{}
	listed := w.Permissions.Kind == workflow.GrantMap
	var rest []result // jobs that can do with the workflow's
	for i := range inheriting {
		r := &inheriting[i]
		if listed && !r.alone(w.Permissions, inheriting) {
			rest = append(rest, *r)
			continue
		}
		b := blockOf(w.Permissions, r.job.Path.Append("permissions"), []result{*r}, r.job.ID)
		if !b.Certain {
			return []Edit{}
		}
		edits = append(edits, Edit{Path: b.Path, Block: b.YAML})
	}
	if len(edits) > 0 && w.Permissions.Kind != workflow.GrantAbsent {
		top := blockOf(w.Permissions, w.Permissions.Path, rest, "")
		edits = append(edits, Edit{Path: top.Path, Block: top.YAML})
	}
	return edits
}

// alone reports whether the job writes with something that others which have it too are seen not to write with.
func (r *result) alone(g workflow.Grant, all []result) bool {
	for scope, level := range g.Scopes {
		if Level(level) != LevelWrite || r.level(scope) != LevelWrite && r.level(scope) != levelUnknown {
			continue
		}
		for i := range all {
			if other := all[i].level(scope); other == levelNone || other == LevelRead {
				return true
			}
		}
	}
	return false
}

// scopes gives those that a block should have for a use: what is granted already of those that serve, else the first. What is
// optional stays where it is granted, or where all was, and is not added.
func (u Use) scopes(granted Permissions, listed bool) []string {
	var out []string
	for _, scope := range append([]string{u.Scope}, u.Or...) {
		if granted[scope].covers(u.Level) {
			out = append(out, scope)
		}
	}
	switch {
	case listed && (len(out) > 0 || !u.Sure):
		return out
	case listed:
		return []string{u.Scope}
	}
	return append([]string{u.Scope}, u.Or...)
}

// raise makes sure that a line of the block gives at least a level.
func raise(lines map[string]*Line, scope string, level Level, by string) {
	line := lines[scope]
	switch {
	case line == nil:
		lines[scope] = &Line{Scope: scope, Level: level, By: []string{by}}
		return
	case !line.Level.covers(level):
		line.Level, line.By = level, []string{by} // what needs less is served as well, and need not be named
		return
	case level == line.Level && !slices.Contains(line.By, by):
		line.By = append(line.By, by)
	}
}

// maxNamed is how many things are named in the comment of a line.
const maxNamed = 3

func yamlOf(lines []Line) string {
	if len(lines) == 0 {
		return "permissions: {}"
	}
	out := []string{"permissions:"}
	for _, l := range lines {
		by := strings.Join(l.By[:min(len(l.By), maxNamed)], ", ")
		if len(l.By) > maxNamed {
			by += ", …"
		}
		out = append(out, "  "+l.Scope+": "+string(l.Level)+" # "+oneLine(by))
	}
	return strings.Join(out, "\n")
}

// oneLine makes a text fit for a comment.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, text)
}
