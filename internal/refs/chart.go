package refs

import (
	"fmt"
	"strings"
)

// chart reads the dependencies of a Chart.yaml.
func (c *collector) chart(doc any) {
	for _, dep := range (node{value: doc}).key("dependencies").items() {
		c.chartRef(dep.key("name"), dep.key("version"), dep.key("repository"), "chart dependency")
	}
}

// chartRef reads a chart that is named by three scalars. The place is its version, or its name where it has none.
func (c *collector) chartRef(name, version, repository node, context string) {
	if name.text() == "" {
		return
	}
	repo := repository.text()
	r := Ref{Kind: Chart, Raw: name.text(), Name: name.text(), Registry: repo}
	if version.value != nil {
		r.Version = fmt.Sprint(version.value)
	}
	place := name
	if r.Version != "" {
		place = version
	}
	_, digest, _ := strings.Cut(repo+r.Version, "@")
	switch {
	case repo == "" || strings.HasPrefix(repo, "file://"):
		r.pin(PinLocal, "")
	case imageDigest.MatchString(digest):
		r.Digest = digest
		r.pin(PinDigest, "")
	case variableUse.MatchString(r.Version):
		r.pin(PinUnknown, "its version comes from "+variableUse.FindString(r.Version))
	default:
		pin, note := RangePin(r.Version)
		r.pin(pin, note)
	}
	c.add(r, context, place.path)
}
