package workflow

import "strings"

// leaf is an access whose value can become part of what an expression yields.
type leaf struct {
	path []string
	json bool // through toJSON, so that an object shows all its members; without, it would read "Object"
	// taken is what of the value is yielded, where the value is JSON: head and ref of fromJSON(x).head.ref.
	taken []string
}

func (l leaf) String() string { return strings.Join(l.path, ".") }

// silent are the functions whose result holds no text of their arguments.
var silent = map[string]bool{
	"contains": true, "startswith": true, "endswith": true, "hashfiles": true,
	"success": true, "failure": true, "always": true, "cancelled": true,
}

// leaves lists the accesses that can be what the expression yields. The condition of `a && b` can not: where it is
// yielded it is false, null, zero or empty.
func leaves(n *Node, json bool) []leaf {
	if n == nil {
		return nil
	}
	switch n.Kind {
	case Context:
		return []leaf{{path: n.Path, json: json}}
	case Member:
		found := leaves(n.Args[0], json)
		for i := range found {
			found[i].taken = n.Path
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

func callLeaves(n *Node, json bool) []leaf {
	if silent[n.Name] {
		return nil
	}
	var out []leaf
	for i, arg := range n.Args {
		if n.Name == "case" && i%2 == 0 && i < len(n.Args)-1 {
			continue // case(condition, value, condition, value, default)
		}
		out = append(out, leaves(arg, json || n.Name == "tojson")...)
	}
	return out
}
