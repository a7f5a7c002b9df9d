package expression

import "strings"

// Leaf is an access whose value can become part of what an expression yields.
type Leaf struct {
	Path []string // in lower case; see Node.Path
	JSON bool     // through toJSON, so that an object shows all its members; without, it would read "Object"
	// Taken is what of the value is yielded, where the value is JSON: head and ref of fromJSON(x).head.ref.
	Taken []string
}

// String is the path with dots: "github.event.issue.title".
func (l Leaf) String() string { return strings.Join(l.Path, ".") }

// silent are the functions whose result holds no text of their arguments.
var silent = map[string]bool{
	"contains": true, "startswith": true, "endswith": true, "hashfiles": true,
	"success": true, "failure": true, "always": true, "cancelled": true,
}

// Leaves lists the accesses that can be what an expression yields: of `a && b || c` it is b and c. The condition a can
// not: where it is yielded it is false, null, zero or empty.
func (n *Node) Leaves() []Leaf { return leaves(n, false) }

func leaves(n *Node, json bool) []Leaf {
	if n == nil {
		return nil
	}
	switch n.Kind {
	case Context:
		return []Leaf{{Path: n.Path, JSON: json}}
	case Member:
		found := leaves(n.Args[0], json)
		for i := range found {
			found[i].Taken = n.Path
		}
		return found
	case Operator:
		switch n.Name {
		case "||":
			return append(leaves(n.Args[0], json), leaves(n.Args[1], json)...)
		case "&&":
			return leaves(n.Args[1], json)
		}
		return nil
	case Call:
		return callLeaves(n, json)
	}
	return nil
}

func callLeaves(n *Node, json bool) []Leaf {
	if silent[n.Name] {
		return nil
	}
	var out []Leaf
	for i, arg := range n.Args {
		if n.Name == "case" && i%2 == 0 && i < len(n.Args)-1 {
			continue // case(condition, value, condition, value, default)
		}
		out = append(out, leaves(arg, json || n.Name == "tojson")...)
	}
	return out
}
