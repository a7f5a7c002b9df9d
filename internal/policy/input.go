package policy

import (
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
)

// inputParts is the input but for the document: converting that is dear, and few rules read it.
func (s *Set) inputParts(in *facts.Input) (ast.Object, error) {
	parts := map[string]any{"file": in.File, "refs": in.Refs, "facts": in.Facts}
	if in.Origin != nil {
		parts["origin"] = in.Origin
	}
	if len(in.Params) > 0 {
		parts["params"] = in.Params
	}
	if len(in.Duplicates) > 0 {
		parts["duplicates"] = in.Duplicates
	}
	object := ast.NewObject()
	for key, v := range parts {
		if err := s.put(object, key, v); err != nil {
			return nil, err
		}
	}
	return object, nil
}

// inputValue is the whole input, with the document where a rule reads it.
func (s *Set) inputValue(parts ast.Object, in *facts.Input, rules []string, withDoc bool) (ast.Value, error) {
	object := ast.NewObject()
	parts.Foreach(object.Insert)
	if withDoc {
		doc, err := ast.InterfaceToValue(in.Doc) // it may hold what JSON has not, such as .nan
		if err != nil {
			return nil, fmt.Errorf("convert input.doc: %w", err)
		}
		object.Insert(ast.InternedTerm("doc"), ast.NewTerm(doc))
	}
	return object, s.put(object, "rules", rules)
}

func (s *Set) put(object ast.Object, key string, v any) error {
	value, err := s.values.of(v)
	if err != nil {
		return fmt.Errorf("convert input.%s: %w", key, err)
	}
	object.Insert(ast.InternedTerm(key), ast.NewTerm(value))
	return nil
}
