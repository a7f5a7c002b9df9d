package refs

import (
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// containerLists are the keys of a pod's lists of containers, and what messages call their items.
var containerLists = map[string]string{
	"containers":          "container",
	"initContainers":      "init container",
	"ephemeralContainers": "ephemeral container",
}

// manifest finds the images of pods wherever a pod's spec stands in an object, of whatever kind.
func (c *collector) manifest(doc *source.Document) {
	if doc.Object.Kind == "CustomResourceDefinition" { // its schema describes images, it names none
		return
	}
	c.gitOps(doc)
	w := podWalker{collector: c, kyverno: strings.Contains(doc.Object.APIVersion, "kyverno.io/")}
	w.walk(doc.Value, nil)
}

// podWalker looks for pods in a value. Most of it holds none, so paths are copied for what is found only.
type podWalker struct {
	*collector
	kyverno bool // the object is a policy, whose patterns look like pods but are what pods are compared with
}

func (w *podWalker) walk(value any, path source.Path) {
	switch v := value.(type) {
	case []any:
		for i, item := range v {
			w.walk(item, append(path, i))
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			w.field(key, v[key], path)
		}
	}
}

func (w *podWalker) field(key string, value any, path source.Path) {
	if w.kyverno && (key == "pattern" || key == "anyPattern") {
		return
	}
	if context, ok := containerLists[key]; ok {
		w.containers(node{value, path.Append(key)}, context)
	}
	if key == "volumes" {
		for _, volume := range (node{value, path.Append(key)}).items() {
			if image := volume.key("image").key("reference"); image.text() != "" {
				w.add(ParseImage(image.text()), "image volume", image.path)
			}
		}
	}
	w.walk(value, append(path, key))
}

func (c *collector) containers(list node, context string) {
	for _, item := range list.items() {
		if image := item.key("image"); strings.TrimSpace(image.text()) != "" && item.key("name").text() != "" {
			c.add(ParseImage(image.text()), context, image.path)
		}
	}
}
