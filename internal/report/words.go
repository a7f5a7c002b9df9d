package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// plural counts things: "1 file", "2 files".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// CountWords says how many findings there are of each severity, the highest first and none of which there is none: "2 high,
// 1 low"; or "no findings".
func CountWords(counts map[finding.Severity]int) string {
	var parts []string
	for _, s := range finding.Severities() {
		if counts[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[s], s))
		}
	}
	if len(parts) == 0 {
		return "no findings"
	}
	return strings.Join(parts, ", ")
}

// gateWords says how the findings stand to the gate.
func gateWords(r *finding.Report) string {
	active := r.Active()
	failing := 0
	for _, f := range active {
		if failsGate(r, f) {
			failing++
		}
	}
	gate := fmt.Sprintf("at or above the gate (%s)", r.FailOn)
	switch {
	case len(active) == 0:
		if n := len(slices.DeleteFunc(r.Added(), func(f *finding.Finding) bool { return !r.Fails(f) })); n > 0 {
			return fmt.Sprintf("%d hidden by ignores that this change adds, which do not count", n)
		}
		return ""
	case r.FailOn == 0:
		return "no finding fails this run"
	case failing == 0:
		return "none " + gate
	case len(active) == 1:
		return gate
	case failing == len(active):
		return "all " + gate
	default:
		return fmt.Sprintf("%d %s", failing, gate)
	}
}

// hiddenWords says how many findings were put aside, and by whom; "" when there are none.
func hiddenWords(r *finding.Report) string {
	hidden := r.Hidden()
	var parts []string
	for _, by := range []finding.SuppressedBy{finding.ByInline, finding.ByConfig, finding.ByBaseline, finding.ByPersona, finding.ByScope} {
		if hidden[by] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", hidden[by], hiddenBy(by)))
		}
	}
	return strings.Join(parts, ", ")
}

// addedWords says how many findings ignores hide that the change itself adds, and whether that passes.
func addedWords(r *finding.Report) string {
	words := fmt.Sprintf("Ignores that this change adds hide %s", plural(len(r.Added()), "finding"))
	failing := 0
	for _, f := range r.Added() {
		if r.Fails(f) {
			failing++
		}
	}
	if failing > 0 {
		words += fmt.Sprintf(", of which %d count all the same (ignores-added: fail)", failing)
	}
	return words + ":"
}

// addedBy says where an ignore stands that the change adds.
func addedBy(f *finding.Finding) string {
	s := f.Suppressed
	switch {
	case s.Location == nil:
		return "the baseline"
	case s.By == finding.ByConfig:
		return "the entry at " + place(*s.Location)
	default:
		return "the comment at " + place(*s.Location)
	}
}

func hiddenBy(by finding.SuppressedBy) string {
	switch by {
	case finding.ByInline:
		return "by ignore comments"
	case finding.ByConfig:
		return "by the configuration"
	case finding.ByBaseline:
		return "by the baseline"
	case finding.ByPersona:
		return "for other personas"
	case finding.ByScope:
		return "outside the change"
	default:
		return "by " + Visible(string(by))
	}
}

var kindNames = map[source.Kind]string{
	source.Dockerfile: "Dockerfile",
	source.Compose:    "Compose file",
	source.ChartFile:  "chart file",
	source.Terraform:  "Terraform file",

	source.ActionsLock: "actions lock", source.Dependabot: "Dependabot configuration",
	source.Renovate: "Renovate configuration", source.PreCommit: "pre-commit configuration",
	source.GitLabCI: "GitLab pipeline", source.DevContainer: "development container",
	source.Requirements: "list of chart requirements",
}

// NothingLinted reports whether a report is empty because there was nothing of ours, and not because all was well.
func NothingLinted(r *finding.Report) bool {
	for _, n := range r.Stats.Files {
		if n > 0 {
			return false
		}
	}
	return r.Stats.Documents == 0 && len(r.Findings) == 0 && len(r.NotEvaluated) == 0
}

