package refs

import (
	"fmt"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// chart reads the dependencies of a Chart.yaml or a requirements.yaml, which list them alike.
func (c *collector) chart(doc any) {
	for _, dep := range (source.Node{Value: doc}).Key("dependencies").Items() {
		c.chartRef(dep.Key("name"), dep.Key("version"), dep.Key("repository"), "chart dependency")
	}
}

// chartRef reads a chart that is named by three scalars. The place is its version, or its name where it has none.
func (c *collector) chartRef(name, version, repository source.Node, context string) {
	if name.Text() == "" {
		return
	}
	repo := repository.Text()
	r := Ref{Kind: Chart, Raw: name.Text(), Name: name.Text(), Registry: repo, From: repository.Path}
	if version.Value != nil {
		r.Version = fmt.Sprint(version.Value)
	}
	place := name
	if r.Version != "" {
		place = version
	}
	_, digest, _ := strings.Cut(repo+r.Version, "@")
	switch {
	case repo == "" || strings.HasPrefix(repo, "file://") || strings.HasPrefix(repo, "./") || strings.HasPrefix(repo, "../"):
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
	c.add(r, context, place.Path)
}
