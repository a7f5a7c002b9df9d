package engine

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/fix"
	"github.com/plimsoll-dev/plimsoll/internal/policy"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// judge turns one document into findings: facts, then policies, then places.
type judge struct {
	// changed reports whether a line that the run is about lies in a location; nil when it is about all lines.
	changed func(source.Location) bool

	// moved gives the present path of a file of an earlier state; nil for the present.
	moved func(path string) string

	set    *policy.Set
	ids    []string // rules that are on
	params map[string]map[string]any
	repo   *facts.Repository
	// deployed is the repository as those ask it who judge Kubernetes' objects.
	deployed *facts.Repository
	images   *gathering // for the rules about the whole repository; nil when none is on
}

// findings judges one document of a unit. What a change takes part in is also told as its author should see it.
func (j *judge) findings(ctx context.Context, unit *facts.Unit, position int) ([]*finding.Finding, sightings) {
	doc := unit.Documents[position]
	rules, _ := j.set.For(doc.Kind, j.ids)
	guests := j.set.HasGuests() && doc.Kind != source.Whole
	if len(rules) == 0 && !guests && j.images == nil {
		return nil, nil
	}
	inputs, err := j.facts(unit, position)
	if err != nil {
		return j.failures(doc, err), nil
	}
	j.images.add(doc, inputs[0].Refs)
	var found []*finding.Finding
	seen := sightings{}
	say := func(violations []policy.Violation, variants []string) {
		for _, v := range violations {
			f, trace := j.place(unit, doc, v)
			if f.Origin != nil && variants != nil {
				f.Origin.Variants = variants
			}
			found = append(found, f)
			seen.add(f, trace, j.changed)
		}
	}
	for _, in := range inputs {
		in.Params = j.paramsOf(rules)
		violations, err := j.set.Evaluate(ctx, in, rules)
		found = append(found, j.failures(doc, err)...)
		found = append(found, j.unfollowed(doc, in)...)
		say(violations, in.Variants)
	}
	if guests {
		violations, err := j.set.EvaluateGuests(ctx, doc, j.ids)
		found = append(found, j.failures(doc, err)...)
		say(violations, nil)
	}
	return found, seen
}

// paramsOf are the parameters of rules, by rule; nil where none has any.
func (j *judge) paramsOf(rules []string) map[string]any {
	var params map[string]any
	for _, id := range rules {
		if p, ok := j.params[id]; ok {
			if params == nil {
				params = map[string]any{}
			}
			params[id] = p
		}
	}
	return params
}

// facts establishes the facts about a document of a unit. What goes wrong with one must neither pass nor take the others down.
func (j *judge) facts(unit *facts.Unit, position int) (in []*facts.Input, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("a fault of our own, please report it: %v", v)
		}
	}()
	return unit.Of(position, j.repo), nil
}

// failures makes a finding of each rule that could not be evaluated: silence would be a pass.
func (j *judge) failures(doc *source.Document, err error) []*finding.Finding {
	if err == nil {
		return nil
	}
	reasons := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		reasons = joined.Unwrap()
	}
	var found []*finding.Finding
	for _, reason := range reasons {
		what := "policies"
		if rule, ok := errors.AsType[*policy.RuleError](reason); ok {
			what = "rule " + rule.RuleID
		}
		f := builtin(j.set, finding.NotEvaluated, doc.Locate(nil, "").Location, fmt.Sprintf("%s could not judge this document: %v", what, reason))
		f.Origin = originOf(doc, nil)
		found = append(found, f)
	}
	return found
}

// unfollowed makes a finding of each place where the facts are not whole, because a bound was met.
func (j *judge) unfollowed(doc *source.Document, in *facts.Input) []*finding.Finding {
	if in.Facts.Workflow == nil {
		return nil
	}
	var found []*finding.Finding
	for _, l := range in.Facts.Workflow.Unfollowed {
		found = append(found, builtin(j.set, finding.NotEvaluated, doc.Locate(l.Path, "").Location, l.Message))
	}
	return found
}

