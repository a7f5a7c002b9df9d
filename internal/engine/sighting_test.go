package engine

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/discover"
	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/policy"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/triage"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// Lines of the chart below.
const (
	templateLine, includeLine, valueLine = "templates/web.yaml:7", "templates/pod.tpl:3", "values.yaml:2"
	otherTemplate                        = "templates/job.yaml:9"
)

func lineAt(where string) source.Location {
	path, number, _ := strings.Cut(where, ":")
	line := int(number[0] - '0')
	span := source.Span{Start: source.Point{Line: line, Column: 3}, End: source.Point{Line: line, Column: 9}, Exact: true}
	return source.Location{Path: path, Span: span}
}

// traced is a locator that gives every path the same way: a template's line, an include, a value.
type traced struct{ template string }

func (l traced) Locate(source.Path, string) source.Trace {
	return source.Trace{Location: lineAt(valueLine), Steps: []source.Step{
		{Note: source.Note{Message: "written here", Location: lineAt(l.template)}, Cause: true},
		{Note: source.Note{Message: "included here", Location: lineAt(includeLine)}},
		{Note: source.Note{Message: "set here", Location: lineAt(valueLine)}, Cause: true},
	}}
}

// pods are a privileged pod that two templates of a chart write with one value.
func pods() []*source.Document {
	var docs []*source.Document
	for _, template := range []string{templateLine, otherTemplate} {
		file := &source.File{Path: strings.Split(template, ":")[0], Kind: source.ChartFile}
		value := map[string]any{"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{"name": file.Path}, "spec": map[string]any{
			"automountServiceAccountToken": false,
			"containers": []any{map[string]any{
				"name": "web", "image": "ghcr.io/acme/web@sha256:" + strings.Repeat("ab", 32), "securityContext": map[string]any{"privileged": true},
			}},
		}}
		doc := source.NewDocument(file, source.Manifest, value, traced{template})
		doc.Origin = &source.Origin{Renderer: "helm", Root: ".", Variants: []string{"default"}}
		doc.Object = source.Object{APIVersion: "v1", Kind: "Pod", Name: file.Path}
		docs = append(docs, doc)
	}
	return docs
}

// judged runs the pods through judging, triage and report. Changed are the lines that a run is about; nil when it is
// about all of them.
func judged(t *testing.T, changed []string, baseline *triage.Baseline) *finding.Report {
	t.Helper()
	set, err := policy.Load(t.Context(), policies.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{"kubernetes/privileged"}
	r := &run{
		options: Options{Target: &Target{}, Config: config.Default(), Baseline: baseline}, set: set, ids: ids,
		found: &discover.Result{}, seen: sightings{}, judge: &judge{set: set, ids: ids, repo: facts.In(nil)},
	}
	if changed != nil {
		touches := func(path string, first, last int) bool {
			return slices.ContainsFunc(changed, func(where string) bool {
				at := lineAt(where)
				return at.Path == path && first <= at.Span.Start.Line && at.Span.Start.Line <= last
			})
		}
		r.scope = &triage.Scope{Since: "main", Changed: touches, ChangedUnder: func(string) bool { return true }}
		r.judge.changed = r.scope.ChangedAt
	}
	unit := facts.Together(pods())
	for i := range unit.Documents {
		found, seen := r.judge.findings(t.Context(), unit, i)
		r.findings = append(r.findings, found...)
		maps.Copy(r.seen, seen)
	}
	return r.report()
}

// A finding of a chart is shown where the change is, if a line that takes part in its cause has changed, and else at home.
func TestAFindingIsShownWhereTheChangeIs(t *testing.T) {
	home := judged(t, nil, nil)
	if len(home.Findings) != 1 {
		t.Fatalf("%d findings, want one of one cause", len(home.Findings))
	}
	tests := map[string]struct {
		changed []string
		at      string
		related []string
		by      finding.SuppressedBy
		object  string
	}{
		"all lines":              {nil, valueLine, []string{otherTemplate, includeLine}, "", "Pod/templates/job.yaml"},
		"only the value":         {[]string{valueLine}, valueLine, []string{otherTemplate, includeLine}, "", "Pod/templates/job.yaml"},
		"only the template":      {[]string{otherTemplate}, otherTemplate, []string{includeLine, valueLine}, "", "Pod/templates/job.yaml"},
		"both":                   {[]string{otherTemplate, valueLine}, valueLine, []string{otherTemplate, includeLine}, "", "Pod/templates/job.yaml"},
		"only the other's":       {[]string{templateLine}, templateLine, []string{includeLine, valueLine}, "", "Pod/templates/web.yaml"},
		"only what includes it":  {[]string{includeLine}, valueLine, []string{otherTemplate, includeLine}, "", "Pod/templates/job.yaml"},
		"none of them":           {[]string{"values.yaml:5"}, valueLine, []string{otherTemplate, includeLine}, finding.ByScope, "Pod/templates/job.yaml"},
		"nothing of the chart's": {[]string{}, valueLine, []string{otherTemplate, includeLine}, finding.ByScope, "Pod/templates/job.yaml"},
	}
	for name, tt := range tests {
		got := judged(t, tt.changed, nil).Findings
		if len(got) != 1 {
			t.Fatalf("%s: %d findings, want one", name, len(got))
		}
		f := got[0]
		var related []source.Location
		for _, n := range f.Related {
			related = append(related, n.Location)
		}
		var want []source.Location
		for _, where := range tt.related {
			want = append(want, lineAt(where))
		}
		if f.Location != lineAt(tt.at) || f.Origin.Object != tt.object || f.Origin.Value != "true" || !cmp.Equal(related, want) {
			t.Errorf("%s: at %v, related to %v, in %+v", name, f.Location, related, f.Origin)
		}
		if f.Fingerprint != home.Findings[0].Fingerprint {
			t.Errorf("%s: fingerprint %s is not %s", name, f.Fingerprint, home.Findings[0].Fingerprint)
		}
		if by := f.Suppressed; (by == nil) != (tt.by == "") || by != nil && by.By != tt.by {
			t.Errorf("%s: suppressed by %+v, want %q", name, by, tt.by)
		}
	}
}

// A baseline that was written of the whole repository holds for a change, wherever its author would see the finding.
func TestABaselineHoldsForAChange(t *testing.T) {
	var written strings.Builder
	if err := triage.WriteBaseline(&written, judged(t, nil, nil).Findings); err != nil {
		t.Fatal(err)
	}
	baseline, err := triage.ReadBaseline(strings.NewReader(written.String()))
	if err != nil {
		t.Fatal(err)
	}
	f := judged(t, []string{templateLine}, baseline).Findings[0]
	if f.Active() || f.Suppressed.By != finding.ByBaseline || f.Location != lineAt(valueLine) {
		t.Errorf("at %v, suppressed by %+v", f.Location, f.Suppressed)
	}
}

func TestARenderedValueIsShortened(t *testing.T) {
	for _, text := range []string{"", "short", strings.Repeat("日", 70), strings.Repeat("x", 201)} {
		got := shortened(text)
		if len(text) <= maxValue && got != text {
			t.Errorf("%q is shortened to %q", text, got)
		}
		if head, cut := strings.CutSuffix(got, "…"); len(text) > maxValue && (!cut || !strings.HasPrefix(text, head) || len(head) > maxValue || len(head) < maxValue-3) {
			t.Errorf("%q is shortened to %q", text, got)
		}
	}
}
