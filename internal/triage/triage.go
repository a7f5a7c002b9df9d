// Package triage decides which findings count. It marks, it never drops: an ignored, known or out-of-scope finding stays in
// the report with who put it aside, so that an ignore which does nothing can be shown too.
package triage

import (
	"fmt"
	"math"
	"slices"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Input is everything that triage looks at.
type Input struct {
	Findings   []*finding.Finding
	Texts      []*source.File              // the files in which ignore comments count
	Severities map[string]finding.Severity // set by the configuration, by rule ID
	Ignores    []Ignore                    // entries of the configuration
	Baseline   *Baseline                   // nil for none
	Persona    finding.Persona             // whom the run speaks to
	Scope      *Scope                      // nil when all lines count
	Today      string                      // as 2027-01-31, to expire ignores by
	Known      func(rule string) bool      // whether a rule, or a pattern of rules, exists
	Judged     func(rule string) bool      // whether it was on in this run: an ignore of a rule that was off isn't unused
	Missed     func(path string) bool      // whether the file was not evaluated: its ignores cannot be called unused
	Unused     *finding.Rule               // the rule that unused ignores are reported under
}

// Ignore is an entry of the configuration that puts findings aside.
type Ignore struct {
	Rule     string
	Paths    []string // globs; none means all files
	Subjects []string // globs of what findings are about; none means anything
	Reason   string
	Expires  string // last day on which it counts; "" for ever
	At       source.Location
}

// Scope limits what counts to what a change causes.
type Scope struct {
	All             bool   // everything counts; the change is only to tell which ignores it brings
	Blind           bool   // it is not known what the change is, so any ignore may be one that it brings
	Since           string // for the reason: what the change is measured from
	Changed         func(path string, first, last int) bool
	ChangedUnder    func(dir string) bool           // any file in the folder or below it
	ChangedRule     func(rule string) bool          // the policy that says so
	ChangedBaseline bool                            // the file that the baseline was read from
	Past            *Past                           // nil where it is not known what was before: then lines alone tell
	Names           func(*finding.Finding) []string // what Past knows a finding by
}

// Apply marks the findings that do not count, and adds a finding for each ignore that suppressed nothing. The order of
// precedence is inline, configuration, baseline, persona, scope; a finding is marked once.
func Apply(in Input) []*finding.Finding {
	for _, f := range in.Findings {
		if s, ok := in.Severities[f.RuleID]; ok {
			f.Severity = s
		}
	}
	inline := inlineIgnores(in.Texts)
	used := make([]bool, len(in.Ignores))
	for _, f := range in.Findings {
		f.Suppressed = first(
			func() *finding.Suppression { return inline.suppress(f, in.Known) },
			func() *finding.Suppression { return suppressByConfig(in, used, f) },
			func() *finding.Suppression { return in.Baseline.suppress(f) },
		)
	}
	unused := inline.unused(in)
	for _, f := range unused {
		f.Suppressed = first(
			func() *finding.Suppression { return suppressByConfig(in, used, f) },
			func() *finding.Suppression { return in.Baseline.suppress(f) },
		)
	}
	all := slices.Concat(in.Findings, unused, unusedEntries(in, used))
	in.Scope.markAdded(in, all)
	for _, f := range all {
		if f.Suppressed == nil {
			f.Suppressed = first(
				func() *finding.Suppression { return suppressByPersona(in.Persona, f) },
				func() *finding.Suppression { return in.Scope.suppress(f) },
			)
		}
	}
	return all
}

func first(from ...func() *finding.Suppression) *finding.Suppression {
	for _, f := range from {
		if s := f(); s != nil {
			return s
		}
	}
	return nil
}

// suppressByConfig lets every entry that means the finding count as used, and returns the first one's mark.
func suppressByConfig(in Input, used []bool, f *finding.Finding) *finding.Suppression {
	var mark *finding.Suppression
	for i := range in.Ignores {
		entry := &in.Ignores[i]
		if entry.expired(in.Today) || !Matches(entry.Rule, f.RuleID) || !entry.covers(f) {
			continue
		}
		used[i] = true
		if mark == nil {
			at := entry.At
			mark = &finding.Suppression{By: finding.ByConfig, Reason: entry.Reason, Location: &at}
		}
	}
	return mark
}

// suppressByPersona marks what is for a persona that sees more.
func suppressByPersona(p finding.Persona, f *finding.Finding) *finding.Suppression {
	audience := f.Audience()
	if p.Sees(audience) {
		return nil
	}
	why := "it is meant for --persona " + string(audience)
	if !f.Persona.Sees(audience) {
		why = "its confidence is low; --persona " + string(audience) + " shows it"
	}
	return &finding.Suppression{By: finding.ByPersona, Reason: why}
}

func (e *Ignore) expired(today string) bool { return e.Expires != "" && today > e.Expires }

func (e *Ignore) covers(f *finding.Finding) bool {
	return matchesAny(e.Paths, f.Location.Path) && matchesAny(e.Subjects, f.Subject)
}

// matchesAny reports whether one of the globs matches; no globs match everything.
func matchesAny(globs []string, name string) bool {
	return len(globs) == 0 || slices.ContainsFunc(globs, func(glob string) bool {
		ok, err := doublestar.Match(glob, name)
		return err == nil && ok
	})
}

func unusedEntries(in Input, used []bool) []*finding.Finding {
	var out []*finding.Finding
	for i, e := range in.Ignores {
		switch {
		case e.expired(in.Today):
			out = append(out, unusedAt(in, e.At, e.Rule, fmt.Sprintf("the ignore of %s expired on %s; mend what it hid, or renew it with its reason", e.Rule, e.Expires)))
		case !used[i] && in.Judged(e.Rule):
			out = append(out, unusedAt(in, e.At, e.Rule, fmt.Sprintf("the ignore of %s suppresses nothing; remove it", e.Rule)))
		}
	}
	return out
}

func unusedAt(in Input, at source.Location, identity, message string) *finding.Finding {
	severity := in.Unused.Severity
	if s, ok := in.Severities[in.Unused.ID]; ok {
		severity = s
	}
	return &finding.Finding{
		RuleID: in.Unused.ID, Severity: severity, Confidence: in.Unused.Confidence, Message: message, Location: at,
		Fingerprint: finding.Fingerprint(in.Unused.ID, at.Path, identity, message),
	}
}

// suppress marks a finding that the change does not cause: no line of it is the finding's own place or one that takes part,
// and it was there before.
func (s *Scope) suppress(f *finding.Finding) *finding.Suppression {
	if s == nil || s.All || s.touches(f.Location) || s.ChangedRule != nil && s.ChangedRule(f.RuleID) {
		return nil
	}
	for _, note := range f.Related {
		if s.touches(note.Location) {
			return nil
		}
	}
	if s.Past == nil && s.mayCause(f) || s.Past != nil && !s.Past.take(f, s.Names(f)) {
		return nil
	}
	return &finding.Suppression{By: finding.ByScope, Reason: "not caused by what changed since " + s.Since}
}

// mayCause reports whether a change elsewhere may have caused a rendered finding whose place is not exact, such as a chart
// that no longer renders: then it counts, since a change must not hide what it breaks.
func (s *Scope) mayCause(f *finding.Finding) bool {
	if f.Location.Span.Exact || f.Origin == nil || f.Origin.Renderer == "" {
		return false
	}
	if f.Origin.Renderer == "kustomize" { // its bases may be anywhere in the repository
		return s.ChangedUnder(".")
	}
	return s.ChangedUnder(f.Origin.Root)
}

const endOfFile = math.MaxInt

// touches reports whether a changed line lies in the location. Where only the file is known, any change of it counts.
func (s *Scope) touches(at source.Location) bool {
	if !at.Span.Exact {
		return s.Changed(at.Path, 1, endOfFile)
	}
	return s.ChangedAt(at)
}

// ChangedAt reports whether a changed line lies in the location as it stands, be it exact or only near.
func (s *Scope) ChangedAt(at source.Location) bool {
	last := at.Span.End.Line
	if at.Span.End.Column == 1 && last > at.Span.Start.Line {
		last-- // half-open: the span ends before this line's first column
	}
	return s.Changed(at.Path, at.Span.Start.Line, last)
}