// place gives a violation its location, origin and fingerprint. The trace is the way that led to the location.
func (j *judge) place(unit *facts.Unit, doc *source.Document, v policy.Violation) (*finding.Finding, source.Trace) {
	trace := locate(doc, v.Path, v.Text, v.Key)
	if v.Line > 0 && doc.Origin == nil {
		text := source.NewText(doc.File.Data)
		trace = source.Trace{Location: source.Location{Path: doc.File.Path, Span: text.LineSpan(v.Line)}}
	}
	f := &finding.Finding{
		RuleID: v.Rule.ID, Severity: v.Severity, Confidence: v.Confidence, Message: v.Message,
		Persona: v.Persona, Subject: v.Subject, Location: trace.Location, Related: trace.Related(), Origin: originOf(doc, v.Path),
	}
	for _, r := range v.Related {
		if in := j.related(unit, doc, r); in != nil {
			f.Related = append(f.Related, source.Note{Message: r.Message, Location: locate(in, r.Path, r.Text, r.Key).Location})
		}
	}
	if v.Fix != nil {
		if edits, ok := fix.Edits(doc, v.Fix.Changes); ok {
			f.Fix = &finding.Fix{Description: v.Fix.Description, Edits: edits}
		}
	}
	f.Fingerprint = finding.Fingerprint(v.Rule.ID, j.now(f.Location.Path), doc.Object.String()+"#"+v.Path.Identity(doc.Value), offending(doc, v))
	return f, trace
}

// locate is the place of a value, or of a key where one is meant.
func locate(doc *source.Document, path source.Path, text string, key policy.Key) source.Trace {
	if key == "" {
		return doc.Locate(path, text)
	}
	return doc.LocateKey(path, key == policy.FirstKey)
}

// now is the path by which a file is known at present.
func (j *judge) now(path string) string {
	if j.moved == nil {
		return path
	}
	return j.moved(path)
}

// apart is a judge for one job, which gathers for itself.
func (j *judge) apart(deployed bool) *judge {
	own := *j
	if deployed {
		own.repo = j.deployed
	}
	if j.images != nil {
		own.images = &gathering{}
	}
	return &own
}

// related is the document that a related place is in; nil where there is no such document.
func (j *judge) related(unit *facts.Unit, doc *source.Document, r policy.RelatedPath) *source.Document {
	switch {
	case r.Doc != nil && *r.Doc < len(unit.Documents):
		return unit.Documents[*r.Doc]
	case r.Doc != nil:
		return nil
	case r.File != "" && r.File != doc.File.Path:
		return j.repo.Document(r.File)
	}
	return doc
}

// offending is the text that a fingerprint speaks of: the violation's own, or the scalar at its path.
func offending(doc *source.Document, v policy.Violation) string {
	if v.Text != "" {
		return v.Text
	}
	return scalarAt(doc, v.Path)
}

// scalarAt is the text of the scalar that a path leads to; "" when it leads to none.
func scalarAt(doc *source.Document, path source.Path) string {
	switch value, _ := path.Get(doc.Value); value.(type) {
	case map[string]any, []any, nil:
		return ""
	default:
		return fmt.Sprint(value)
	}
}

// maxValue is how much of a rendered value a finding shows, in bytes.
const maxValue = 200

// shortened cuts a text to maxValue bytes, between two characters, and shows that it did.
func shortened(text string) string {
	if len(text) <= maxValue {
		return text
	}
	cut := maxValue
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}

func originOf(doc *source.Document, path source.Path) *finding.Origin {
	if doc.Origin == nil && doc.Object == (source.Object{}) {
		return nil
	}
	o := &finding.Origin{Object: doc.Object.String(), Field: path.String()}
	if doc.Origin != nil {
		o.Renderer, o.Root, o.Variants = doc.Origin.Renderer, doc.Origin.Root, doc.Origin.Variants
		o.Value = shortened(scalarAt(doc, path))
	}
	return o
}

// builtin makes a finding about the linting itself.
func builtin(set *policy.Set, id string, at source.Location, message string) *finding.Finding {
	rule := set.Rule(id)
	return &finding.Finding{
		RuleID: id, Severity: rule.Severity, Confidence: rule.Confidence, Message: message, Location: at,
		Fingerprint: finding.Fingerprint(id, at.Path, "", message),
	}
}
