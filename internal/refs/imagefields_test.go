package refs

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/corpus"
)

// schema is the part of a structural schema that leads to fields.
type schema struct {
	Properties map[string]*schema `yaml:"properties"`
	Items      *schema            `yaml:"items"`
	Values     any                `yaml:"additionalProperties"`
	Open       bool               `yaml:"x-kubernetes-preserve-unknown-fields"`
}

// definition is the part of a CustomResourceDefinition that says what its objects hold.
type definition struct {
	Kind string
	Spec struct {
		Group    string
		Names    struct{ Kind string }
		Versions []struct {
			Schema struct {
				OpenAPI *schema `yaml:"openAPIV3Schema"`
			}
		}
	}
}

// gone are fields that projects have removed, which objects for their older releases still have.
var gone = []string{"spec.zookeeper.image"}

// admits reports whether a schema has a field, given its steps.
func (s *schema) admits(steps []string, depth int) bool {
	const maxDepth = 24
	switch {
	case s == nil || depth > maxDepth:
		return false
	case len(steps) == 0 || s.Open:
		return true
	}
	rest := steps[1:]
	if steps[0] == "**" {
		if s.admits(rest, depth+1) {
			return true
		}
		rest = steps
	} else if steps[0] != "*" {
		return s.Properties[steps[0]].admits(rest, depth+1)
	}
	if s.Items.admits(rest, depth+1) {
		return true
	}
	for _, child := range s.Properties {
		if child.admits(rest, depth+1) {
			return true
		}
	}
	return false
}

// TestImageFieldsAreThoseOfTheDefinitions holds the tables to the CustomResourceDefinitions of the public corpus: each field
// is one of one of its kinds, where all of them are known there.
func TestImageFieldsAreThoseOfTheDefinitions(t *testing.T) {
	root := corpus.Dir(t)
	known := definitions(t, root)
	held := 0
	hold := func(group string, kinds, fields []string) {
		var schemas []*schema
		for _, kind := range kinds {
			if known[group+"/"+kind] == nil {
				return
			}
			schemas = append(schemas, known[group+"/"+kind]...)
		}
		for _, field := range fields {
			held++
			has := func(s *schema) bool { return s.admits(strings.Split(field, "."), 0) }
			if len(schemas) > 0 && !slices.ContainsFunc(schemas, has) && !slices.Contains(gone, field) {
				t.Errorf("%s of %s %v is in none of their definitions", field, group, kinds)
			}
		}
	}
	for _, f := range imageFields {
		hold(f.group, f.kinds, f.fields)
	}
	for _, p := range partedImages {
		hold(p.group, p.kinds, p.at)
	}
	if held == 0 {
		t.Skip("the corpus has no such definition")
	}
	t.Logf("%d fields held against %d definitions", held, len(known))
}

func definitions(t *testing.T, root string) map[string][]*schema {
	known := map[string][]*schema{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !strings.HasPrefix(filepath.Ext(path), ".y") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(data, []byte("kind: CustomResourceDefinition")) {
			return err
		}
		for decoder := yaml.NewDecoder(bytes.NewReader(data)); ; {
			var d definition
			if err := decoder.Decode(&d); err != nil {
				return nil //nolint:nilerr // templates and broken files define nothing
			}
			for _, v := range d.Spec.Versions {
				if d.Kind == "CustomResourceDefinition" && v.Schema.OpenAPI != nil {
					key := d.Spec.Group + "/" + d.Spec.Names.Kind
					known[key] = append(known[key], v.Schema.OpenAPI)
				}
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return known
}
