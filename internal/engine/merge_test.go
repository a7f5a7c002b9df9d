package engine

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func at(line, column int, exact bool, message, object string, variants ...string) *finding.Finding {
	p := source.Point{Line: line, Column: column}
	f := &finding.Finding{
		RuleID: "a/b", Message: message, Severity: finding.Low, Confidence: finding.ConfidenceLow,
		Location: source.Location{Path: "f.yaml", Span: source.Span{Start: p, End: p, Exact: exact}},
	}
	if object != "" {
		f.Origin = &finding.Origin{Renderer: "helm", Object: object, Variants: variants}
	}
	return f
}

func near(f *finding.Finding) *finding.Finding {
	f.Origin.Renderer = "kustomize"
	return f
}

func from(root string, f *finding.Finding) *finding.Finding {
	f.Origin.Root = root
	return f
}

func holds(value string, f *finding.Finding) *finding.Finding {
	f.Origin.Value = value
	return f
}

// merged is what is left of findings.
type merged struct {
	Message, Object string
	Variants        []string
}

var merges = map[string]struct {
	in   []*finding.Finding
	want []merged
}{
	"variants that show one cause": {
		[]*finding.Finding{at(3, 1, true, "m", "Pod/x", "ha"), at(3, 1, true, "m", "Pod/x", "default", "ha")},
		[]merged{{"m", "Pod/x", []string{"default", "ha"}}},
	},
	"objects that one place gives": {
		[]*finding.Finding{at(3, 1, false, "m", "Pod/x", "default"), at(3, 1, false, "m", "Pod/y", "ha")},
		[]merged{{"m", "Pod/x", []string{"default", "ha"}}},
	},
	"objects of which only the file is known stay apart": {
		[]*finding.Finding{at(1, 1, false, "m", "Pod/x", "default"), at(1, 1, false, "m", "Pod/y", "default")},
		[]merged{{"m", "Pod/x", []string{"default"}}, {"m", "Pod/y", []string{"default"}}},
	},
	"objects of which only the file is known, of a release under two names": {
		[]*finding.Finding{at(1, 1, false, "m of x", "Pod/x", "default"), at(1, 1, false, "m of y", "Pod/y", "ha"), at(1, 1, false, "n of x", "Pod/x", "ha")},
		[]merged{{"m of x", "Pod/x", []string{"default", "ha"}}, {"n of x", "Pod/x", []string{"ha"}}},
	},
	"an override speaks for the objects that it changes": {
		[]*finding.Finding{near(at(3, 1, false, "near", "Pod/x", "default")), at(3, 9, true, "exact", "")},
		[]merged{{"exact", "", nil}},
	},
	"an override speaks for the objects that are known to come from it": {
		[]*finding.Finding{near(at(3, 9, true, "object", "Pod/x", "default")), at(3, 9, true, "override", "")},
		[]merged{{"override", "", nil}},
	},
	"a guess near an exact finding of another object stays": {
		[]*finding.Finding{at(3, 1, false, "near", "Pod/x", "default"), at(3, 9, true, "exact", "Pod/y", "default")},
		[]merged{{"near", "Pod/x", []string{"default"}}, {"exact", "Pod/y", []string{"default"}}},
	},
	"variants that give the object another name": {
		[]*finding.Finding{at(3, 1, true, "m of x", "Pod/x", "default"), at(3, 1, true, "m of y", "Pod/y", "ha")},
		[]merged{{"m of x", "Pod/x", []string{"default", "ha"}}},
	},
	"one value in several fields": {
		[]*finding.Finding{holds("nginx", at(3, 1, true, "m (container)", "Pod/x", "default")), holds("nginx", at(3, 1, true, "m (init container)", "Pod/x", "default"))},
		[]merged{{"m (container)", "Pod/x", []string{"default"}}},
	},
	"two objects of one variant stay apart": {
		[]*finding.Finding{at(3, 1, true, "m of x", "Pod/x", "default"), at(3, 1, true, "m of y", "Pod/y", "default", "ha")},
		[]merged{{"m of x", "Pod/x", []string{"default"}}, {"m of y", "Pod/y", []string{"default", "ha"}}},
	},
	"another chart's variants carry its name": {
		[]*finding.Finding{at(3, 1, true, "m", "Pod/x", "default"), from("charts/b", at(3, 1, true, "m", "Pod/x", "default", "ha"))},
		[]merged{{"m", "Pod/x", []string{"charts/b: default", "charts/b: ha", "default"}}},
	},
	"two exact findings of a line": {
		[]*finding.Finding{at(3, 1, true, "one", ""), at(3, 9, true, "two", "")},
		[]merged{{"one", "", nil}, {"two", "", nil}},
	},
}

func TestMerge(t *testing.T) {
	for name, c := range merges {
		t.Run(name, func(t *testing.T) {
			var got []merged
			for _, f := range merge(c.in, nil, nil) {
				r := merged{Message: f.Message}
				if f.Origin != nil {
					r.Object, r.Variants = f.Origin.Object, f.Origin.Variants
				}
				got = append(got, r)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestMergeKeepsWhatIsSurerAndGraver(t *testing.T) {
	sure := at(3, 1, true, "m", "")
	sure.Confidence, sure.Severity = finding.ConfidenceHigh, finding.High
	got := merge([]*finding.Finding{at(3, 1, true, "m", ""), sure}, nil, nil)
	if len(got) != 1 || got[0].Confidence != finding.ConfidenceHigh || got[0].Severity != finding.High {
		t.Errorf("got %+v", got)
	}
}

// TestMergeSpeaksForTheGraver: what one variant of a chart shows mildly, and to few, another shows as it is.
func TestMergeSpeaksForTheGraver(t *testing.T) {
	inVariant := func(name, message string, severity finding.Severity, persona finding.Persona) *finding.Finding {
		f := at(3, 1, true, message, "")
		f.Origin = &finding.Origin{Renderer: "helm", Root: "chart", Variants: []string{name}}
		f.Severity, f.Persona = severity, persona
		return f
	}
	got := merge([]*finding.Finding{
		inVariant("a", "held by nobody", finding.Low, finding.Pedantic), inVariant("b", "held by everybody", finding.High, finding.Regular),
	}, nil, nil)
	if len(got) != 1 || got[0].Message != "held by everybody" || got[0].Severity != finding.High || got[0].Persona != finding.Regular {
		t.Errorf("got %+v", got[0])
	}
}
