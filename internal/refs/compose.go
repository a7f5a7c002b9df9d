package refs

import (
	"strings"

	"github.com/compose-spec/compose-go/v2/template"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// compose reads the images of services. A service that is built names its own output; so does one that uses the image
// that another service of the file builds.
func (c *collector) compose(doc any) {
	services := source.Node{Value: doc}.Key("services").Keys()
	built := map[string]bool{}
	for _, s := range services {
		if s.Key("build").Value != nil {
			built[s.Key("image").Text()] = true
		}
	}
	for _, s := range services {
		if image := s.Key("image"); image.Text() != "" && !built[image.Text()] {
			r := composeImage(image.Text())
			if policy := s.Key("pull_policy"); policy.Text() != "" {
				r.Pull = &Pull{Policy: policy.Text(), Path: policy.Path}
			}
			c.add(r, "service", image.Path)
		}
		for _, volume := range s.Key("volumes").Items() {
			if image := volume.Key("source"); volume.Key("type").Text() == "image" && image.Text() != "" {
				c.add(composeImage(image.Text()), "image volume", image.Path)
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
