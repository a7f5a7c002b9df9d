package refs

import (
	"fmt"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// kustomization reads what a kustomization fetches, and the images that it sets.
func (c *collector) kustomization(doc any) {
	root := source.Node{Value: doc}
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
		for _, item := range root.Key(list.key).Items() {
			c.remote(item, list.context)
		}
	}
	for _, key := range []string{"patches", "patchesJson6902", "replacements"} {
		for _, item := range root.Key(key).Items() {
			c.remote(item.Key("path"), "patch")
		}
	}
	c.remote(root.Key("openapi").Key("path"), "OpenAPI schema")
	for _, chart := range root.Key("helmCharts").Items() {
		c.chartRef(chart.Key("name"), chart.Key("version"), chart.Key("repo"), "Helm chart")
	}
	for _, image := range root.Key("images").Items() {
		c.override(image)
	}
}

func (c *collector) remote(at source.Node, context string) {
	if IsRemote(at.Text()) {
		c.add(ParseRemote(at.Text()), context, at.Path)
	}
}

// override reads an entry of images, which replaces name, tag or digest of the images of a name. The place is the scalar
// that decides the version.
func (c *collector) override(image source.Node) {
	name, tag, digest := image.Key("name"), image.Key("newTag"), image.Key("digest")
	if n := image.Key("newName"); n.Text() != "" {
		name = n
	}
	switch {
	case name.Text() == "":
	case digest.Text() != "":
		text := name.Text()
		if tag.Value != nil && tag.Value != "" {
			text += ":" + fmt.Sprint(tag.Value)
		}
		c.add(ParseImage(text+"@"+digest.Text()), "image override", digest.Path)
	case tag.Value != nil && tag.Value != "":
		c.add(ParseImage(name.Text()+":"+fmt.Sprint(tag.Value)), "image override", tag.Path)
	case image.Key("newName").Text() != "":
		r := ParseImage(name.Text())
		r.pin(PinUnknown, "its tag is that of the resource it replaces")
		c.add(r, "image override", name.Path)
	}
}
