package refs

import (
	"regexp"
	"strings"
)

var registryModule = regexp.MustCompile(`^([a-z0-9.-]+\.[a-z]+/)?[A-Za-z0-9_-]+/[A-Za-z0-9_-]+/[a-z0-9_-]+(//.*)?$`)

// terraform reads the sources of modules.
func (c *collector) terraform(doc any) {
	for _, module := range (node{value: doc}).key("module").keys() {
		bodies := module.items()
		if len(bodies) == 0 { // the JSON syntax may leave out the list
			bodies = []node{module}
		}
		for _, body := range bodies {
			c.module(body)
		}
	}
}

func (c *collector) module(body node) {
	at, version := body.key("source"), body.key("version")
	raw := at.text()
	if raw == "" {
		return
	}
	r := Ref{Kind: Module, Raw: raw, Name: raw}
	switch {
	case strings.HasPrefix(raw, "./"), strings.HasPrefix(raw, "../"):
		r.pin(PinLocal, "")
	case !IsRemote(raw) && registryModule.MatchString(raw):
		r.Version = version.text()
		r.pin(RangePin(r.Version))
		if r.Version != "" {
			at = version
		}
	case variableUse.MatchString(raw) && !IsRemote(raw):
		r.pin(PinUnknown, "its value comes from "+variableUse.FindString(raw))
	default:
		r = ParseRemote(raw)
		r.Kind, r.Raw = Module, raw
	}
	c.add(r, "module", at.path)
}
