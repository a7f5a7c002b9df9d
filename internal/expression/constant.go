package expression

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// Constant is the text that an expression always comes to, where it is made of texts alone.
func (n *Node) Constant() (text string, constant bool) {
	switch {
	case n == nil:
		return "", false
	case n.Kind == Literal:
		return n.Name, n.Quoted
	case n.Kind == Operator && (n.Name == "&&" || n.Name == "||"):
		left, ok := n.Args[0].Constant()
		right, known := n.Args[1].Constant()
		if (left != "") == (n.Name == "&&") {
			left = right
		}
		return left, ok && known
	case n.Kind != Call || len(n.Args) == 0:
		return "", false
	}
	args := make([]string, len(n.Args))
	for i, arg := range n.Args {
		if n.Name == "join" && i == 0 && arg.Kind == Call && arg.Name == "fromjson" {
			return joinedList(n)
		}
		var known bool
		if args[i], known = arg.Constant(); !known {
			return "", false
		}
	}
	switch n.Name {
	case "format":
		return formatText(args[0], args[1:])
	case "join":
		return args[0], true
	case "fromjson":
		return text, json.Unmarshal([]byte(args[0]), &text) == nil && strings.HasPrefix(strings.TrimSpace(args[0]), `"`)
	}
	return "", false
}

// joinedList is join(fromJSON('["a", "b"]'), 'x').
func joinedList(n *Node) (string, bool) {
	var list []string
	from := n.Args[0].Args
	if len(from) != 1 || !from[0].Quoted || json.Unmarshal([]byte(from[0].Name), &list) != nil {
		return "", false
	}
	separator, known := ",", true
	if len(n.Args) > 1 {
		separator, known = n.Args[1].Constant()
	}
	return strings.Join(list, separator), known
}

var formatSlot = regexp.MustCompile(`\{\{|\}\}|\{\d+\}`)

// formatText is what format() makes: {0} is the first of the values, {{ a brace.
func formatText(pattern string, values []string) (string, bool) {
	known := true
	text := formatSlot.ReplaceAllStringFunc(pattern, func(m string) string {
		if m == "{{" || m == "}}" {
			return m[:1]
		}
		i, err := strconv.Atoi(m[1 : len(m)-1])
		if err != nil || i >= len(values) {
			known = false
			return m
		}
		return values[i]
	})
	return text, known
}
