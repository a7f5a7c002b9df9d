package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

// schemaPath is where the JSON Schema of the configuration file stands, for editors.
const schemaPath = "internal/config/plimsoll.schema.json"

// object is a JSON object; encoding/json writes its keys in order.
type object = map[string]any

// configSchema is the JSON Schema of the configuration file. The rules that the program ships with are named in it so
// that editors offer them; others may stand there, for users have policies of their own.
func configSchema(rules []*finding.Rule) ([]byte, error) {
	root, err := schemaOf(reflect.TypeFor[config.Config]())
	if err != nil {
		return nil, err
	}
	setting, err := schemaOf(reflect.TypeFor[config.Rule]())
	if err != nil {
		return nil, err
	}
	known := object{}
	for _, r := range rules {
		known[r.ID] = object{"description": r.Title, "$ref": "#/$defs/rule"}
	}
	ruleMap := root["properties"].(object)["rules"].(object)
	ruleMap["properties"], ruleMap["additionalProperties"] = known, object{"$ref": "#/$defs/rule"}
	root["$defs"] = object{"rule": setting}
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Plimsoll's configuration: .github/plimsoll.yaml or plimsoll.yaml"

	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err = e.Encode(root)
	return out.Bytes(), err
}

// schemaOf describes a type of the configuration.
func schemaOf(t reflect.Type) (object, error) {
	if s := scalar(t); s != nil {
		return s, nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem())
	case reflect.Slice:
		items, err := schemaOf(t.Elem())
		return object{"type": "array", "items": items}, err
	case reflect.Map:
		values, err := schemaOf(t.Elem())
		return object{"type": "object", "additionalProperties": values}, err
	case reflect.Struct:
		properties := object{}
		for name, field := range config.Fields(t) {
			property, err := schemaOf(field.Type)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			property["description"] = field.Doc
			properties[name] = property
		}
		return object{"type": "object", "additionalProperties": false, "properties": properties}, nil
	case reflect.Interface:
		return object{}, nil
	}
	return nil, fmt.Errorf("type %s has no JSON Schema here: add it to scalar", t)
}

// scalar describes the types that read their own text; nil for any other.
func scalar(t reflect.Type) object {
	severities := make([]string, 0, 5)
	for _, s := range finding.Severities() {
		severities = append(severities, s.String())
	}
	switch t {
	case reflect.TypeFor[config.Persona]():
		return object{"enum": finding.Personas()}
	case reflect.TypeFor[config.Severity]():
		return object{"enum": severities}
	case reflect.TypeFor[config.Threshold]():
		return object{"enum": append(severities, "never")}
	case reflect.TypeFor[config.Size]():
		return object{"type": []string{"string", "integer"}, "pattern": `^[0-9.]+ ?([kKmMgGtTpP]?i?[bB]?)$`}
	case reflect.TypeFor[config.Duration]():
		return object{"type": "string", "pattern": `^([0-9.]+(ns|us|ms|s|m|h))+$`}
	case reflect.TypeFor[config.KubeVersion]():
		return object{"type": []string{"string", "number"}, "pattern": `^v?\d+\.\d+(\.\d+)?$`}
	case reflect.TypeFor[config.PodSecurityLevel]():
		return object{"enum": []string{"privileged", "baseline", "restricted"}}
	case reflect.TypeFor[config.PodSecurityVersion]():
		return object{"type": []string{"string", "number"}, "pattern": `^(latest|v?1\.(0|[1-9]\d{0,3}))$`}
	case reflect.TypeFor[config.Date]():
		return object{"type": "string", "format": "date"}
	}
	switch t.Kind() {
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int:
		return object{"type": "integer"}
	}
	return nil
}
