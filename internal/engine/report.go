package engine

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/git"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/triage"
)

// report triages what was found and makes the verdict of it.
func (r *run) report() *finding.Report {
	finding.Sort(r.findings)
	r.kin = kinship{}
	findings := merge(r.findings, r.seen, r.kin)
	finding.Number(findings)
	findings = triage.Apply(triage.Input{
		Findings: findings, Texts: r.found.Files,
		Severities: r.options.Config.Severities(), Ignores: r.options.ignores(), Baseline: r.options.Baseline, Persona: finding.Persona(r.options.Config.Persona), Scope: r.scope,
		Today: r.options.Today, Known: r.known, Judged: r.judged, Missed: r.missing, Unused: r.set.Rule(finding.UnusedIgnore),
	})
	r.seen.show(findings)
	finding.Sort(findings)
	finding.Number(findings)
	r.fillStats()
	report := &finding.Report{
		Tool:  finding.Tool{Name: "plimsoll", Version: r.options.Version, RulesDigest: r.set.Digest()},
		Rules: r.rules(), Findings: findings, NotEvaluated: r.missed, Stats: r.stats,
	}
	report.AddedFails = r.addedFails
	report.Judge(finding.Severity(r.options.Config.FailOn))
	return report
}

func (o Options) ignores() []triage.Ignore {
	var out []triage.Ignore
	for _, i := range o.Config.Ignore {
		at := source.FileStart(o.Config.Path())
		at.Span.Start.Line, at.Span.End.Line, at.Span.Exact = i.Line(), i.Line(), true
		out = append(out, triage.Ignore{Rule: i.Rule, Paths: globs(i.Paths), Subjects: globs(i.Subjects), Reason: i.Reason, Expires: string(i.Expires), At: at})
	}
	return out
}

// known reports whether a rule, or a pattern of rules, exists.
func (r *run) known(pattern string) bool {
	return slices.ContainsFunc(r.set.Rules(), func(rule *finding.Rule) bool { return triage.Matches(pattern, rule.ID) })
}

// judged reports whether all that a pattern means was on: only then can an ignore of it be called unused.
func (r *run) judged(pattern string) bool {
	for _, rule := range r.set.Rules() {
		if triage.Matches(pattern, rule.ID) && !slices.Contains(r.ids, rule.ID) {
			return false
		}
	}
	return len(r.options.Target.Paths) == 0
}

// missing reports whether a file, or the chart or kustomization around it, was not evaluated as a whole.
func (r *run) missing(file string) bool {
	return slices.ContainsFunc(r.missed, func(m finding.Miss) bool {
		return m.Path == file || strings.HasPrefix(file, path.Dir(m.Path)+"/")
	})
}

func (r *run) rules() []*finding.Rule {
	out := make([]*finding.Rule, len(r.ids))
	for i, id := range r.ids {
		out[i] = r.set.Rule(id)
	}
	return out
}

func (r *run) fillStats() {
	r.stats.Files = map[string]int{}
	for kind, n := range r.found.Stats.Kinds {
		r.stats.Files[string(kind)] = n
	}
	r.stats.Rules = len(r.ids)
	r.stats.Scope = "all"
	if r.scope != nil && !r.scope.All {
		r.stats.Scope = "since " + r.scope.Since
	}
	if t := r.options.Target; t.repo == nil {
		why := "no Git repository is around them"
		if t.noGit == git.ErrNoGit.Error() {
			why = t.noGit
		}
		r.stats.Notices = append(r.stats.Notices, "all files were looked at, ignored ones too: "+why)
	}
	if n := len(r.found.Nested); n > 0 {
		shown := strings.Join(r.found.Nested[:min(n, 3)], ", ")
		r.stats.Notices = append(r.stats.Notices, fmt.Sprintf("%d submodules or repositories inside this one were not looked at; lint them on their own: %s", n, shown))
	}
	if b := r.options.Baseline; b != nil && b.Stale() > 0 {
		r.stats.Notices = append(r.stats.Notices, fmt.Sprintf("%d entries of the baseline match nothing; write it anew", b.Stale()))
	}
}

// TextsOf gives the texts that were read, by path.
func TextsOf(files []*source.File) func(string) []byte {
	texts := make(map[string][]byte, len(files))
	for _, f := range files {
		texts[f.Path] = f.Data
	}
	return func(path string) []byte { return texts[path] }
}
