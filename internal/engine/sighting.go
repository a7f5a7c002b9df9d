package engine

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// sightings are the findings that a change takes part in, and where its author should see each: at the cause that the
// change touches. Until triage is done every finding stays at its home, so that ignores, baseline and fingerprints mean
// the same findings whatever the run is about.
type sightings map[*finding.Finding]sighting

// sighting is another place for a finding, and what is related to it there.
type sighting struct {
	at      source.Location
	related []source.Note
}

// add notes a finding if a changed line is its place or a step on the way to it.
func (s sightings) add(f *finding.Finding, trace source.Trace, changed func(source.Location) bool) {
	if changed == nil || len(trace.Steps) == 0 {
		return
	}
	onStep := func(step source.Step) bool { return changed(step.Location) }
	if !changed(trace.Location) && !slices.ContainsFunc(trace.Steps, onStep) {
		return
	}
	preferred := trace.Prefer(changed)
	others := f.Related[len(trace.Related()):] // what the policy itself names
	s[f] = sighting{at: preferred.Location, related: slices.Concat(preferred.Related(), others)}
}

// unite lets a finding that the change has no part in come about as another one of the same cause does that it has.
func (s sightings) unite(f, other *finding.Finding) {
	_, told := s[f]
	seen, ok := s[other]
	if told || !ok {
		return
	}
	s[f], f.Related = seen, other.Related
	if f.Origin != nil && other.Origin != nil {
		f.Origin.Object, f.Origin.Field, f.Origin.Value = other.Origin.Object, other.Origin.Field, other.Origin.Value
	}
}

// show moves the findings that count to where the author of the change should see them.
func (s sightings) show(findings []*finding.Finding) {
	for _, f := range findings {
		if seen, ok := s[f]; ok && f.Active() {
			f.Location, f.Related = seen.at, seen.related
		}
	}
}
