package policy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

// CheckParams tells what is wrong with the parameters that a configuration gives a rule, by the rule's own word: the texts of
// its set `misconfigured`, which sees no more than input.params. A rule that ships and says nothing there takes none; a
// user's may leave it out. The error is nil where all is well.
func (s *Set) CheckParams(ctx context.Context, id string, params map[string]any) error {
	answer := ast.MustParseRef("data.rules")
	for part := range strings.SplitSeq(id, "/") {
		answer = answer.Append(ast.StringTerm(part))
	}
	results, err := rego.New(
		rego.ParsedQuery(ast.NewBody(ast.NewExpr(ast.NewTerm(answer.Append(ast.StringTerm("misconfigured")))))),
		rego.Compiler(s.compiler),
		rego.Input(map[string]any{"params": map[string]any{id: params}}),
	).Eval(ctx)
	if err != nil {
		return fmt.Errorf("read the parameters of rule %s: %w", id, err)
	}
	if len(results) == 0 {
		if len(s.Files(id)) > 0 {
			return nil
		}
		return fmt.Errorf("rule %s takes no parameters", id)
	}
	said, _ := results[0].Expressions[0].Value.([]any)
	var wrong []string
	for _, text := range said {
		wrong = append(wrong, fmt.Sprint(text))
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return errors.New("parameters of rule " + id + ": " + strings.Join(wrong, "; "))
}
