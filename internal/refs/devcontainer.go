package refs

import "strings"

// devcontainer reads the image of a development container and the features that are installed in it. See
// https://containers.dev/implementors/json_reference/.
func (c *collector) devcontainer(doc any) {
	root := node{value: doc}
	if image := root.key("image"); image.text() != "" {
		c.add(ParseImage(image.text()), "development container", image.path)
	}
	for _, feature := range root.key("features").keys() {
		id, _ := feature.path[len(feature.path)-1].(string)
		if r, ok := parseFeature(id); ok {
			c.add(r, "feature", feature.path)
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
