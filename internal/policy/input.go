package policy

import (
	"encoding/json"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
)

// inputValue converts the input once, without the document when no rule will read it.
func inputValue(in *facts.Input, rules []string, withDoc bool) (ast.Value, error) {
	object := ast.NewObject()
	put := func(key string, v any) error {
		value, err := ast.InterfaceToValue(v)
		if err != nil {
			return fmt.Errorf("convert input.%s: %w", key, err)
		}
		object.Insert(ast.StringTerm(key), ast.NewTerm(value))
		return nil
	}
	file := map[string]any{"path": in.File.Path, "kind": string(in.File.Kind)}
	parts := map[string]any{"file": file, "rules": rules}
	if in.Origin != nil {
		parts["origin"] = map[string]any{"renderer": in.Origin.Renderer, "root": in.Origin.Root}
	}
	if withDoc {
		parts["doc"] = in.Doc
	}
	if len(in.Params) > 0 {
		parts["params"] = in.Params
	}
	for key, v := range map[string]any{"refs": in.Refs, "facts": in.Facts} {
		plain, err := plainJSON(v)
		if err != nil {
			return nil, fmt.Errorf("convert input.%s: %w", key, err)
		}
		parts[key] = plain
	}
	for key, v := range parts {
		if err := put(key, v); err != nil {
			return nil, err
		}
	}
	return object, nil
}

// plainJSON gives the value as a policy author would see it printed: structs as objects by their JSON names.
func plainJSON(v any) (any, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var plain any
	err = json.Unmarshal(text, &plain)
	return plain, err
}
