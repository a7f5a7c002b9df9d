package shell

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
)

// VariableAt is how the script reads a variable of that name where one of its expressions stands, ${NAME} or "${NAME}"; ""
// where it is not certain that this means the same. Bare: outside of quotes the value is surely meant as one word.
func (t *Text) VariableAt(e expression.Expression, name string, bare bool) string {
	at := slices.IndexFunc(t.exprs, func(x expression.Expression) bool { return x.Offset == e.Offset })
	if !t.whole || at < 0 {
		return ""
	}
	mask := maskOf(at)
	answer := ""
	var above []syntax.Node
	syntax.Walk(t.file, func(n syntax.Node) bool {
		if n == nil {
			above = above[:len(above)-1]
			return true
		}
		if lit, is := n.(*syntax.Lit); is && strings.Contains(lit.Value, mask) {
			answer = quotedWithin(above, name, bare)
		}
		above = append(above, n)
		return true
	})
	return answer
}

// quotedWithin judges by the nodes around the expression, outermost first.
func quotedWithin(above []syntax.Node, name string, bare bool) string {
	for _, n := range above {
		switch n := n.(type) {
		case *syntax.ArithmExp, *syntax.ArithmCmd, *syntax.TestClause, *syntax.LetClause, *syntax.CaseItem, *syntax.ExtGlob, *syntax.ParamExp:
			return ""
		case *syntax.CallExpr:
			if runsWords(n) {
				return ""
			}
		}
	}
	for _, n := range slices.Backward(above) {
		switch n := n.(type) {
		case *syntax.DblQuoted:
			return "${" + name + "}"
		case *syntax.SglQuoted:
			return ""
		case *syntax.Redirect:
			if n.Hdoc != nil && !strings.ContainsAny(wordSource(n.Word), `'"\`) {
				return "${" + name + "}"
			}
			return ""
		case *syntax.Assign:
			return `"${` + name + `}"`
		case *syntax.CallExpr:
			if bare {
				return `"${` + name + `}"`
			}
			return ""
		}
	}
	return ""
}

// wordSource is a delimiter with its quotes marked.
func wordSource(w *syntax.Word) string {
	if w == nil || w.Lit() == "" {
		return "'"
	}
	return w.Lit()
}

// runsWords reports whether a command runs its words as code or hands them to something that may.
func runsWords(c *syntax.CallExpr) bool {
	return slices.ContainsFunc(c.Args, func(w *syntax.Word) bool {
		_, code := codeFlags[w.Lit()]
		return code || slices.Contains([]string{"eval", "ssh", "su", "watch", "awk", "parallel", "trap"}, w.Lit())
	})
}
