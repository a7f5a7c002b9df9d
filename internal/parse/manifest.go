package parse

import (
	"fmt"
	"maps"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// manifests reads Kubernetes objects from YAML or JSON; documents that are none are left out, and lists are unpacked.
func manifests(file *source.File) ([]*source.Document, []*source.SyntaxError) {
	docs, errs := YAML(file, source.Manifest, source.YAML11)
	var objects []*source.Document
	for _, doc := range docs {
		objects = append(objects, Objects(doc)...)
	}
	return objects, errs
}

// Objects gives the Kubernetes objects that a document holds: itself, the items of a list of any flavour (List,
// DeploymentList), lists within lists too, or none when it has no apiVersion and kind. The documents returned have
// Object set, and tell places in the text of the document given.
func Objects(doc *source.Document) []*source.Document {
	object, ok := objectOf(doc.Value)
	if !ok {
		return nil
	}
	items, ok := listItems(doc.Value, object)
	if !ok {
		doc.Object = object
		return []*source.Document{doc}
	}
	var out []*source.Document
	for i, item := range items {
		value := typed(item, object)
		inner := source.NewDocument(doc.File, doc.Kind, value, within{doc, source.Path{"items", i}})
		inner.Origin = doc.Origin
		out = append(out, Objects(inner)...)
	}
	return out
}

// objectOf reads what names an object. Both apiVersion and kind have to be text, as the API server demands.
func objectOf(value any) (source.Object, bool) {
	m, _ := value.(map[string]any)
	apiVersion, _ := m["apiVersion"].(string)
	kind, _ := m["kind"].(string)
	if apiVersion == "" || kind == "" {
		return source.Object{}, false
	}
	meta, _ := m["metadata"].(map[string]any)
	name := text(meta["name"])
	if name == "" {
		name = text(meta["generateName"])
	}
	return source.Object{APIVersion: apiVersion, Kind: kind, Namespace: text(meta["namespace"]), Name: name}, true
}

func text(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// listItems gives the items of a list. A kind of its own that merely ends in List is one only if its items look like
// objects.
func listItems(value any, object source.Object) ([]any, bool) {
	m, _ := value.(map[string]any)
	items, ok := m["items"].([]any)
	if object.Kind == "List" && object.APIVersion == "v1" {
		return items, true
	}
	if !ok || !strings.HasSuffix(object.Kind, "List") {
		return nil, false
	}
	for _, item := range items {
		if i, ok := item.(map[string]any); !ok || i["metadata"] == nil {
			return nil, false
		}
	}
	return items, true
}

// typed gives an item of a typed list the apiVersion and kind that its list implies.
func typed(item any, list source.Object) any {
	m, ok := item.(map[string]any)
	if !ok || list.Kind == "List" || m["kind"] != nil {
		return item
	}
	out := make(map[string]any, len(m)+2)
	maps.Copy(out, m)
	out["apiVersion"], out["kind"] = list.APIVersion, strings.TrimSuffix(list.Kind, "List")
	return out
}

// within tells the places of a value that stands inside another document.
type within struct {
	doc    *source.Document
	prefix source.Path
}

// Locate implements source.Locator.
func (w within) Locate(path source.Path, text string) source.Trace {
	return w.doc.Locate(w.prefix.Append(path...), text)
}

// LocateKey implements source.KeyLocator.
func (w within) LocateKey(path source.Path, first bool) source.Trace {
	return w.doc.LocateKey(w.prefix.Append(path...), first)
}
