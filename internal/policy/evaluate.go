package policy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/fix"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Violation is what a rule says about a document: a message and a path, no lines.
type Violation struct {
	Rule       *finding.Rule
	Message    string
	Path       source.Path
	Text       string // the offending part of the scalar at Path; "" for all of it
	Key        Key    // set where it is about the key at Path rather than its value
	Severity   finding.Severity
	Confidence finding.Confidence
	Persona    finding.Persona // the first that it is for; "" is the rule's own
	Related    []RelatedPath
	Fix        *Fix   // nil for none
	Subject    string // what it is about, by its canonical name: docker.io/library/nginx; "" where the rule says none
	Line       int    // 1-based line given by a conftest policy's _loc; 0 for none
}

// RelatedPath is another place that takes part in a violation.
type RelatedPath struct {
	Message string
	File    string // the workflow or action that Path leads into; "" for the document itself
	Doc     *int   // position in the unit of the document that Path leads into; nil for the document itself
	Path    source.Path
	Text    string // the part of the scalar at Path; "" for all of it
	Key     Key    // set where the key at Path is meant rather than its value
}

// Key says which key of a map is meant where one is.
type Key string

// What a rule may say of a place as its key.
const (
	LastKey  Key = "last" // the one whose value counts, and of most maps the only one
	FirstKey Key = "first"
)

// Fix is what the rule would write.
type Fix struct {
	Description string
	Changes     []fix.Change
}

// RuleError is a rule that could not be evaluated on a document.
type RuleError struct {
	RuleID string
	Err    error
}

func (e *RuleError) Error() string { return fmt.Sprintf("evaluate rule %s: %v", e.RuleID, e.Err) }

// Unwrap gives the reason.
func (e *RuleError) Unwrap() error { return e.Err }

// Evaluate judges one document by the rules among ids that are for its kind. When a rule fails to evaluate, the others
// still speak, and the joined error holds one *RuleError for each that failed.
func (s *Set) Evaluate(ctx context.Context, in *facts.Input, ids []string) ([]Violation, error) {
	rules, _ := s.For(in.File.Kind, ids)
	if len(rules) == 0 {
		return nil, nil
	}
	parts, err := s.inputParts(in)
	if err != nil {
		return nil, err
	}
	rules = slices.DeleteFunc(rules, func(id string) bool { return !mayFire(s.needs[id], parts) })
	if len(rules) == 0 {
		return nil, nil
	}
	if !slices.ContainsFunc(rules, s.isSlow) {
		found, err := s.run(ctx, parts, in, rules)
		if err == nil || ctx.Err() != nil {
			return found, err
		}
	}
	// One failing rule fails the whole query: ask them one by one, so that it hides no other.
	var all []Violation
	var failed []error
	for _, id := range rules {
		found, err := s.run(ctx, parts, in, []string{id})
		if err != nil {
			failed = append(failed, &RuleError{RuleID: id, Err: err})
		}
		all = append(all, found...)
	}
	return all, errors.Join(failed...)
}

// evaluationTime is how long rules may take over one document. Those that ship take microseconds; a repository's own
// policies are as hostile as the rest of it.
const evaluationTime = 5 * time.Second

// errSlow is what a rule gets that took too long once: it is not asked again, or it would take as long for each document.
var errSlow = fmt.Errorf("it took longer than %s over one document, and is not asked again", evaluationTime)

func (s *Set) run(ctx context.Context, parts ast.Object, in *facts.Input, rules []string) ([]Violation, error) {
	if len(rules) == 1 && s.isSlow(rules[0]) {
		return nil, errSlow
	}
	limited, cancel := context.WithTimeout(ctx, evaluationTime)
	defer cancel()
	found, err := s.eval(limited, parts, in, rules)
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		if len(rules) == 1 {
			s.slow.Store(rules[0], true)
		}
		return nil, errSlow
	}
	return found, err
}

func (s *Set) isSlow(id string) bool {
	_, slow := s.slow.Load(id)
	return slow
}

func (s *Set) eval(ctx context.Context, parts ast.Object, in *facts.Input, rules []string) ([]Violation, error) {
	readsDoc := slices.ContainsFunc(rules, func(id string) bool { return s.readsDoc[id] })
	input, err := s.inputValue(parts, in, rules, readsDoc)
	if err != nil {
		return nil, err
	}
	results, err := s.query.Eval(ctx, rego.EvalParsedInput(input))
	if err != nil {
		return nil, err
	}
	var found []Violation
	for _, result := range results {
		list, ok := result.Expressions[0].Value.([]any)
		if !ok {
			return nil, fmt.Errorf("deny is no set but %T: write `deny contains {…} if {…}`", result.Expressions[0].Value)
		}
		for _, element := range list {
			v, err := s.violation(element)
			if err != nil {
				return nil, err
			}
			if v.Rule.Deployed {
				v.lessen(in.File.Use)
			}
			found = append(found, v)
		}
	}
	return found, nil
}

func (s *Set) violation(element any) (Violation, error) {
	m, ok := element.(map[string]any)
	if !ok {
		return Violation{}, fmt.Errorf("deny holds %T: it must hold objects with msg and path", element)
	}
	id, _ := m["rule"].(string)
	rule := s.byID[id]
	if rule == nil {
		return Violation{}, fmt.Errorf("deny names a rule %q that does not exist", id)
	}
	v := Violation{Rule: rule, Severity: rule.Severity, Confidence: rule.Confidence}
	if v.Message, ok = m["msg"].(string); !ok || v.Message == "" {
		return Violation{}, fmt.Errorf("rule %s: msg must be a string that says something", id)
	}
	var err error
	if v.Path, err = pathOf(m["path"]); err != nil {
		return Violation{}, fmt.Errorf("rule %s: %w", id, err)
	}
	v.Text, _ = m["text"].(string)
	if v.Key, err = keyOf(m["key"]); err != nil {
		return Violation{}, fmt.Errorf("rule %s: %w", id, err)
	}
	v.Subject, _ = m["subject"].(string)
	if name, ok := m["severity"].(string); ok {
		if v.Severity, err = finding.ParseSeverity(name); err != nil {
			return Violation{}, fmt.Errorf("rule %s: %w", id, err)
		}
		if v.Severity > rule.Severity {
			return Violation{}, fmt.Errorf("rule %s: severity %s is above the %s of its METADATA, which is the highest that it may give", id, v.Severity, rule.Severity)
		}
	}
	if name, ok := m["confidence"].(string); ok {
		v.Confidence = finding.Confidence(name)
	}
	v.Persona = rule.Persona
	if name, ok := m["persona"].(string); ok {
		if v.Persona, err = finding.ParsePersona(name); err != nil {
			return Violation{}, fmt.Errorf("rule %s: %w", id, err)
		}
	}
	return v, errors.Join(v.relate(m["related"]), v.mend(m["fix"]))
}

// lessen says less loudly what is said of a file that is not deployed. What was for fewer people stays so.
func (v *Violation) lessen(use facts.Use) {
	switch {
	case use == facts.UseTest && finding.Pedantic.Sees(v.Persona):
		v.Persona = finding.Pedantic
	case (use == facts.UseExample || use == facts.UseDevelopment) && v.Severity > finding.Low:
		v.Severity = finding.Low
	}
}

// definesVerdict reports whether a module holds rules that conftest would run.
func definesVerdict(m *ast.Module) bool {
	for _, r := range m.Rules {
		name, _, _ := strings.Cut(r.Head.Ref().String(), "_")
		if name == "deny" || name == "violation" || name == "warn" {
			return true
		}
	}
	return false
}
