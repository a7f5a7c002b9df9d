package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
)

// jsonLanguages are actions whose script is in a language that reads JSON as a literal.
var jsonLanguages = set("actions/github-script jannekem/run-python-script-action")

// inert reports whether an expression stands in code where its value is only a value, whatever text it holds.
func (s scope) inert(k sink, e expression.Expression) bool {
	switch {
	case k.name == "run" && s.posix():
		return s.printed(e)
	case jsonLanguages[s.step.Action()]:
		return e.Root != nil && e.Root.Kind == expression.Call && e.Root.Name == "tojson" && standsAlone(k.text, e)
	}
	return false
}

// printed reports whether an expression is a part of a line that cat prints from a here-document in which the shell reads
// nothing. Only a line of its own could end that.
func (s scope) printed(e expression.Expression) bool {
	printed := slices.ContainsFunc(s.step.commands(), func(c shell.Command) bool {
		return c.Name() == "cat" && (c.Output == "" || strings.HasPrefix(c.Output, "$GITHUB_")) && slices.Contains(c.Verbatim, e.Offset)
	})
	return printed && !slices.ContainsFunc(s.origins(e.Root), func(o origin) bool { return o.lines })
}

// standsAlone reports whether an expression is an operand of its own: no part of a text or a comment.
func standsAlone(code string, e expression.Expression) bool {
	before := code[:e.Offset]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	operand := strings.TrimRight(line, " \t")
	odd := func(text, quote string) bool { return strings.Count(text, quote)%2 != 0 }
	return operand != "" && strings.IndexByte("=(,[:?|&", operand[len(operand)-1]) >= 0 &&
		!odd(line, "'") && !odd(line, `"`) && !odd(before, "`") && !odd(before, `"""`) && !odd(before, "'''") &&
		!strings.Contains(line, "//") && !strings.Contains(line, "#")
}
