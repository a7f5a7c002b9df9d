package kube_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"

	"github.com/plimsoll-dev/plimsoll/internal/kube"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

const widgets = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {kind: Widget}
  versions:
    - name: v1
      schema:
        openAPIV3Schema:
          type: object
          required: [kind, spec]
          properties:
            spec:
              type: object
              required: [size, given]
              properties:
                size: {type: integer}
                given: {type: string, default: a}
                port: {x-kubernetes-int-or-string: true}
                mode: {type: string, enum: [fast, slow]}
                labels: {type: object, additionalProperties: {type: string}}
                free: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {on: {type: boolean}}}
                bare: {type: object}
                pipelines: {type: array, x-kubernetes-preserve-unknown-fields: true, items: {type: object, properties: {id: {type: string}}}}
                template: {type: object, x-kubernetes-embedded-resource: true, properties: {spec: {type: object, properties: {a: {type: string}}}}}
            status: {type: object, required: [ready]}
`

func TestCustom(t *testing.T) {
	const head = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}\n"
	cases := map[string]struct {
		text string
		want []string
	}{
		"all in order":           {head + "spec: {size: 1, port: http, mode: fast, labels: {a: b}}\nstatus: {}\n", nil},
		"a name to guess":        {head + "spec: {size: 1, modes: fast}\n", []string{"spec.modes: spec of Widget has no modes, mode?"}},
		"a name at the top":      {head + "spec: {size: 1}\nspecs: {}\n", []string{"specs: Widget has no specs, spec?"}},
		"wrong types":            {head + "spec: {size: '1', port: true, labels: {a: 1}, template: x}\n", []string{"spec.labels.a: the number 1 for text", "spec.port: true for a whole number or text", "spec.size: text for a whole number", "spec.template: text for a map"}},
		"a word of none":         {head + "spec: {size: 1, mode: Fast}\n", []string{`spec.mode: "Fast" for one of "fast", "slow"`}},
		"missing, but a default": {head + "spec: {}\n", []string{"spec: spec of Widget misses size"}},
		"missing at the top":     {head, []string{": Widget misses spec"}},
		"kept":                   {head + "spec: {size: 1, free: {a: 1, on: yes}, bare: {a: 1}, pipelines: [{x: 1}]}\n", nil},
		"kept, but of a type":    {head + "spec: {size: 1, free: {on: 1}}\n", []string{"spec.free.on: the number 1 for true or false"}},
		"an object within":       {head + "spec: {size: 1, template: {apiVersion: v1, kind: A, metadata: {labels: {a: b}, label: c}, spec: {b: c}}}\n", []string{"spec.template.metadata.label: ObjectMeta has no label, labels?", "spec.template.spec.b: spec.template.spec of Widget has no b, ?"}},
		"metadata":               {"apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a, label: {}}\nspec: {size: 1}\n", []string{"metadata.label: ObjectMeta has no label, labels?"}},
		"filled in later":        {head + "spec: {size: $(SIZE), port: [MY_PORT], mode: <mode>, '(x)': 1, labels: {MY_LABELS}}\n", nil},
		"null is dropped":        {head + "spec: {size: 1, unknown: null}\n", nil},
		"another version":        {"apiVersion: example.com/v2\nkind: Widget\nspec: {a: 1}\n", nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := misfitsOf(t, c.text, widgets)
			if diff := cmp.Diff(strings.Join(c.want, "\n"), strings.Join(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What one of two releases of a definition takes is taken; what neither has is not.
func TestCustomOfSeveralReleases(t *testing.T) {
	newer := strings.Replace(widgets, "size: {type: integer}", "size: {type: string}\n                color: {type: string}", 1)
	got := misfitsOf(t, "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}\nspec: {size: a, color: red, colour: red}\n", widgets, newer)
	want := []string{"spec.colour: spec of Widget has no colour, ?"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Before apiextensions.k8s.io/v1 fields were kept unless the definition said otherwise.
func TestCustomOfOldDefinitions(t *testing.T) {
	old := strings.Replace(widgets, "apiextensions.k8s.io/v1\n", "apiextensions.k8s.io/v1beta1\n", 1)
	object := "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}\nspec: {size: 1, colour: red}\n"
	if got := misfitsOf(t, object, old); len(got) > 0 {
		t.Errorf("kept fields: %v", got)
	}
	pruning := strings.Replace(old, "  group: example.com\n", "  group: example.com\n  preserveUnknownFields: false\n", 1)
	if got := misfitsOf(t, object, pruning); len(got) != 1 {
		t.Errorf("dropped fields: %v", got)
	}
}

func TestCustomBounds(t *testing.T) {
	var deep strings.Builder
	deep.WriteString(`{"type":"object"`)
	for range 2000 {
		deep.WriteString(`,"properties":{"a":{"type":"object"`)
	}
	deep.WriteString(strings.Repeat("}}", 2000) + "}")
	text := `{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","spec":{"group":"example.com","names":{"kind":"Widget"},` +
		`"versions":[{"name":"v1","schema":{"openAPIV3Schema":` + deep.String() + `}}]}}`
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	if kube.DefinitionOf(value, "crd.json") == nil {
		t.Error("a deep schema is cut, not refused")
	}
}

func misfitsOf(t *testing.T, object string, definitions ...string) []string {
	t.Helper()
	var known []*kube.Definition
	for _, text := range definitions {
		known = append(known, kube.DefinitionOf(documentOf(t, text).Value, "crd.yaml"))
	}
	doc := documentOf(t, object)
	var got []string
	for _, m := range kube.FactsOf(doc).Custom(doc, known) {
		switch {
		case m.Field != "":
			got = append(got, fmt.Sprintf("%s: %s has no %s, %s?", m.Path, m.Holder, m.Field, m.Nearest))
		case m.Missing != "":
			got = append(got, fmt.Sprintf("%s: %s misses %s", m.Path, m.Holder, m.Missing))
		default:
			got = append(got, fmt.Sprintf("%s: %s for %s", m.Path, m.Found, m.Wanted))
		}
	}
	return got
}

func documentOf(t *testing.T, text string) *source.Document {
	t.Helper()
	docs, faults := parse.File(&source.File{Path: "a.yaml", Kind: source.Manifest, Data: []byte(text)})
	if len(docs) != 1 || len(faults) > 0 {
		t.Fatalf("%d documents, %v", len(docs), faults)
	}
	return docs[0]
}

// The API server's own code is asked which fields it would drop of random objects of random schemas.
func TestCustomAgreesWithTheAPIServer(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	dropped := 0
	for range 3000 {
		schema := randomSchema(random, 0)
		schema["type"] = "object"
		schema["properties"] = map[string]any{"spec": randomSchema(random, 1)}
		object := map[string]any{"apiVersion": "example.com/v1", "kind": "Widget", "spec": randomValue(random, 0)}
		want := droppedByServer(t, schema, object)
		crd := map[string]any{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "spec": map[string]any{
			"group": "example.com", "names": map[string]any{"kind": "Widget"},
			"versions": []any{map[string]any{"name": "v1", "schema": map[string]any{"openAPIV3Schema": schema}}},
		}}
		doc := source.NewDocument(&source.File{Path: "a.yaml"}, source.Manifest, object, nil)
		var got []string
		for _, m := range kube.FactsOf(doc).Custom(doc, []*kube.Definition{kube.DefinitionOf(crd, "crd.yaml")}) {
			if m.Field != "" {
				got = append(got, m.Path.String())
			}
		}
		for _, path := range got {
			if !slices.Contains(want, path) {
				t.Fatalf("%s is not dropped of %v by %v, only %v", path, object, schema, want)
			}
		}
		dropped += len(got)
	}
	if dropped < 1000 {
		t.Errorf("only %d fields were dropped: the objects are no test", dropped)
	}
}

func droppedByServer(t *testing.T, schema, object map[string]any) []string {
	t.Helper()
	text, err := json.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	var props apiextensionsv1.JSONSchemaProps
	if err := json.Unmarshal(text, &props); err != nil {
		t.Fatal(err)
	}
	var internal apiextensions.JSONSchemaProps
	if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(&props, &internal, nil); err != nil {
		t.Fatal(err)
	}
	s, err := structural.NewStructural(&internal)
	if err != nil {
		t.Fatal(err)
	}
	text, _ = json.Marshal(object)
	var copied map[string]any
	if err := json.Unmarshal(text, &copied); err != nil {
		t.Fatal(err)
	}
	return pruning.PruneWithOptions(copied, s, true, structural.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
}

func randomSchema(r *rand.Rand, depth int) map[string]any {
	if depth > 4 || r.IntN(5) == 0 {
		return map[string]any{"type": []string{"string", "integer", "boolean"}[r.IntN(3)]}
	}
	schema := map[string]any{"type": "object"}
	if r.IntN(5) == 0 {
		schema["x-kubernetes-preserve-unknown-fields"] = true
	}
	switch r.IntN(5) {
	case 0:
		schema["type"], schema["items"] = "array", randomSchema(r, depth+1)
	case 1:
		schema["additionalProperties"] = randomSchema(r, depth+1)
	default:
		properties := map[string]any{}
		for _, key := range []string{"a", "b", "c"} {
			if r.IntN(2) == 0 {
				properties[key] = randomSchema(r, depth+1)
			}
		}
		schema["properties"] = properties
	}
	return schema
}

func randomValue(r *rand.Rand, depth int) any {
	switch n := r.IntN(8); {
	case depth > 4 || n == 0:
		return "x"
	case n == 1:
		return []any{randomValue(r, depth+1), randomValue(r, depth+1)}
	default:
		value := map[string]any{}
		for _, key := range []string{"a", "b", "d"} {
			if r.IntN(2) == 0 {
				value[key] = randomValue(r, depth+1)
			}
		}
		return value
	}
}
