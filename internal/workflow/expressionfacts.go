package workflow

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// ExpressionFacts is one ${{ … }} of the document, or an `if:` that leaves the braces out.
type ExpressionFacts struct {
	Path     source.Path `json:"path"`     // of the scalar that it stands in
	Text     string      `json:"text"`     // as written, with the braces where it has them
	Contexts [][]string  `json:"contexts"` // the accesses that it reads, in lower case: ["github", "event", "issue", "title"]; "*" is any member
	Calls    []string    `json:"calls"`    // the functions that it calls, in lower case, each once
}

// maxExpressions bounds what rules see of one document; the largest workflow known has some hundreds.
const maxExpressions = 5000

// expressionsOf lists the expressions of a document in the order of their paths.
func expressionsOf(doc *source.Document) []ExpressionFacts {
	found := []ExpressionFacts{}
	eachScalar(doc.Value, nil, func(path source.Path, value string) {
		for _, e := range expressionsAt(path, value) {
			if len(found) < maxExpressions {
				found = append(found, expressionFacts(path, e))
			}
		}
	})
	return found
}

// expressionsAt gives the expressions of the scalar at a path. The value of an `if:` is one, with or without braces.
func expressionsAt(path source.Path, value string) []expression.Expression {
	found := expression.Find(value)
	if len(found) > 0 || !isCondition(path) {
		return found
	}
	return []expression.Expression{{Text: value, Root: expression.ParseCondition(value)}}
}

// isCondition reports whether a path leads to the `if:` of a job or step, and not to an input or variable of that name.
func isCondition(path source.Path) bool {
	n := len(path)
	if n < 3 || path[n-1] != "if" {
		return false
	}
	_, isStep := path[n-2].(int)
	return isStep || n == 3 && path[0] == "jobs"
}

func expressionFacts(path source.Path, e expression.Expression) ExpressionFacts {
	facts := ExpressionFacts{Path: path, Text: e.Text, Contexts: [][]string{}, Calls: []string{}}
	e.Root.Walk(func(n *expression.Node) {
		switch {
		case n.Kind == expression.Context:
			facts.Contexts = append(facts.Contexts, n.Path)
		case n.Kind == expression.Call && !slices.Contains(facts.Calls, n.Name):
			facts.Calls = append(facts.Calls, n.Name)
		}
	})

	return facts
}

// eachScalar visits all text below a value with its path, the keys of maps in their order.
func eachScalar(value any, path source.Path, visit func(source.Path, string)) {
	switch v := value.(type) {
	case string:
		visit(path, v)
	case []any:
		for i, item := range v {
			eachScalar(item, path.Append(i), visit)
		}
	case map[string]any:
		for _, key := range sortedKeys(v) {
			eachScalar(v[key], path.Append(key), visit)
		}
	}
}
