// Package policy loads Rego rules and evaluates them. It is the only importer of OPA and conftest. A rule names a path
// in the document it judges; turning that into a line is for others.
package policy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Set is a set of rules, compiled and ready. It is safe for concurrent use.
type Set struct {
	rules    []*finding.Rule
	byID     map[string]*finding.Rule
	judged   map[string]bool     // rules that Rego judges, not Go
	readsDoc map[string]bool     // rules that look at input.doc itself, beyond refs and facts
	needs    map[string][][]need // what a document must have for a rule to say anything; see needsOf
	slow     sync.Map            // rules that took too long once; see evaluationTime
	values   values
	compiler *ast.Compiler
	query    rego.PreparedEvalQuery
	guests   []*guest // users' conftest policies
	digest   string
	files    map[string][]string // of users' rules, by ID
}

// Files are the paths of the policies that a user's rule is read from, below its directory as that was given; none for an
// embedded rule.
func (s *Set) Files(id string) []string { return s.files[id] }

// Load compiles the embedded rules together with the users' directories. A directory with a package under data.rules
// follows our contract and may replace an embedded rule of the same package; any other is run by conftest's engine,
// unchanged. An error is one of the policies: unreadable, not valid Rego, METADATA incomplete.
func Load(ctx context.Context, embedded fs.FS, dirs []string) (*Set, error) {
	modules, err := parseTree(embedded, "")
	if err != nil {
		return nil, err
	}
	s := &Set{byID: map[string]*finding.Rule{}, judged: map[string]bool{}, readsDoc: map[string]bool{}, files: map[string][]string{}}
	for _, dir := range dirs {
		if err := s.addDir(modules, dir); err != nil {
			return nil, fmt.Errorf("policies in %s: %w", dir, err)
		}
	}
	if err := s.collectRules(modules); err != nil {
		return nil, err
	}
	if err := s.compile(ctx, modules); err != nil {
		return nil, err
	}
	s.digest = digest(modules, s.guests)
	return s, nil
}

// Rules lists all rules, builtin ones included, sorted by ID.
func (s *Set) Rules() []*finding.Rule { return s.rules }

// Rule finds a rule by ID; nil when there is none.
func (s *Set) Rule(id string) *finding.Rule { return s.byID[id] }

// Digest is a SHA-256 over the text of all loaded policies, "sha256:…".
func (s *Set) Digest() string { return s.digest }

// HasGuests reports whether users' conftest policies are loaded.
func (s *Set) HasGuests() bool { return len(s.guests) > 0 }

// For lists the rules among ids that Rego judges for documents of a kind, sorted, and whether any of them reads the
// document itself: if none does, the document need not be converted.
func (s *Set) For(kind source.Kind, ids []string) (rules []string, readsDoc bool) {
	for _, id := range ids {
		rule := s.byID[id]
		if rule == nil || !s.judged[id] || !slices.Contains(rule.Kinds, kind) {
			continue
		}
		rules = append(rules, id)
		readsDoc = readsDoc || s.readsDoc[id]
	}
	return rules, readsDoc
}

func parseTree(fsys fs.FS, prefix string) (map[string]*ast.Module, error) {
	modules := map[string]*ast.Module{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir(), path.Ext(name) != ".rego", strings.HasSuffix(name, "_test.rego"):
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		m, err := ast.ParseModuleWithOpts(path.Join(prefix, name), string(text), ast.ParserOptions{ProcessAnnotation: true})
		if err != nil {
			return fmt.Errorf("parse policy %s: %w", path.Join(prefix, name), err)
		}
		modules[path.Join(prefix, name)] = m
		return nil
	})
	return modules, err
}

// collectRules reads the METADATA of every module that is a rule.
func (s *Set) collectRules(modules map[string]*ast.Module) error {
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		m := modules[name]
		rule, extra, err := ruleOf(m)
		if err != nil {
			return err
		}
		if rule == nil {
			continue
		}
		if s.byID[rule.ID] != nil {
			return fmt.Errorf("rule %s is defined twice, in %s too", rule.ID, name)
		}
		judged := definesDeny(m)
		if !judged && extra.Evaluator == "" && rule.Category() != builtinCategory {
			return fmt.Errorf("rule %s: %s has no deny: a rule is a package with `deny contains {…} if {…}`", rule.ID, name)
		}
		if filepath.IsAbs(name) { // the embedded ones are not
			s.files[rule.ID] = []string{name}
		}
		s.byID[rule.ID] = rule
		s.judged[rule.ID] = judged
		s.rules = append(s.rules, rule)
	}
	slices.SortFunc(s.rules, func(a, b *finding.Rule) int { return strings.Compare(a.ID, b.ID) })
	return nil
}

