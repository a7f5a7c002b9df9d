package triage

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

// Past is what was found before a change, to tell what the change brings: which findings, and which ignores.
type Past struct {
	active   map[string][]weight // by what a finding is known by
	hidden   map[string]int      // how many were ignored, by the same
	ignores  []Ignore
	baseline *Baseline
}

// weight is how much is made of a finding: one that gained some is news.
type weight struct {
	severity finding.Severity
	audience finding.Persona
}

// NewPast is a past without findings, with the baseline (nil for none) and the configuration's ignores that were there.
func NewPast(baseline *Baseline, ignores []Ignore) *Past {
	return &Past{active: map[string][]weight{}, hidden: map[string]int{}, ignores: ignores, baseline: baseline}
}

// Add notes a finding, after its triage, by all that it may be known by.
func (p *Past) Add(f *finding.Finding, names []string) {
	for _, name := range names {
		switch {
		case f.Active():
			p.active[name] = append(p.active[name], weight{f.Severity, f.Audience()})
		case ignored(f):
			p.hidden[name]++
		}
	}
}

// ignored reports whether somebody put the finding aside, rather than the run that it is not for.
func ignored(f *finding.Finding) bool {
	return f.Suppressed != nil && slices.Contains([]finding.SuppressedBy{finding.ByInline, finding.ByConfig, finding.ByBaseline}, f.Suppressed.By)
}

// take reports whether a finding was there before and counted for no less. Each one that was there answers for one.
func (p *Past) take(f *finding.Finding, names []string) bool {
	for _, name := range names {
		i := slices.IndexFunc(p.active[name], func(was weight) bool {
			return was.severity >= f.Severity && f.Audience().Sees(was.audience)
		})
		if i >= 0 {
			p.active[name] = slices.Delete(p.active[name], i, i+1)
			return true
		}
	}
	return false
}

// takeHidden reports whether a finding was there before and was ignored then too.
func (p *Past) takeHidden(names []string) bool {
	for _, name := range names {
		if p.hidden[name] > 0 {
			p.hidden[name]--
			return true
		}
	}
	return false
}

// markAdded marks the ignores that the change brings, on what they hide. One is brought by it when it hides what counted
// before, or what was not there before and it is new itself.
func (s *Scope) markAdded(in Input, findings []*finding.Finding) {
	if s == nil {
		return
	}
	for _, f := range findings {
		if ignored(f) {
			f.Suppressed.Added = s.added(in, f)
		}
	}
}

func (s *Scope) added(in Input, f *finding.Finding) bool {
	if s.Blind {
		return true
	}
	at := f.Suppressed.Location
	if s.Past != nil {
		names := s.Names(f)
		if s.Past.takeHidden(names) {
			return false
		}
		if slices.ContainsFunc(names, func(name string) bool { return len(s.Past.active[name]) > 0 }) {
			return true
		}
	}
	switch {
	case f.Suppressed.By == finding.ByInline:
		return at == nil || s.ChangedAt(*at)
	case f.Suppressed.By == finding.ByBaseline:
		return s.Past == nil && s.ChangedBaseline || s.Past != nil && !s.Past.baseline.has(f.Fingerprint)
	case s.Past == nil:
		return at == nil || s.Changed(at.Path, 1, endOfFile)
	}
	entry := slices.IndexFunc(in.Ignores, func(i Ignore) bool { return i.At == *at })
	return entry < 0 || !slices.ContainsFunc(s.Past.ignores, in.Ignores[entry].grants)
}

// grants reports whether another entry puts aside the same, for no less time.
func (e Ignore) grants(was Ignore) bool {
	lasts := was.Expires == "" || e.Expires != "" && e.Expires <= was.Expires
	return e.Rule == was.Rule && slices.Equal(e.Paths, was.Paths) && slices.Equal(e.Subjects, was.Subjects) && lasts
}
