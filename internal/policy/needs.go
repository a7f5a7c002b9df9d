package policy

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// need is something without which a rule's body cannot hold: in Rego an expression about something undefined is undefined
// itself. Most documents lack most of what rules are about, so asking here first saves most evaluations. A need is a part
// of the input or, where ways is set, that one of several ways is open to a helper of the same package.
type need struct {
	path     ast.Ref // keys below input: facts, kube, pods
	elements bool    // the body goes through the elements, so there must be one
	ways     [][]need
}

// maxHelpers is how many helpers deep the needs of a body are followed.
const maxHelpers = 4

// needsOf gives, for each way in which the package's deny can come to hold an element, all that this way needs. Nil means
// that nothing is known: the rule must be asked. The module must be compiled, since that spells out what "some … in" means.
func needsOf(m *ast.Module) [][]need {
	p := pkg{m}
	return p.ways("deny", maxHelpers)
}

// pkg looks for needs in one package.
type pkg struct{ module *ast.Module }

// ways follows all definitions of a name; nil when one of them may hold whatever the input is.
func (p pkg) ways(name string, depth int) [][]need {
	var ways [][]need
	for _, r := range p.module.Rules {
		if r.Head.Ref()[0].Value.Compare(ast.Var(name)) != 0 {
			continue
		}
		if r.Default || len(r.Head.Args) > 0 {
			return nil
		}
		for ; r != nil; r = r.Else {
			way := p.body(r.Body, depth)
			if len(way) == 0 {
				return nil
			}
			ways = append(ways, way)
		}
	}
	return ways
}

func (p pkg) body(body ast.Body, depth int) []need {
	var way []need
	for _, expr := range body {
		if expr.Negated || len(expr.With) > 0 {
			continue
		}
		visitor := ast.NewGenericVisitor(func(node any) bool {
			switch n := node.(type) {
			case *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension, *ast.Every:
				return true // these hold where their bodies do not
			case ast.Ref:
				if found, ok := inputNeed(n); ok {
					way = append(way, found)
				} else if found, ok := p.helperNeed(n, depth); ok {
					way = append(way, found)
				}
			}
			return false
		})
		visitor.Walk(expr)
	}
	return way
}

// helperNeed reads a reference to a rule of the same package. One that gathers a set is defined even when the set is
// empty, so it says something only where the body goes through its elements.
func (p pkg) helperNeed(ref ast.Ref, depth int) (need, bool) {
	path := p.module.Package.Path
	if depth == 0 || !ref.HasPrefix(path) || len(ref) == len(path) {
		return need{}, false
	}
	name, ok := ref[len(path)].Value.(ast.String)
	if !ok || p.gathers(string(name)) && len(ref) == len(path)+1 {
		return need{}, false
	}
	ways := p.ways(string(name), depth-1)
	return need{ways: ways}, ways != nil
}

func (p pkg) gathers(name string) bool {
	for _, r := range p.module.Rules {
		if r.Head.Ref()[0].Value.Compare(ast.Var(name)) == 0 && r.Head.RuleKind() == ast.MultiValue {
			return true
		}
	}
	return false
}

// inputNeed reads a reference such as input.facts.kube.pods[i].hostNetwork up to its first variable.
func inputNeed(ref ast.Ref) (need, bool) {
	if !ref.HasPrefix(ast.InputRootRef) {
		return need{}, false
	}
	var n need
	for _, term := range ref[1:] {
		if _, ok := term.Value.(ast.String); !ok {
			n.elements = true
			break
		}
		n.path = append(n.path, term)
	}
	return n, len(n.path) > 0
}

// mayFire reports whether any way is open to a rule, given the input without the document.
func mayFire(ways [][]need, input ast.Object) bool {
	if ways == nil {
		return true
	}
	for _, way := range ways {
		open := true
		for _, n := range way {
			open = open && n.met(input)
		}
		if open {
			return true
		}
	}
	return false
}

func (n need) met(input ast.Object) bool {
	if n.ways != nil {
		return mayFire(n.ways, input)
	}
	if n.path[0].Equal(ast.InternedTerm("doc")) {
		return true // not converted yet
	}
	value, err := input.Find(n.path)
	if err != nil {
		return false
	}
	if !n.elements {
		return true
	}
	switch v := value.(type) {
	case *ast.Array:
		return v.Len() > 0
	case ast.Object:
		return v.Len() > 0
	}
	return false
}
