package engine

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/policy"
	"github.com/plimsoll-dev/plimsoll/internal/triage"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// What a report from elsewhere may hold at most: counts of things, and bytes of one text. Ours keep far below.
const (
	maxAdopted       = 50_000
	maxAdoptedEach   = 200 // places, variants, edits of one finding, notices of the run
	maxAdoptedText   = 64 << 10
	maxAdoptedCounts = 100 // kinds of file
)

// Adopt makes a report of ours of one that a stranger's run wrote. Options give the policies, the configuration and the
// baseline, which are the reader's own; only the findings are taken from the report. Each must be of a rule that is known
// here and is given that rule's words, and no more than its severity unless the configuration says one. Who put a finding
// aside by a comment, or as outside of the change, is believed, as the comment is a part of the change; the configuration,
// the baseline and the persona are asked anew. Then the verdict is made. An error says why the report is refused.
func Adopt(ctx context.Context, o Options, r *finding.Report) error {
	set, err := policy.Load(ctx, policies.FS, o.Policies)
	if err != nil {
		return usagef(err)
	}
	linkPages(set, o.Version)
	if _, err := selectRules(set, o); err != nil {
		return usagef(err)
	}
	if err := bounded(r, set); err != nil {
		return usagef(fmt.Errorf("the report is refused: %w", err))
	}
	for _, f := range r.Findings {
		f.Severity = min(f.Severity, set.Rule(f.RuleID).Severity)
	}
	adoptMarks(o, set, r)
	r.Tool = finding.Tool{Name: "plimsoll", Version: o.Version, RulesDigest: set.Digest()}
	r.Rules = rulesOf(set, r.Findings)
	r.Judge(finding.Severity(o.Config.FailOn))
	return nil
}

// adoptMarks triages the findings that nothing in the change itself put aside.
func adoptMarks(o Options, set *policy.Set, r *finding.Report) {
	var open, rest []*finding.Finding
	severities := o.Config.Severities()
	for _, f := range r.Findings {
		s := f.Suppressed
		switch {
		case s != nil && (s.By == finding.ByInline || s.By == finding.ByScope):
			if own, ok := severities[f.RuleID]; ok {
				f.Severity = own
			}
			rest = append(rest, f)
		case !o.Config.Enabled(f.RuleID):
			f.Suppressed = &finding.Suppression{By: finding.ByConfig, Reason: "the rule is off"}
			rest = append(rest, f)
		default:
			open = append(open, f)
		}
	}
	never := func(string) bool { return false } // an ignore that suppresses nothing here is no finding of this change
	run := &run{options: o}
	ignores := slices.DeleteFunc(run.ignores(), func(i triage.Ignore) bool { return i.Expires != "" && o.Today > i.Expires })
	open = triage.Apply(triage.Input{
		Findings: open, Severities: severities, Ignores: ignores, Baseline: o.Baseline, Persona: finding.Persona(o.Config.Persona),
		Today: o.Today, Known: never, Judged: never, Missed: never, Unused: set.Rule(finding.UnusedIgnore),
	})
	r.Findings = slices.Concat(open, rest)
	finding.Sort(r.Findings)
}

// rulesOf lists the rules of findings, in the order of their IDs.
func rulesOf(set *policy.Set, findings []*finding.Finding) []*finding.Rule {
	var out []*finding.Rule
	for _, rule := range set.Rules() {
		if slices.ContainsFunc(findings, func(f *finding.Finding) bool { return f.RuleID == rule.ID }) {
			out = append(out, rule)
		}
	}
	return out
}

// bounded refuses what no run of ours writes.
func bounded(r *finding.Report, set *policy.Set) error {
	if len(r.Findings) > maxAdopted || len(r.NotEvaluated) > maxAdopted {
		return fmt.Errorf("it has more than %d findings", maxAdopted)
	}
	s := r.Stats
	if len(s.Files) > maxAdoptedCounts || len(s.Notices) > maxAdoptedEach {
		return errors.New("it has more counts or notices than a report has")
	}
	for kind, n := range s.Files {
		if n < 0 || !kindForm.MatchString(kind) {
			return fmt.Errorf("it counts %d files of kind %q", n, kind)
		}
	}
	if min(s.Documents, s.Rendered, s.Untraced, s.Rules) < 0 {
		return errors.New("a count is negative")
	}
	texts := append([]string{s.Scope}, s.Notices...)
	for _, m := range r.NotEvaluated {
		texts = append(texts, m.Path, m.What, m.Why)
	}
	for i, f := range r.Findings {
		if err := boundedFinding(f, set); err != nil {
			return fmt.Errorf("finding %d: %w", i, err)
		}
	}
	return boundedTexts(texts)
}

// kindForm is the name of a kind of file, and printForm a fingerprint, that of a second one of its name included.
var (
	kindForm  = regexp.MustCompile(`^[a-z][a-z-]{0,40}$`)
	printForm = regexp.MustCompile(`^[0-9a-f]{32}(:[0-9]{1,9})?$`)
)

func boundedFinding(f *finding.Finding, set *policy.Set) error {
	switch {
	case set.Rule(f.RuleID) == nil:
		return fmt.Errorf("rule %q is not known here", f.RuleID)
	case !printForm.MatchString(f.Fingerprint):
		return fmt.Errorf("%q is no fingerprint", f.Fingerprint)
	case f.Persona != "" && !slices.Contains(finding.Personas(), f.Persona):
		return fmt.Errorf("unknown persona %q", f.Persona)
	case len(f.Related) > maxAdoptedEach:
		return errors.New("it has more related places than a finding has")
	}
	texts := []string{f.Message, f.Subject, f.Location.Path}
	for _, note := range f.Related {
		texts = append(texts, note.Message, note.Location.Path)
	}
	if o := f.Origin; o != nil {
		if len(o.Variants) > maxAdopted {
			return errors.New("it has more variants than a finding has")
		}
		texts = append(texts, o.Renderer, o.Root, o.Object, o.Field, o.Value)
		texts = append(texts, o.Variants...)
	}
	if s := f.Suppressed; s != nil {
		texts = append(texts, s.Reason)
	}
	if fix := f.Fix; fix != nil {
		if len(fix.Edits) > maxAdoptedEach {
			return errors.New("it has more edits than a fix has")
		}
		texts = append(texts, fix.Description)
		for _, edit := range fix.Edits {
			texts = append(texts, edit.Location.Path, edit.NewText)
		}
	}
	return boundedTexts(texts)
}

func boundedTexts(texts []string) error {
	for _, text := range texts {
		if len(text) > maxAdoptedText {
			return fmt.Errorf("a text of it has %d bytes: %s…", len(text), strings.ToValidUTF8(text[:40], "?"))
		}
	}
	return nil
}
