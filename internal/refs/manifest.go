package refs

import (
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
	kyverno := strings.Contains(doc.Object.APIVersion, "kyverno.io/")
	c.pods(node{value: doc.Value}, kyverno)
}

// pods walks a value. A Kyverno policy's patterns look like pods but are what pods are compared with.
func (c *collector) pods(n node, kyverno bool) {
	for _, item := range n.items() {
		c.pods(item, kyverno)
	}
	for _, field := range n.keys() {
		key, _ := field.path[len(field.path)-1].(string)
		if kyverno && (key == "pattern" || key == "anyPattern") {
			continue
		}
		if context, ok := containerLists[key]; ok {
			c.containers(field, context)
		}
		if key == "volumes" {
			for _, volume := range field.items() {
				if image := volume.key("image").key("reference"); image.text() != "" {
					c.add(ParseImage(image.text()), "image volume", image.path)
				}
			}
		}
		c.pods(field, kyverno)
	}
}

func (c *collector) containers(list node, context string) {
	for _, item := range list.items() {
		if image := item.key("image"); strings.TrimSpace(image.text()) != "" && item.key("name").text() != "" {
			c.add(ParseImage(image.text()), context, image.path)
		}
	}
}
