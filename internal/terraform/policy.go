package terraform

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// statement is one of an AWS policy, however it is written: as blocks of an aws_iam_policy_document, as an argument of
// jsonencode, or as JSON in a string.
type statement struct {
	effect               string
	actions, resources   []word
	identifiers          []word // of its principals
	conditions           []condition
	negated              bool // it has notActions or notResources
	hasPrincipals, isIAM bool // isIAM: it stands in an identity's own policy
	at                   Place
}

// word is a text of a statement.
type word struct {
	text string
	at   Place
}

type condition struct {
	test, variable string
	values         []word
}

// maxPolicy bounds a policy in a string, in bytes. AWS's own bound is lower.
const maxPolicy = 64 << 10

// statementsOf gathers the statements of a file's policies.
func statementsOf(top source.Node) []statement {
	var out []statement
	for _, b := range blocks(top, "data", "aws_iam_policy_document") {
		for _, s := range bodies(b.Key("statement")) {
			out = append(out, blockStatement(s))
		}
	}
	for _, b := range blocks(top, "resource", "aws_") {
		policies := []source.Node{b.Key("policy"), b.Key("assume_role_policy")}
		for _, inline := range bodies(b.Key("inline_policy")) {
			policies = append(policies, inline.Key("policy"))
		}
		for _, p := range policies {
			for _, s := range textStatements(p) {
				s.isIAM = strings.HasPrefix(b.kind, "aws_iam_")
				out = append(out, s)
			}
		}
	}
	return out
}

func blockStatement(s source.Node) statement {
	out := statement{effect: s.Key("effect").Text(), isIAM: true, at: Place{Path: s.Path}}
	if out.effect == "" {
		out.effect = "Allow"
	}
	out.actions, out.resources = words(s.Key("actions")), words(s.Key("resources"))
	out.negated = s.Key("not_actions").Value != nil || s.Key("not_resources").Value != nil
	for _, p := range bodies(s.Key("principals")) {
		out.hasPrincipals = true
		out.identifiers = append(out.identifiers, words(p.Key("identifiers"))...)
	}
	for _, c := range bodies(s.Key("condition")) {
		out.conditions = append(out.conditions, condition{c.Key("test").Text(), c.Key("variable").Text(), words(c.Key("values"))})
	}
	return out
}

// words are the texts of a list, or of a single value.
func words(n source.Node) []word {
	if n.Text() != "" {
		return []word{{n.Text(), Place{Path: n.Path}}}
	}
	var out []word
	for _, item := range n.Items() {
		out = append(out, word{item.Text(), Place{Path: item.Path}})
	}
	return out
}

// textStatements reads a policy in a string, or one that jsonencode makes. What cannot be read says nothing.
func textStatements(n source.Node) []statement {
	text := strings.TrimSpace(n.Text())
	if len(text) > maxPolicy {
		return nil
	}
	var value any
	if inner, ok := strings.CutPrefix(text, "${"); ok && strings.HasPrefix(inner, "jsonencode(") {
		value = evaluated(strings.TrimSuffix(inner, "}"))
	} else if strings.HasPrefix(text, "{") && json.Unmarshal([]byte(text), &value) != nil {
		return nil
	}
	policy, _ := value.(map[string]any)
	var out []statement
	for _, item := range listed(policy["Statement"]) {
		if s, ok := item.(map[string]any); ok {
			out = append(out, plainStatement(s, n))
		}
	}
	return out
}

// listed is a list as it is, and a single value as a list.
func listed(v any) []any {
	if list, ok := v.([]any); ok || v == nil {
		return list
	}
	return []any{v}
}

func plainStatement(s map[string]any, at source.Node) statement {
	texts := func(v any) []word {
		var out []word
		for _, item := range listed(v) {
			if text, ok := item.(string); ok {
				out = append(out, word{text, Place{at.Path, text}})
			}
		}
		return out
	}
	out := statement{actions: texts(s["Action"]), resources: texts(s["Resource"]), at: Place{Path: at.Path}}
	out.effect, _ = s["Effect"].(string)
	out.negated = s["NotAction"] != nil || s["NotResource"] != nil
	out.hasPrincipals = s["Principal"] != nil || s["NotPrincipal"] != nil
	if principals, ok := s["Principal"].(map[string]any); ok {
		for _, kind := range slices.Sorted(maps.Keys(principals)) {
			out.identifiers = append(out.identifiers, texts(principals[kind])...)
		}
	}
	tests, _ := s["Condition"].(map[string]any)
	for _, test := range slices.Sorted(maps.Keys(tests)) {
		variables, _ := tests[test].(map[string]any)
		for _, variable := range slices.Sorted(maps.Keys(variables)) {
			out.conditions = append(out.conditions, condition{test, variable, texts(variables[variable])})
		}
	}
	return out
}

// evaluated gives the argument of jsonencode as plain values. Nothing is computed: what is no literal stays the text
// "${…}".
func evaluated(text string) any {
	parsed, diags := hclsyntax.ParseExpression([]byte(text), "", hcl.InitialPos)
	call, ok := parsed.(*hclsyntax.FunctionCallExpr)
	if diags.HasErrors() || !ok || len(call.Args) != 1 {
		return nil
	}
	return plain(call.Args[0], text)
}

func plain(e hclsyntax.Expression, text string) any {
	switch e := e.(type) {
	case *hclsyntax.ObjectConsExpr:
		m := make(map[string]any, len(e.Items))
		for _, item := range e.Items {
			m[fmt.Sprint(plain(item.KeyExpr, text))] = plain(item.ValueExpr, text)
		}
		return m
	case *hclsyntax.TupleConsExpr:
		list := make([]any, 0, len(e.Exprs))
		for _, item := range e.Exprs {
			list = append(list, plain(item, text))
		}
		return list
	case *hclsyntax.ObjectConsKeyExpr:
		if word := hcl.ExprAsKeyword(e.Wrapped); word != "" && !e.ForceNonLiteral {
			return word
		}
		return plain(e.Wrapped, text)
	case *hclsyntax.ParenthesesExpr:
		return plain(e.Expression, text)
	case *hclsyntax.TemplateExpr:
		var out strings.Builder
		for _, part := range e.Parts {
			fmt.Fprint(&out, plain(part, text))
		}
		return out.String()
	case *hclsyntax.LiteralValueExpr:
		if e.Val.Type() == cty.String && !e.Val.IsNull() {
			return e.Val.AsString()
		}
	}
	r := e.Range()
	return "${" + text[r.Start.Byte:r.End.Byte] + "}"
}
