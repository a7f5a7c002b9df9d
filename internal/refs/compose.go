package refs

import (
	"strings"

	"github.com/compose-spec/compose-go/v2/template"
)

// compose reads the images of services. A service that is built names its own output; so does one that uses the image
// that another service of the file builds.
func (c *collector) compose(doc any) {
	services := node{value: doc}.key("services").keys()
	built := map[string]bool{}
	for _, s := range services {
		if s.key("build").value != nil {
			built[s.key("image").text()] = true
		}
	}
	for _, s := range services {
		if image := s.key("image"); image.text() != "" && !built[image.text()] {
			r := composeImage(image.text())
			if policy := s.key("pull_policy"); policy.text() != "" {
				r.Pull = &Pull{Policy: policy.text(), Path: policy.path}
			}
			c.add(r, "service", image.path)
		}
		for _, volume := range s.key("volumes").items() {
			if image := volume.key("source"); volume.key("type").text() == "image" && image.text() != "" {
				c.add(composeImage(image.text()), "image volume", image.path)
			}
		}
	}
}

// composeImage reads an image whose variables have the defaults written beside them, as in ${TAG:-1.27}.
func composeImage(raw string) Ref {
	value := raw
	if strings.Contains(raw, "$") && hasDefaults(raw) {
		none := func(string) (string, bool) { return "", false }
		if v, err := template.SubstituteWithOptions(raw, none, template.WithoutLogging); err == nil && v != "" {
			value = v
		}
	}
	r := ParseImage(value)
	r.Raw = raw
	return r
}

// hasDefaults reports whether each variable of the text has a default.
func hasDefaults(text string) bool {
	for _, v := range template.ExtractVariables(map[string]any{"image": text}, template.DefaultPattern) {
		if v.DefaultValue == "" || strings.Contains(v.DefaultValue, "$") {
			return false
		}
	}
	return true
}
