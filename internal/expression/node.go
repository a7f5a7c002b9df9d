package expression

import (
	"slices"
	"strings"
)

// NodeKind says what a node of an expression is.
type NodeKind int

// The kinds of node.
const (
	Literal  NodeKind = iota // a string, number, boolean or null; Name is its value as text
	Context                  // an access such as github.event.issue.title; Path has its steps
	Member                   // Path is taken of the value of Args[0]: fromJSON(x).y
	Call                     // a function; Name is in lower case
	Operator                 // Name is the operator: ! && || == != < <= > >=
)

// Node is a part of a parsed expression.
type Node struct {
	Kind NodeKind
	Name string
	// Path holds the steps of an access in lower case, for names are not case-sensitive. A list's index, ".*" and an
	// index that is computed are all AnyStep.
	Path []string
	Args []*Node
	// Indexes are those of the access, in brackets, that are computed: neither a literal nor "*".
	Indexes []*Node
	// Quoted tells the text 'true' from the boolean true among literals.
	Quoted bool
}

// AnyStep stands in a Path for any member.
const AnyStep = "*"

// Walk visits a node and all below it, from the left; computed indexes are left out.
func (n *Node) Walk(visit func(*Node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, arg := range n.Args {
		arg.Walk(visit)
	}
}

// Operands lists what a chain of one operator joins; of any other expression, that expression.
func (n *Node) Operands(operator string) []*Node {
	if n == nil || n.Kind != Operator || n.Name != operator {
		return []*Node{n}
	}
	return append(n.Args[0].Operands(operator), n.Args[1].Operands(operator)...)
}

// Calls reports whether one of the functions is called anywhere in an expression. Their names are in lower case.
func (n *Node) Calls(functions ...string) bool {
	found := false
	n.Walk(func(below *Node) { found = found || below.Kind == Call && slices.Contains(functions, below.Name) })
	return found
}

// IsContext reports whether an expression is that access and no more. The path is in lower case: "github.head_ref".
func (n *Node) IsContext(path string) bool {
	return n != nil && n.Kind == Context && strings.Join(n.Path, ".") == path
}

// String writes a node as an expression, its names in lower case.
func (n *Node) String() string {
	switch n.Kind {
	case Literal:
		if n.Quoted {
			return "'" + strings.ReplaceAll(n.Name, "'", "''") + "'"
		}
		return n.Name
	case Context:
		return strings.Join(n.Path, ".")
	case Member:
		return n.Args[0].String() + "." + strings.Join(n.Path, ".")
	case Call:
		var args []string
		for _, arg := range n.Args {
			args = append(args, arg.String())
		}
		return n.Name + "(" + strings.Join(args, ", ") + ")"
	}
	if len(n.Args) == 1 {
		return n.Name + n.Args[0].operand()
	}
	return n.Args[0].operand() + " " + n.Name + " " + n.Args[1].operand()
}

// operand is a node as it stands beside an operator.
func (n *Node) operand() string {
	if n.Kind == Operator && len(n.Args) == 2 {
		return "(" + n.String() + ")"
	}
	return n.String()
}