// verdictWords says what the verdict stands on.
func verdictWords(r *finding.Report) string {
	if NothingLinted(r) {
		return "there was nothing to lint"
	}
	words := CountWords(r.Count())
	if gate := gateWords(r); gate != "" {
		words += "; " + gate
	}
	return words
}

// lookedWords says how much was looked at, or that there was nothing of ours.
func lookedWords(r *finding.Report) string {
	if NothingLinted(r) {
		return "Nothing to lint: no workflow, action, Dockerfile, Compose file, Kubernetes manifest, chart, kustomization or Terraform file was found."
	}
	s, total := r.Stats, 0
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(s.Files)) {
		n := s.Files[kind]
		if n == 0 {
			continue
		}
		name := kindNames[source.Kind(kind)]
		if name == "" {
			name = Visible(kind)
		}
		total += n
		kinds = append(kinds, plural(n, name))
	}
	words := "Looked at " + plural(total, "file")
	if len(kinds) > 0 {
		words += " (" + strings.Join(kinds, ", ") + ")"
	}
	if s.Rendered > 0 {
		words += " and " + plural(s.Rendered, "rendering")
	}
	words += " with " + plural(s.Rules, "rule")
	if s.Scope != "" && s.Scope != "all" {
		words += ", " + sentence(s.Scope)
	}
	return words + "."
}

// notices are what the user should know about how the answer was reached.
func notices(r *finding.Report) []string {
	all := r.Stats.Notices
	if n := r.Stats.Untraced; n > 0 {
		all = append(slices.Clip(all), plural(n, "rendered file")+" could not be traced line by line to the sources; findings there name a file, or a line nearby")
	}
	return all
}

// valueWords says what a finding's cause becomes where it is deployed; "" when that is no scalar, or nothing was rendered.
func valueWords(o *finding.Origin) string {
	if o == nil || o.Renderer == "" || o.Value == "" {
		return ""
	}
	return "renders to " + strings.TrimPrefix(clip(Visible(o.Field), maxMessage)+": ", ": ") + clip(Visible(o.Value), maxMessage)
}

// originWords says where in a rendered or multi-part document a finding was seen, but for what valueWords says; "" when
// there is no more to say.
func originWords(o *finding.Origin) string {
	if o == nil {
		return ""
	}
	var parts []string
	if o.Object != "" {
		parts = append(parts, "in "+Visible(o.Object))
	}
	if o.Field != "" && valueWords(o) == "" {
		parts = append(parts, "at "+Visible(o.Field))
	}
	if o.Renderer != "" {
		parts = append(parts, "rendered by "+Visible(o.Renderer)+" from "+Visible(o.Root)+variantWords(o.Variants))
	}
	return strings.Join(parts, ", ")
}

func variantWords(variants []string) string {
	const most = 3
	shown := make([]string, 0, most)
	for _, v := range variants[:min(most, len(variants))] {
		shown = append(shown, Visible(v))
	}
	switch more := len(variants) - most; {
	case len(variants) == 0:
		return ""
	case more > 0:
		return fmt.Sprintf(" with %s and %d more", strings.Join(shown, ", "), more)
	default:
		return " with " + strings.Join(shown, ", ")
	}
}

// place is where a location is, for people: path:line:column, the path and nearest line, or the path alone.
func place(l source.Location) string {
	switch {
	case wholeFile(l):
		return Visible(l.Path)
	case !l.Span.Exact:
		return fmt.Sprintf("%s near line %d", Visible(l.Path), l.Span.Start.Line)
	default:
		return fmt.Sprintf("%s:%d:%d", Visible(l.Path), l.Span.Start.Line, l.Span.Start.Column)
	}
}

// wholeFile reports whether no more than the file is known, as source.FileStart says it.
func wholeFile(l source.Location) bool {
	return !l.Span.Exact && l.Span.Start == l.Span.End && l.Span.Start.Line <= 1 && l.Span.Start.Column <= 1
}

// placeFrom is place, shorter for a location in the file that is being spoken of.
func placeFrom(path string, l source.Location) string {
	if l.Path != path || wholeFile(l) {
		return place(l)
	}
	return fmt.Sprintf("line %d", l.Span.Start.Line)
}
