package shellcheck

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// RuleID is the rule that all findings of this package belong to.
const RuleID = "workflow/shellcheck"

// Bounds of what is looked at: a script's size in bytes, and how many scripts of one file. Each costs a process.
const (
	maxScript  = 64 << 10
	maxScripts = 300
)

// severities are ours for shellcheck's levels. A script that shellcheck cannot read does not run either.
var severities = map[string]finding.Severity{
	"error": finding.Medium, "warning": finding.Low, "info": finding.Info, "style": finding.Info,
}

// meant are warnings about what is mostly written on purpose: an empty value before a command (1007), braces of curl's and Git's
// own (1083), text in three quotes (1078, 2140), functions whose arguments may be left out (2120).
var meant = []int{1007, 1078, 1083, 2120, 2140}

// Lint checks the scripts of a workflow or action; of any other document there is nothing to say. What could not be checked
// is a finding of its own.
func (p *Program) Lint(ctx context.Context, doc *source.Document) []*finding.Finding {
	w := workflow.Of(doc)
	if w == nil {
		return nil
	}
	var found []*finding.Finding
	for i, s := range w.PosixScripts() {
		if i == maxScripts {
			found = append(found, missed(doc, s, fmt.Errorf("it has more than %d scripts", maxScripts)))
			break
		}
		found = append(found, p.script(ctx, doc, s)...)
	}
	slices.SortStableFunc(found, func(a, b *finding.Finding) int {
		return cmp.Or(
			cmp.Compare(a.Location.Span.Start.Offset, b.Location.Span.Start.Offset),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return slices.CompactFunc(found, func(a, b *finding.Finding) bool { // an alias repeats what is wrong with its anchor
		return a.Message == b.Message && a.Location == b.Location
	})
}

func (p *Program) script(ctx context.Context, doc *source.Document, s workflow.PosixScript) []*finding.Finding {
	if len(s.Text) > maxScript {
		return []*finding.Finding{missed(doc, s, fmt.Errorf("it is larger than %d KiB", maxScript>>10))}
	}
	m := mask(s)
	remarks, err := p.check(ctx, s.Dialect, m.text)
	if err != nil {
		return []*finding.Finding{missed(doc, s, err)}
	}
	scalar := newScalar(doc, s)
	var found []*finding.Finding
	for _, r := range remarks {
		start, end := m.offsets(r)
		if severities[r.Level] == 0 || start < 0 || m.isFalse(r.Code, start, end) {
			continue
		}
		f := &finding.Finding{
			RuleID: RuleID, Severity: severities[r.Level], Confidence: finding.ConfidenceHigh,
			Message:  fmt.Sprintf("SC%04d: %s", r.Code, strings.TrimSuffix(r.Message, ".")),
			Location: source.Location{Path: doc.File.Path, Span: scalar.span(start, end)},
		}
		if f.Severity == finding.Info || slices.Contains(meant, r.Code) {
			f.Persona = finding.Pedantic
		}
		f.Fingerprint = finding.Fingerprint(RuleID, doc.File.Path, "#"+s.Path.Identity(doc.Value), fmt.Sprint(r.Code, " ", s.Text[start:end]))
		found = append(found, f)
	}
	return found
}

// missed makes a finding of a script that could not be checked: silence would be a pass.
func missed(doc *source.Document, s workflow.PosixScript, why error) *finding.Finding {
	message := "shellcheck could not check this script: " + why.Error()
	return &finding.Finding{
		RuleID: finding.NotEvaluated, Severity: finding.Medium, Confidence: finding.ConfidenceHigh, Message: message,
		Location:    doc.Locate(s.Path, "").Location,
		Fingerprint: finding.Fingerprint(finding.NotEvaluated, doc.File.Path, "#"+s.Path.Identity(doc.Value), RuleID),
	}
}
