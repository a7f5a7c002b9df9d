package kube

import (
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Definition is a CustomResourceDefinition: which fields the objects of a kind have. See
// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema.
type Definition struct {
	Group, Kind string
	file        string            // where it stands
	versions    map[string]*shape // by name; only those with a schema
	keeps       bool              // fields that it doesn't know are kept, as they were before apiextensions.k8s.io/v1
}

// shape is the structural schema of a value. A nil shape takes anything.
type shape struct {
	is        string            // the JSON type; "" says nothing
	intOrText bool              // x-kubernetes-int-or-string
	open      bool              // x-kubernetes-preserve-unknown-fields
	object    bool              // x-kubernetes-embedded-resource: it has apiVersion, kind and metadata
	fields    map[string]*shape // properties
	mapped    bool              // additionalProperties: any key will do,
	values    *shape            // with values of this shape
	items     *shape
	enum      []string // of texts; nil where another type is among them
	required  []string // those that have no default
}

// Bounds on a schema. The API server admits objects of some megabyte and a half; the largest schemas have ten thousand
// values.
const (
	maxShapes     = 100_000
	maxShapeDepth = 100
)

// DefinitionOf reads a CustomResourceDefinition, which stands in the named file; nil for what is none, and for one whose
// schema is past all bounds.
func DefinitionOf(value any, file string) *Definition {
	m, _ := value.(map[string]any)
	object := view{value: m}
	if !strings.HasPrefix(object.text("apiVersion"), "apiextensions.k8s.io/") || object.text("kind") != "CustomResourceDefinition" {
		return nil
	}
	spec := object.child("spec")
	old := object.text("apiVersion") == "apiextensions.k8s.io/v1beta1"
	d := &Definition{
		Group: spec.text("group"), Kind: spec.child("names").text("kind"), file: file,
		versions: map[string]*shape{}, keeps: old && spec.value["preserveUnknownFields"] != false,
	}
	r := &shaper{}
	for _, version := range spec.items("versions") {
		d.versions[version.text("name")] = r.version(version.child("schema"), spec)
	}
	if name := spec.text("version"); name != "" && d.versions[name] == nil {
		d.versions[name] = r.version(view{}, spec)
	}
	maps.DeleteFunc(d.versions, func(_ string, s *shape) bool { return s == nil })
	if r.count > maxShapes || d.Kind == "" {
		return nil
	}
	return d
}

// shaper reads schemas and counts what it reads.
type shaper struct{ count int }

// version reads the schema of one version, or that which v1beta1 has for all.
func (r *shaper) version(own, spec view) *shape {
	for _, holder := range []view{own, spec.child("validation")} {
		if own := holder.child("openAPIV3Schema"); own.value != nil {
			return r.shape(own, 0)
		}
	}
	return nil
}

func (r *shaper) shape(from view, depth int) *shape {
	if r.count++; r.count > maxShapes || depth > maxShapeDepth || from.value == nil {
		return nil
	}
	s := &shape{
		is:        from.text("type"),
		intOrText: from.value["x-kubernetes-int-or-string"] == true,
		open:      from.value["x-kubernetes-preserve-unknown-fields"] == true,
		object:    from.value["x-kubernetes-embedded-resource"] == true,
		fields:    map[string]*shape{},
		items:     r.shape(from.child("items"), depth+1),
		enum:      words(from.value["enum"]),
	}
	properties := from.child("properties")
	for name := range properties.value {
		s.fields[name] = r.shape(properties.child(name), depth+1)
	}
	for _, name := range words(from.value["required"]) {
		if _, defaulted := properties.child(name).value["default"]; !defaulted {
			s.required = append(s.required, name)
		}
	}
	switch more := from.value["additionalProperties"].(type) {
	case bool:
		s.mapped = more
	case map[string]any:
		s.mapped, s.values = true, r.shape(view{value: more}, depth+1)
	}
	return s
}

// keeps reports whether a map keeps what its schema doesn't name. One that names nothing at all loses everything to the letter;
// it is taken for an oversight, or for the definition of a file that no API server sees.
func (s *shape) keeps() bool { return s.open || len(s.fields) == 0 }

// item is the shape of a list's items; a list that keeps unknown fields means those of its items.
func (s *shape) item() *shape {
	if !s.open || s.items == nil {
		return s.items
	}
	open := *s.items
	open.open = true
	return &open
}

// words are a list of texts; nil where anything else is in it.
func words(value any) []string {
	list, _ := value.([]any)
	var out []string
	for _, item := range list {
		s, ok := item.(string)
		if !ok {
			return nil
		}
		out = append(out, s)
	}
	return out
}

// IsCustom reports whether an object's kind is none of Kubernetes' own, so that a CustomResourceDefinition may define it.
func (f *Facts) IsCustom() bool {
	_, version, _ := strings.Cut(f.APIVersion, "/")
	return strings.Contains(f.Group, ".") && !scheme.Scheme.Recognizes(schema.GroupVersionKind{Group: f.Group, Version: version, Kind: f.Kind})
}

// Custom holds an object to the definitions of its kind, and passes over those of others. Of several that have its version, such as those of two releases of
// an operator, one that takes a thing is enough. Nothing is said of a version that no definition has.
func (f *Facts) Custom(doc *source.Document, definitions []*Definition) []Misfit {
	object, _ := doc.Value.(map[string]any)
	_, version, _ := strings.Cut(f.APIVersion, "/")
	common := []Misfit{}
	held := false
	for _, d := range definitions {
		root := d.versions[version]
		if d.Group != f.Group || d.Kind != f.Kind || root == nil {
			continue
		}
		c := fitting{definition: d, comparison: comparison{found: []Misfit{}}}
		c.root(object, root, nil)
		if !held {
			common, held = c.found, true
			continue
		}
		common = slices.DeleteFunc(common, func(m Misfit) bool { return !slices.ContainsFunc(c.found, m.sameAs) })
	}
	return common
}

// sameAs reports whether two definitions say the same of a place.
func (m Misfit) sameAs(other Misfit) bool {
	return m.Field == other.Field && m.Missing == other.Missing && slices.Equal(m.Path, other.Path)
}
