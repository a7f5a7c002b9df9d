package refs

import "fmt"

// kustomization reads what a kustomization fetches, and the images that it sets.
func (c *collector) kustomization(doc any) {
	root := node{value: doc}
	for _, list := range []struct{ key, context string }{
		{"bases", "base"},
		{"components", "component"},
		{"configurations", "configuration"},
		{"crds", "CRD"},
		{"generators", "generator"},
		{"patchesStrategicMerge", "patch"},
		{"resources", "resource"},
		{"transformers", "transformer"},
		{"validators", "validator"},
	} {
		for _, item := range root.key(list.key).items() {
			c.remote(item, list.context)
		}
	}
	for _, key := range []string{"patches", "patchesJson6902", "replacements"} {
		for _, item := range root.key(key).items() {
			c.remote(item.key("path"), "patch")
		}
	}
	c.remote(root.key("openapi").key("path"), "OpenAPI schema")
	for _, chart := range root.key("helmCharts").items() {
		c.chartRef(chart.key("name"), chart.key("version"), chart.key("repo"), "Helm chart")
	}
	for _, image := range root.key("images").items() {
		c.override(image)
	}
}

func (c *collector) remote(at node, context string) {
	if IsRemote(at.text()) {
		c.add(ParseRemote(at.text()), context, at.path)
	}
}

// override reads an entry of images, which replaces name, tag or digest of the images of a name. The place is the scalar
// that decides the version.
func (c *collector) override(image node) {
	name, tag, digest := image.key("name"), image.key("newTag"), image.key("digest")
	if n := image.key("newName"); n.text() != "" {
		name = n
	}
	switch {
	case name.text() == "":
	case digest.text() != "":
		text := name.text()
		if tag.value != nil && tag.value != "" {
			text += ":" + fmt.Sprint(tag.value)
		}
		c.add(ParseImage(text+"@"+digest.text()), "image override", digest.path)
	case tag.value != nil && tag.value != "":
		c.add(ParseImage(name.text()+":"+fmt.Sprint(tag.value)), "image override", tag.path)
	case image.key("newName").text() != "":
		r := ParseImage(name.text())
		r.pin(PinUnknown, "its tag is that of the resource it replaces")
		c.add(r, "image override", name.path)
	}
}
