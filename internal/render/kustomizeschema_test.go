package render_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// definition is one of a custom resource with a schema large enough to be kept from the Kustomize library.
func definition(more string) string {
	var b strings.Builder
	b.WriteString(`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.example.com # a comment
  labels: &labels {app: things}
spec:
  group: example.com
  names: {kind: Thing, plural: things}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
`)
	for i := range 60 {
		fmt.Fprintf(&b, "            field%d:\n              description: |-\n                What it is for, 50%% of the time:\n\n                --- and \"more\" <&>\n              type: integer\n              default: %d.50\n", i, i)
	}
	b.WriteString("            odd: {type: string, default: \"on\", enum: [2006-01-02, 0o17, 1e3, ~, yes]}\n")
	b.WriteString(more)
	b.WriteString("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: beside\ndata:\n  key: value\n")
	return b.String()
}

const allThings = `resources: [things.yaml]
namePrefix: my-
labels: [{pairs: {team: blue}}]
`

// changes are what may be done to a definition.
var changes = map[string]string{
	"nothing": "",
	"an annotation": `patches:
  - patch: |-
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata:
        name: things.example.com
        annotations: {a: b}
      spec:
        conversion: {strategy: None}
`,
	"a field of the schema goes": `patches:
  - target: {kind: CustomResourceDefinition}
    patch: |-
      - op: remove
        path: /spec/versions/0/schema/openAPIV3Schema/properties/field3
`,
	"a version is copied": `patches:
  - target: {kind: CustomResourceDefinition}
    patch: |-
      - op: copy
        from: /spec/versions/0
        path: /spec/versions/-
      - op: replace
        path: /spec/versions/1/name
        value: v2
`,
	"all versions go": `patches:
  - target: {kind: CustomResourceDefinition}
    patch: |-
      - op: remove
        path: /spec/versions
`,
	"a field is set to nothing": `patches:
  - patch: |-
      {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: things.example.com},
       spec: {versions: [{name: v1, schema: {"openAPIV3Schema": {properties: null}}}]}}
`,
}

// TestDefinitionsStayWhole builds definitions of custom resources with all sorts of changes around and in them, and wants
// what the plain library builds.
func TestDefinitionsStayWhole(t *testing.T) {
	root := t.TempDir()
	for name, change := range changes {
		dir := filepath.Join(root, strings.ReplaceAll(name, " ", "-"))
		write(t, filepath.Join(dir, "things.yaml"), definition(""))
		write(t, filepath.Join(dir, "kustomization.yaml"), allThings+change)
	}
	write(t, filepath.Join(root, "anchor", "things.yaml"), definition("            same: &same {type: string, maxLength: 5}\n            again: *same\n"))
	write(t, filepath.Join(root, "anchor", "kustomization.yaml"), allThings)
	write(t, filepath.Join(root, "mark", "things.yaml"), definition("---\napiVersion: v1\nkind: Other\nmetadata: {name: mark}\ndata: {plimsoll-schema: \"1\"}\n"))
	write(t, filepath.Join(root, "mark", "kustomization.yaml"), allThings)
	results := renderAll(t, root, render.Options{})
	if len(results) != len(changes)+2 {
		t.Fatalf("%d units", len(results))
	}
	for name, result := range results {
		t.Run(name, func(t *testing.T) {
			want, ok := plainly(t, root, result.Unit)
			if !ok || len(want) < 2 {
				t.Fatalf("the library builds %d objects", len(want))
			}
			compare(t, name, want, want, result)
		})
	}
	for name, want := range map[string]string{
		"nothing": "nothing/things.yaml:30 integer", "a-field-of-the-schema-goes": "a-field-of-the-schema-goes/things.yaml:30 integer",
	} {
		path := source.Path{"spec", "versions", 0, "schema", "openAPIV3Schema", "properties", "field1", "type"}
		if got := part(t, root, results[name], "CustomResourceDefinition", path, ""); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
