package refs

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// devcontainer reads the image of a development container and the features that are installed in it. See
// https://containers.dev/implementors/json_reference/.
func (c *collector) devcontainer(doc any) {
	root := source.Node{Value: doc}
	if image := root.Key("image"); image.Text() != "" {
		c.add(ParseImage(image.Text()), "development container", image.Path)
	}
	for _, feature := range root.Key("features").Keys() {
		id, _ := feature.Path[len(feature.Path)-1].(string)
		if r, ok := parseFeature(id); ok {
			c.add(r, "feature", feature.Path)
		}
	}
}

// parseFeature reads the identifier of a feature, an artifact in a registry. Those of this repository, and the short names
// of old that the tools replace, are none. A tag and a digest together are refused by the tools: see
// https://containers.dev/implementors/features/#referencing-a-feature.
func parseFeature(id string) (Ref, bool) {
	host, _, _ := strings.Cut(id, "/")
	switch {
	case isURL(id):
		r := Ref{Kind: Image, Raw: id, Name: id, Served: true}
		r.pin(PinUnknown, "what its URL serves is not checked")
		return r, true
	case !strings.Contains(id, "/") || !strings.Contains(host, ".") || host == "." || host == "..":
		return Ref{}, false
	}
	r := ParseImage(id)
	if r.Pin == PinDigest && r.Version != "" {
		r.pin(PinInvalid, "a feature has a version or a digest, not both")
	}
	return r, true
}