func definesDeny(m *ast.Module) bool {
	return slices.ContainsFunc(m.Rules, func(r *ast.Rule) bool { return r.Head.Ref().String() == "deny" })
}

// readers finds the packages, by their path, that can look at input.doc: by that name, by input as a whole, or by way of
// a package that can. The modules must be compiled, since that spells out what was imported.
func readers(modules map[string]*ast.Module) map[string]bool {
	readers, calls := map[string]bool{}, map[string][]string{}
	for _, m := range modules {
		name := m.Package.Path.String()
		readers[name] = readers[name] || readsDocument(m)
		ast.WalkRefs(m, func(ref ast.Ref) bool {
			for _, other := range modules {
				if path := other.Package.Path; ref.HasPrefix(path) && path.String() != name {
					calls[name] = append(calls[name], path.String())
				}
			}
			return false
		})
	}
	for spreading := true; spreading; {
		spreading = false
		for name, others := range calls {
			if !readers[name] && slices.ContainsFunc(others, func(other string) bool { return readers[other] }) {
				readers[name], spreading = true, true
			}
		}
	}
	return readers
}

// readsDocument reports whether a module itself can look at input.doc. What it refers to by a variable, it might.
func readsDocument(m *ast.Module) bool {
	found := false
	ast.WalkRefs(m, func(ref ast.Ref) bool {
		switch {
		case ref.HasPrefix(ast.DefaultRootRef):
			found = found || slices.ContainsFunc(ref[1:min(len(ref), 4)], func(t *ast.Term) bool { return !isConstant(t) })
		case ref.HasPrefix(ast.InputRootRef):
			found = found || len(ref) == 1 || !isConstant(ref[1]) || ref[1].Equal(ast.StringTerm("doc"))
		}
		return found
	})
	return found
}

func isConstant(t *ast.Term) bool {
	_, ok := t.Value.(ast.String)
	return ok
}

func (s *Set) compile(ctx context.Context, modules map[string]*ast.Module) error {
	s.compiler = ast.NewCompiler().WithCapabilities(hermetic())
	s.compiler.Compile(modules)
	if s.compiler.Failed() {
		return fmt.Errorf("compile policies: %w", s.compiler.Errors)
	}
	s.needs = map[string][][]need{}
	readers := readers(s.compiler.Modules)
	for _, m := range s.compiler.Modules {
		if id := ruleID(m.Package.Path); id != "" {
			s.needs[id] = needsOf(m)
			s.readsDoc[id] = readers[m.Package.Path.String()]
		}
	}
	var err error
	s.query, err = rego.New(
		rego.Query("data.main.deny"),
		rego.Compiler(s.compiler),
		rego.StrictBuiltinErrors(true),
	).PrepareForEval(ctx)
	if err != nil {
		return fmt.Errorf("prepare policies: %w", err)
	}
	return nil
}

// hermetic is OPA's capabilities without what reaches outside the process: network and environment.
func hermetic() *ast.Capabilities {
	c := ast.CapabilitiesForThisVersion()
	c.Builtins = slices.DeleteFunc(slices.Clone(c.Builtins), func(b *ast.Builtin) bool {
		return slices.Contains([]string{"http.send", "net.lookup_ip_addr", "opa.runtime"}, b.Name)
	})
	c.AllowNet = []string{}
	return c
}

func digest(modules map[string]*ast.Module, guests []*guest) string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		fmt.Fprintf(h, "%s\x00%s\x00", name, modules[name].String())
	}
	for _, g := range guests {
		policies := g.engine.Policies()
		for _, name := range slices.Sorted(maps.Keys(policies)) {
			fmt.Fprintf(h, "%s\x00%s\x00", path.Base(name), policies[name])
		}
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
