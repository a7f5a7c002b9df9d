package render

import (
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// idOf is what an object goes by.
func idOf(object any) resid.ResId {
	group, version := resid.ParseGroupVersion(field(object, "apiVersion"))
	metadata, _ := source.Path{"metadata"}.Get(object)
	return resid.NewResIdWithNamespace(
		resid.NewGvk(group, version, field(object, "kind")), field(metadata, "name"), field(metadata, "namespace"))
}

// unprefixed are the kinds whose names get no prefix and no suffix.
var unprefixed = []string{"CustomResourceDefinition", "Namespace", "APIService"}

// called is what an object goes by after a kustomization.
func (k *kustomization) called(id resid.ResId) resid.ResId {
	if namespace := wordOf(k.value["namespace"]); namespace != "" {
		switch {
		case id.Kind == "Namespace":
			id.Name = namespace
		case !id.IsClusterScoped():
			id.Namespace = namespace
		}
	}
	if !slices.Contains(unprefixed, id.Kind) {
		id.Name = wordOf(k.value["namePrefix"]) + id.Name + wordOf(k.value["nameSuffix"])
	}
	return id
}

// goneBy lists what the object went by: first in its own file, then after each of the stages, the innermost first. It
// reports whether that ends with what it is called now.
func (l *resourceLocator) goneBy(stages []*kustomization) ([]resid.ResId, bool) {
	built := idOf(l.built.Value)
	id := idOf(l.home.value)
	if l.home.doc == nil {
		id = built
		id.Name, id.Namespace = l.generatedName(stages), ""
	}
	ids := []resid.ResId{id}
	for _, k := range slices.Backward(stages) {
		next := k.called(id)
		if l.charted() {
			next.Namespace = id.Namespace
		}
		id = next
		ids = append(ids, id)
	}
	rest, ok := strings.CutPrefix(built.Name, id.Name)
	return ids, ok && (rest == "" || isHash(rest)) && (id.Namespace == built.Namespace || built.IsClusterScoped())
}

// charted reports whether a chart wrote the object. It keeps the namespace that it has.
func (l *resourceLocator) charted() bool { return l.text.Chart > 0 || l.home.in.Chart > 0 }

// generatedName is the name that a generator gives the object, before prefixes, suffixes and the hash.
func (l *resourceLocator) generatedName(stages []*kustomization) string {
	built, best := nameOf(l.built.Value), ""
	for _, k := range stages {
		for _, item := range items(k.value[generatorField(field(l.built.Value, "kind"))]) {
			if name := wordOf(item["name"]); strings.Contains(built, name) && len(name) > len(best) {
				best = name
			}
		}
	}
	if best == "" {
		return built
	}
	return best
}

// renamed gives the identities of an object whose name a patch changed: what it is called now, without what the stages
// have added since.
func (l *resourceLocator) renamed(ids []resid.ResId) []resid.ResId {
	out := slices.Clone(ids)
	id := idOf(l.built.Value)
	for i, k := range l.stages {
		out = append(out, id)
		ids[len(ids)-1-i] = id
		id.Name = strings.TrimSuffix(strings.TrimPrefix(id.Name, wordOf(k.value["namePrefix"])), wordOf(k.value["nameSuffix"]))
	}
	return append(out, id)
}

// moment is when a kustomization does something.
type moment struct {
	stage int  // index in the stages
	late  bool // after it has set names, namespaces, labels and annotations
}

// at is the moment of a kustomization.
func (l *resourceLocator) at(k *kustomization, late bool) moment {
	return moment{slices.Index(l.stages, k), late}
}

// idsAt lists what the object went by until a moment, its own file's first and that of the moment last.
func (l *resourceLocator) idsAt(m moment) []resid.ResId {
	if !l.faithful {
		return l.ids
	}
	n := len(l.stages) - m.stage
	if m.late {
		n++
	}
	return l.ids[:max(1, min(n, len(l.ids)))]
}

func selectorOf(m map[string]any) *types.Selector {
	return &types.Selector{
		ResId: resid.NewResIdWithNamespace(
			resid.Gvk{Group: wordOf(m["group"]), Version: wordOf(m["version"]), Kind: wordOf(m["kind"])},
			wordOf(m["name"]), wordOf(m["namespace"])),
		LabelSelector: wordOf(m["labelSelector"]), AnnotationSelector: wordOf(m["annotationSelector"]),
	}
}

// targeted reports whether the target of a patch is the object: any of its first and its present name and namespace are
// as it says.
func (l *resourceLocator) targeted(target map[string]any, m moment) bool {
	s := selectorOf(target)
	expressions, err := types.NewSelectorRegex(s)
	if err != nil {
		return false
	}
	ids := l.idsAt(m)
	if l.faithful {
		ids = []resid.ResId{ids[0], ids[len(ids)-1]}
	}
	return slices.ContainsFunc(ids, func(id resid.ResId) bool { return expressions.MatchNamespace(id.EffectiveNamespace()) }) &&
		slices.ContainsFunc(ids, func(id resid.ResId) bool { return expressions.MatchName(id.Name) }) &&
		slices.ContainsFunc(ids, func(id resid.ResId) bool { return expressions.MatchGvk(id.Gvk) }) &&
		l.marked(s, m)
}

// replacedIn reports whether the target of a replacement is the object: one of all its names so far is selected, none is rejected.
func (l *resourceLocator) replacedIn(target map[string]any, m moment) bool {
	selected, _ := target["select"].(map[string]any)
	if selected == nil {
		return false
	}
	s := selectorOf(selected)
	if !l.anyID(s, m) || !l.marked(s, m) {
		return false
	}
	for _, reject := range items(target["reject"]) {
		r := selectorOf(reject)
		if !r.IsEmpty() && l.anyID(r, m) || (r.LabelSelector != "" || r.AnnotationSelector != "") && l.marked(r, m) {
			return false
		}
	}
	return true
}

func (l *resourceLocator) anyID(s *types.Selector, m moment) bool {
	expressions, err := types.NewSelectorRegex(s)
	return err == nil && slices.ContainsFunc(l.idsAt(m), func(id resid.ResId) bool {
		return expressions.MatchGvk(id.Gvk) && expressions.MatchName(id.Name) && expressions.MatchNamespace(id.Namespace)
	})
}

// marked reports whether the object's labels and annotations are those that a selector wants.
func (l *resourceLocator) marked(s *types.Selector, m moment) bool {
	if s.LabelSelector == "" && s.AnnotationSelector == "" {
		return true
	}
	node, err := yaml.FromMap(map[string]any{"metadata": map[string]any{
		"labels": l.pairsAt("labels", m), "annotations": l.pairsAt("annotations", m),
	}})
	if err != nil {
		return false
	}
	object := resource.Resource{RNode: *node}
	labelled, wrong := object.MatchesLabelSelector(s.LabelSelector)
	annotated, bad := object.MatchesAnnotationSelector(s.AnnotationSelector)
	return wrong == nil && bad == nil && labelled && annotated
}

// pairsAt are the object's labels or annotations at a moment: those that were built, without what was added since.
func (l *resourceLocator) pairsAt(which string, m moment) map[string]any {
	at := source.Path{"metadata", which}
	now, _ := at.Get(l.built.Value)
	built, _ := now.(map[string]any)
	before, _ := at.Get(l.home.value)
	own, _ := before.(map[string]any)
	out := maps.Clone(built)
	for i, k := range l.stages[:min(m.stage+1, len(l.stages))] {
		if i == m.stage && m.late {
			break
		}
		for key, value := range k.adds(which) {
			if _, there := out[key]; !there || !same(value, built[key]) {
				continue
			}
			delete(out, key)
			if was, there := own[key]; there {
				out[key] = was
			}
		}
	}
	return out
}

// adds are the labels or annotations that a kustomization gives all its objects.
func (k *kustomization) adds(which string) map[string]any {
	if which == "annotations" {
		pairs, _ := k.value["commonAnnotations"].(map[string]any)
		return pairs
	}
	out := map[string]any{}
	for _, item := range items(k.value["labels"]) {
		pairs, _ := item["pairs"].(map[string]any)
		maps.Copy(out, pairs)
	}
	pairs, _ := k.value["commonLabels"].(map[string]any)
	maps.Copy(out, pairs)
	return out
}
