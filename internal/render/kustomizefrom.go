package render

import (
	"maps"
	"slices"

	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/kyaml/resid"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// The library can be asked where each object is from. It then writes down every step of every object, too, which takes up
// to three times as long as the rest of the build. Most objects say it themselves: by their lines, or by what they are called.

// birthplaces tells where the objects of one build are from.
type birthplaces struct {
	*build
	called map[string][]text // by what an object is called in the end
	left   int               // of the objects that may still be looked at
}

// maxNamed is how many objects of a kustomization and all that it uses are named.
const maxNamed = 50_000

// untold are the fields of a kustomization that make objects otherwise.
var untold = []string{"generators", "transformers", "validators", "configurations", "openapi", "crds"}

// told reports whether the objects of the kustomization say where they are from.
func (s *scan) told() bool {
	return s.lean != nil && !s.ask.Lone && !slices.ContainsFunc(s.found, func(k *kustomization) bool {
		return slices.ContainsFunc(untold, func(name string) bool { return k.value[name] != nil })
	})
}

// of gives the place that an object is from. It is false when that is not certain.
func (f *birthplaces) of(object *resource.Resource) (text, bool) {
	if o, ok := f.byLine(object.YNode()); ok {
		if o.Chart > 0 {
			return f.chartedBy(o), true
		}
		return text{Source: o.File}, true
	}
	if f.called == nil {
		f.called, f.left = map[string][]text{}, maxNamed
		for _, n := range f.outcome(0, nil) {
			f.called[keyOf(n.id)] = append(f.called[keyOf(n.id)], n.text)
		}
	}
	id := resid.NewResIdWithNamespace(object.GetGvk(), object.GetName(), object.GetNamespace())
	found := f.called[keyOf(id)]
	if i := len(id.Name) - len("-0123456789"); len(found) == 0 && i > 0 && isHash(id.Name[i:]) {
		id.Name = id.Name[:i]
		found = f.called[keyOf(id)]
	}
	if len(found) != 1 || f.left <= 0 {
		return text{}, false
	}
	return found[0], true
}

// byLine is the resource that an object's fields were read in.
func (f *birthplaces) byLine(object *yaml.Node) (origin, bool) {
	for i := 0; i+1 < len(object.Content); i += 2 {
		if line := object.Content[i].Line; line > f.first() {
			if n, _ := find(f.pads.origins, line); n >= 0 && !f.pads.origins[n].Patch {
				return f.pads.origins[n], true
			}
		}
	}
	return origin{}, false
}

func keyOf(id resid.ResId) string {
	namespace := id.Namespace
	if id.IsClusterScoped() {
		namespace = ""
	}
	return id.Kind + "\x00" + namespace + "\x00" + id.Name
}

// named is an object on its way.
type named struct {
	id   resid.ResId
	text text
}

// outcome lists what comes out of a stage when the given objects go in, as they are called then.
func (f *birthplaces) outcome(i int, in []named) []named {
	list := slices.Clone(in)
	stage, k := f.stages[i], f.found[i]
	for _, name := range stage.Resources {
		list = append(list, f.resources(name)...)
	}
	for _, u := range stage.Uses {
		if f.left > 0 {
			list = append(list, f.outcome(u, nil)...)
		}
	}
	for _, kind := range []string{"ConfigMap", "Secret"} {
		field := generatorField(kind)
		for n, item := range items(k.value[field]) {
			if behavior := wordOf(item["behavior"]); behavior == "" || behavior == "create" {
				id := resid.NewResIdWithNamespace(resid.NewGvk("", "v1", kind), wordOf(item["name"]), wordOf(item["namespace"]))
				list = append(list, named{id, text{Anchor: k.locate(source.Path{field, n, "name"})}})
			}
		}
	}
	for _, c := range stage.Components {
		if f.left > 0 {
			list = f.outcome(c, list)
		}
	}
	f.left -= len(list)
	for n := range list {
		namespace := list[n].id.Namespace
		list[n].id = k.called(list[n].id)
		if list[n].text.Chart > 0 {
			list[n].id.Namespace = namespace
		}
	}
	return list
}

// resources lists the objects of a file, or of what a template of a chart wrote.
func (f *birthplaces) resources(name string) []named {
	if data, ok := f.extra[name]; ok {
		var out []named
		for _, id := range idsIn(name, data) {
			out = append(out, named{id, f.charted(name)})
		}
		return out
	}
	var out []named
	if parsed := f.shelf.files[name]; parsed != nil {
		for _, id := range parsed.ids {
			out = append(out, named{id, text{Source: name}})
		}
	}
	return out
}

func idsIn(name string, data []byte) []resid.ResId {
	docs, _ := parse.YAML(&source.File{Path: name, Data: data}, source.Manifest, source.YAML11)
	return idsOf(docs)
}

// idsOf are what the objects in documents are called, lists unpacked.
func idsOf(docs []*source.Document) []resid.ResId {
	var out []resid.ResId
	for _, doc := range docs {
		for _, object := range parse.Objects(doc) {
			out = append(out, idOf(object.Value))
		}
	}
	return out
}

// leanly is a kustomization that does not ask where objects are from; nil when its author does.
func leanly(k *kustomization, value map[string]any) map[string]any {
	if k.value["buildMetadata"] != nil {
		return nil
	}
	out := maps.Clone(value)
	delete(out, "buildMetadata")
	return out
}
