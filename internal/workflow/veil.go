package workflow

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// VeilKind says how an expression hides what it comes to.
type VeilKind string

// The kinds of veil.
const (
	VeilSplit    VeilKind = "split"    // it stands within a word and only writes a part of it: cu${{ 'rl' }}
	VeilIndex    VeilKind = "index"    // the name in brackets is computed of nothing but constants: secrets[format('{0}_TOKEN', 'NPM')]
	VeilConstant VeilKind = "constant" // a call or choice of nothing but constants: format('{0}', 'x')
)

// Veil is an expression, or a part of one, that always comes to one text which it does not show.
type Veil struct {
	Kind  VeilKind    `json:"kind"`
	Path  source.Path `json:"path"`  // of the scalar that it stands in
	Text  string      `json:"text"`  // of the expression, as written
	Means string      `json:"means"` // the text that it, or its index, comes to
}

// veils lists the expressions of a document that hide what they come to, in the order of their paths.
func veils(doc *source.Document) []Veil {
	found := []Veil{}
	eachScalar(doc.Value, nil, func(path source.Path, value string) {
		if len(found) > maxExpressions {
			return
		}
		all := expressionsAt(path, value)
		for i, e := range all {
			means, constant := folded(e.Root)
			if constant && withinWord(value, all, i) {
				found = append(found, Veil{VeilSplit, path, e.Text, means})
				continue
			}
			for _, v := range veilsIn(e.Root) {
				v.Path, v.Text = path, e.Text
				found = append(found, v)
			}
		}
	})
	return found
}

// veilsIn finds the outermost constants of an expression, and the indexes that are constant.
func veilsIn(n *Node) []Veil {
	if n == nil || n.Kind == Literal {
		return nil
	}
	if means, constant := folded(n); constant {
		return []Veil{{Kind: VeilConstant, Means: means}}
	}
	var found []Veil
	for _, index := range n.Indexes {
		if means, constant := folded(index); constant {
			found = append(found, Veil{Kind: VeilIndex, Means: means})
		} else {
			found = append(found, veilsIn(index)...)
		}
	}
	for _, arg := range n.Args {
		found = append(found, veilsIn(arg)...)
	}
	return found
}

// withinWord reports whether the text that the i-th expression of a scalar writes is grown together with the letters beside it.
func withinWord(value string, all []Expression, i int) bool {
	text := []rune(reveal(all[i]))
	before := []rune(value[:all[i].Offset])
	if i > 0 && all[i-1].Offset+len(all[i-1].Text) == all[i].Offset {
		before = []rune(reveal(all[i-1]))
	}
	after := []rune(value[all[i].Offset+len(all[i].Text):])
	if i+1 < len(all) && all[i+1].Offset == all[i].Offset+len(all[i].Text) {
		after = []rune(reveal(all[i+1]))
	}
	left := len(before) > 0 && isLetter(before[len(before)-1])
	right := len(after) > 0 && isLetter(after[0])
	if len(text) == 0 {
		return left && right
	}
	return left && isLetter(text[0]) || right && isLetter(text[len(text)-1])
}

// reveal is the text of an expression that is a constant; a space for any other, which ends a word.
func reveal(e Expression) string {
	if text, constant := folded(e.Root); constant {
		return text
	}
	return " "
}

func isLetter(r rune) bool {
	return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// folded is the text that an expression always comes to, where it is made of texts alone.
func folded(n *Node) (text string, constant bool) {
	switch {
	case n == nil:
		return "", false
	case n.Kind == Literal:
		return n.Name, n.Quoted
	case n.Kind == Operator && (n.Name == "&&" || n.Name == "||"):
		left, ok := folded(n.Args[0])
		right, known := folded(n.Args[1])
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
		if args[i], known = folded(arg); !known {
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
		separator, known = folded(n.Args[1])
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
