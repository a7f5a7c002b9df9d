package policy

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/conftest/output"
	"github.com/open-policy-agent/conftest/parser"
	conftest "github.com/open-policy-agent/conftest/policy"
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// guest is a directory of users' conftest policies: deny, violation, warn, exception, _loc and data files mean what
// they mean to conftest, because its engine runs them.
type guest struct {
	engine *conftest.Engine
	rules  map[string]*finding.Rule // by "namespace/rule"
	mu     sync.Mutex               // the engine writes data.conftest.file for each document
	slow   bool                     // it took too long once; guarded by mu
}

// addDir adds a user's directory to the modules when it follows our contract, else as a guest.
func (s *Set) addDir(modules map[string]*ast.Module, dir string) error {
	if info, err := os.Stat(dir); err != nil {
		return err
	} else if !info.IsDir() {
		return fmt.Errorf("not a directory")
	}
	parsed, err := parseTree(os.DirFS(dir), dir)
	if err != nil {
		return err
	}
	if len(parsed) == 0 {
		return fmt.Errorf("no .rego file found")
	}
	ours := false
	for _, m := range parsed {
		ours = ours || strings.HasPrefix(m.Package.Path.String(), "data.rules.")
	}
	if !ours {
		return s.addGuest(dir, parsed)
	}
	for _, name := range slices.Sorted(maps.Keys(parsed)) {
		m := parsed[name]
		if p := m.Package.Path.String(); p == "data.main" || strings.HasPrefix(p, "data.builtin") {
			return fmt.Errorf("%s: package %s belongs to Plimsoll; put conftest policies into a directory of their own", name, p)
		}
		for embedded, old := range modules {
			if old.Package.Path.Equal(m.Package.Path) && ruleID(m.Package.Path) != "" && parsed[embedded] == nil {
				delete(modules, embedded)
			}
		}
		modules[name] = m
	}
	return nil
}

func (s *Set) addGuest(dir string, parsed map[string]*ast.Module) error {
	engine, err := conftest.LoadWithData([]string{dir}, []string{dir}, conftest.CompilerOptions{
		RegoVersion: "v1", Capabilities: hermetic(),
	})
	if err != nil {
		return err
	}
	g := &guest{engine: engine, rules: map[string]*finding.Rule{}}
	for file, m := range parsed {
		if !definesVerdict(m) {
			continue
		}
		namespace := strings.TrimPrefix(m.Package.Path.String(), "data.")
		for _, r := range m.Rules {
			name := r.Head.Ref().String()
			kind, _, _ := strings.Cut(name, "_")
			if kind != "deny" && kind != "violation" && kind != "warn" {
				continue
			}
			rule := guestRule(namespace, name, dir)
			s.files[rule.ID] = append(s.files[rule.ID], file)
			if g.rules[rule.ID] == nil && s.byID[rule.ID] == nil {
				g.rules[rule.ID] = rule
				s.byID[rule.ID] = rule
				s.rules = append(s.rules, rule)
			}
		}
	}
	if len(g.rules) == 0 {
		return fmt.Errorf("no deny, violation or warn rule found")
	}
	s.guests = append(s.guests, g)
	return nil
}

// guestRule stands for a conftest rule, which has no METADATA that we could ask for. What its author denies, fails.
func guestRule(namespace, name, dir string) *finding.Rule {
	severity := finding.High
	if strings.HasPrefix(name, "warn") {
		severity = finding.Low
	}
	return &finding.Rule{
		ID:          "conftest/" + namespace + "." + name,
		Title:       fmt.Sprintf("Policy %s.%s", namespace, name),
		Description: fmt.Sprintf("A conftest policy of this repository or its owner, from %s.", filepath.Base(dir)),
		Severity:    severity,
		Confidence:  finding.ConfidenceHigh,
		Kinds:       source.Kinds(),
		Remediation: "Do what the policy's message asks for.",
		Since:       "0.1.0",
	}
}

// EvaluateGuests runs the users' conftest policies among ids on one document, given as conftest itself would see it.
func (s *Set) EvaluateGuests(ctx context.Context, doc *source.Document, ids []string) ([]Violation, error) {
	var found []Violation
	for _, g := range s.guests {
		inputs, err := guestInputs(doc)
		if err != nil {
			return found, err
		}
		for _, namespace := range g.engine.Namespaces() {
			results, err := g.check(ctx, doc.File.Path, inputs, namespace)
			if err != nil {
				return found, &RuleError{RuleID: "conftest/" + namespace, Err: err}
			}
			for _, r := range results {
				found = append(found, g.violations(r, ids)...)
			}
		}
	}
	return found, nil
}

func (g *guest) check(ctx context.Context, path string, input any, namespace string) (output.CheckResults, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.slow {
		return nil, errSlow
	}
	limited, cancel := context.WithTimeout(ctx, evaluationTime)
	defer cancel()
	results, err := g.engine.Check(limited, map[string]any{path: input}, namespace)
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		g.slow = true
		return nil, errSlow
	}
	return results, err
}

// guestInputs is the document as conftest's own parser gives it, for the formats in which ours has another shape.
func guestInputs(doc *source.Document) (any, error) {
	name := ""
	switch doc.Kind {
	case source.Dockerfile:
		name = parser.Dockerfile
	case source.Terraform:
		name = parser.HCL2
	default:
		return doc.Value, nil
	}
	p, err := parser.New(name)
	if err != nil {
		return nil, err
	}
	var value any
	if err := p.Unmarshal(doc.File.Data, &value); err != nil {
		return nil, fmt.Errorf("parse %s for conftest policies: %w", doc.File.Path, err)
	}
	return value, nil
}

func (g *guest) violations(r output.CheckResult, ids []string) []Violation {
	var found []Violation
	for _, result := range slices.Concat(r.Failures, r.Warnings) {
		query, _ := result.Metadata["query"].(string)
		name := strings.TrimPrefix(query, "data."+r.Namespace+".")
		rule := g.rules["conftest/"+r.Namespace+"."+name]
		if rule == nil || !slices.Contains(ids, rule.ID) {
			continue
		}
		v := Violation{Rule: rule, Message: result.Message, Severity: rule.Severity, Confidence: rule.Confidence}
		if result.Location != nil {
			if line, err := result.Location.Line.Int64(); err == nil {
				v.Line = int(line)
			}
		}
		if p, err := pathOf(result.Metadata["path"]); err == nil {
			v.Path = p
		}
		found = append(found, v)
	}
	return found
}
