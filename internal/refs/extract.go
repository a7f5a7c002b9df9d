package refs

import (
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Extract finds the references that a document makes. Their order is that of the document's lists and, among the keys of
// a map, alphabetical. The result is never nil.
func Extract(doc *source.Document) []Ref {
	c := collector{refs: []Ref{}}
	switch doc.Kind {
	case source.Workflow:
		c.workflow(doc.Value)
	case source.Action:
		c.action(doc.Value)
	case source.Dockerfile:
		c.dockerfile(doc.Value)
	case source.Compose:
		c.compose(doc.Value)
	case source.Manifest:
		c.manifest(doc)
	case source.Chart, source.Requirements:
		c.chart(doc.Value)
	case source.Kustomization:
		c.kustomization(doc.Value)
	case source.Terraform:
		c.terraform(doc.Value)
	case source.Values:
		for _, image := range ValuesImages(doc.Value) {
			c.refs = append(c.refs, image.Ref)
		}
	case source.Whole:
		c.whole(doc.Value)
	case source.GitLabCI:
		c.gitlab(doc.Value)
	case source.DevContainer:
		c.devcontainer(doc.Value)
	case source.PreCommit:
		c.preCommit(doc.Value)
	}
	return c.refs
}

// collector gathers references in order.
type collector struct{ refs []Ref }

// add records a reference that the scalar at the path makes.
func (c *collector) add(r Ref, context string, path source.Path) {
	r.Context, r.Path = context, path
	c.refs = append(c.refs, r)
}
