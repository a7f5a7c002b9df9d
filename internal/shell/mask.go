package shell

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
)

// placeholder begins the name that stands for an expression while a shell's parser reads.
const placeholder = "__plimsoll_expression_"

var placeholders = regexp.MustCompile(placeholder + `\d+_`)

// maskExpressions replaces each ${{ … }}, which is no shell, with a name.
func maskExpressions(script string) (string, []expression.Expression) {
	var b strings.Builder
	exprs := expression.Find(script)
	at := 0
	for i, e := range exprs {
		b.WriteString(script[at:e.Offset])
		b.WriteString(maskOf(i))
		at = e.Offset + len(e.Text)
	}
	b.WriteString(script[at:])
	return b.String(), exprs
}

// maskOf is the name that stands for an expression, by its index.
func maskOf(i int) string { return placeholder + strconv.Itoa(i) + "_" }

// Unmask puts the expressions of a script, as expression.Find gives them, back where a Word's Text has their placeholders.
func Unmask(text string, exprs []expression.Expression) string {
	return placeholders.ReplaceAllStringFunc(text, func(masked string) string {
		i, err := strconv.Atoi(strings.Trim(masked[len(placeholder):], "_"))
		if err != nil || i >= len(exprs) {
			return masked // the script's own text
		}
		return exprs[i].Text
	})
}
