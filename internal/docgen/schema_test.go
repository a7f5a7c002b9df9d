package main

import (
	"bytes"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

// What the schema tells an editor and what the program accepts must be one thing.
func TestConfigSchemaAgreesWithTheReader(t *testing.T) {
	schema := compileSchema(t)
	for name, text := range map[string]string{
		"nothing set":      "{}",
		"all set":          full,
		"own rule":         "rules: {house/own: {enabled: false}}",
		"number of bytes":  "limits: {file-size: 1024}",
		"unknown key":      "fail_on: high",
		"unknown sub key":  "helm: {version: 1.36.0}",
		"wrong threshold":  "fail-on: severe",
		"wrong severity":   "rules: {image/sample: {severity: never}}",
		"list for a map":   "rules: [image/sample]",
		"word for a list":  "exclude: testdata",
		"size in words":    "limits: {file-size: large}",
		"unit-less time":   "limits: {render-time: '10'}",
		"map for a scalar": "version: {a: 1}",
	} {
		t.Run(name, func(t *testing.T) {
			var value any
			if err := yaml.Unmarshal([]byte(text), &value); err != nil {
				t.Fatal(err)
			}
			_, readErr := config.Parse("plimsoll.yaml", []byte(text))
			schemaErr := schema.Validate(value)
			if (readErr == nil) != (schemaErr == nil) {
				t.Errorf("the program says %v, the schema says %v", readErr, schemaErr)
			}
		})
	}
}

const full = `
version: 1
fail-on: never
include: ['**/*.yml']
exclude: [testdata/**]
policies: [policy]
rules:
  image/sample:
    enabled: true
    severity: low
    params: {registries: [ghcr.io]}
ignore:
  - rule: image/sample
    paths: [a/**]
    reason: accepted
    expires: "2027-01-31"
helm: {kube-versions: [1.36.0], values: [{files: [prod.yaml]}]}
workflow: {shellcheck: true}
limits: {file-size: 10MiB, render-time: 1m30s, render-memory: 1GiB}
`

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := configSchema([]*finding.Rule{{ID: "image/sample", Title: "Sample"}})
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(schemaPath, value); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(schemaPath)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}
