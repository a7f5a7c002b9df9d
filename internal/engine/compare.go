package engine

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/triage"
)

// compare learns what was there before the change. Where that cannot be had, the change's lines alone tell what counts,
// and that is said.
func (r *run) compare(ctx context.Context) error {
	if r.change == nil {
		r.blind()
		return nil
	}
	r.scope.Names = r.names
	if r.change.base == "" {
		r.stats.Notices = append(r.stats.Notices, "what was there before the change is not known: what its lines do not show to be theirs is hidden")
		return nil
	}
	past, err := r.before(ctx)
	switch {
	case ctx.Err() != nil:
		return stopped(ctx)
	case err != nil:
		r.scope, r.change = nil, nil
		r.blind()
		r.stats.Notices = append(r.stats.Notices, "everything counts, since what was there before the change cannot be linted: "+err.Error())
		return nil //nolint:nilerr // it is told, and hides nothing
	}
	r.scope.Past = past
	if edited := r.judgedBy(); len(edited) > 0 {
		r.stats.Notices = append(r.stats.Notices, "the change edits what it is judged by: "+strings.Join(edited, ", "))
	}
	return nil
}

// blind has all ignores taken for the change's own where that matters: it cannot be told which are.
func (r *run) blind() {
	if r.options.Change != nil && r.addedFails {
		r.scope = &triage.Scope{All: true, Blind: true}
	}
}

// judgedBy are the files among those that the change edits which decide what is found and what counts, sorted.
func (r *run) judgedBy() []string {
	var edited []string
	t := r.options.Target
	for name := range r.change.differs {
		abs := filepath.Join(t.Root, filepath.FromSlash(name))
		in := func(dir string) bool { rel, err := filepath.Rel(dir, abs); return err == nil && filepath.IsLocal(rel) }
		if slices.Contains(config.Names(), name) || abs == r.options.BaselineFile || slices.ContainsFunc(r.options.Policies, in) {
			edited = append(edited, name)
		}
	}
	slices.Sort(edited)
	return edited
}

func (o Options) addedFail() bool { return o.Config.IgnoresAdded == "fail" }
