package workflow

import (
	"github.com/plimsoll-dev/plimsoll/internal/expression"
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
			means, constant := e.Root.Constant()
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
func veilsIn(n *expression.Node) []Veil {
	if n == nil || n.Kind == expression.Literal {
		return nil
	}
	if means, constant := n.Constant(); constant {
		return []Veil{{Kind: VeilConstant, Means: means}}
	}
	var found []Veil
	for _, index := range n.Indexes {
		if means, constant := index.Constant(); constant {
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
func withinWord(value string, all []expression.Expression, i int) bool {
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
func reveal(e expression.Expression) string {
	if text, constant := e.Root.Constant(); constant {
		return text
	}
	return " "
}

func isLetter(r rune) bool {
	return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}
