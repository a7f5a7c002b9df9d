package policy

import (
	"encoding/json"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
)

// inputParts is the input as plain JSON values, but for the document: converting that is dear, and few rules read it.
func inputParts(in *facts.Input) (map[string]any, error) {
	file := map[string]any{"path": in.File.Path, "kind": string(in.File.Kind)}
	if in.File.Use != "" {
		file["use"] = string(in.File.Use)
	}
	parts := map[string]any{"file": file}
	if in.Origin != nil {
		parts["origin"] = map[string]any{"renderer": in.Origin.Renderer, "root": in.Origin.Root}
	}
	if len(in.Params) > 0 {
		parts["params"] = in.Params
	}
	shared := map[string]any{"refs": in.Refs, "facts": in.Facts}
	if len(in.Duplicates) > 0 {
		shared["duplicates"] = in.Duplicates
	}
	for key, v := range shared {
		plain, err := plainJSON(v)
		if err != nil {
			return nil, fmt.Errorf("convert input.%s: %w", key, err)
		}
		parts[key] = plain
	}
	return parts, nil
}

// inputValue converts the parts for evaluation, and the document where a rule reads it.
func inputValue(parts map[string]any, in *facts.Input, rules []string, withDoc bool) (ast.Value, error) {
	object := ast.NewObject()
	put := func(key string, v any) error {
		value, err := ast.InterfaceToValue(v)
		if err != nil {
			return fmt.Errorf("convert input.%s: %w", key, err)
		}
		object.Insert(ast.StringTerm(key), ast.NewTerm(value))
		return nil
	}
	for key, v := range parts {
		if err := put(key, v); err != nil {
			return nil, err
		}
	}
	if withDoc {
		if err := put("doc", in.Doc); err != nil {
			return nil, err
		}
	}
	return object, put("rules", rules)
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
