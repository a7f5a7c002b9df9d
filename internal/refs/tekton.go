package refs

import (
	"fmt"
	"path"
	"regexp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// maxResolvers is how deep a reference of Tekton stands in an object at most: pipelines hold tasks, which hold steps.
const maxResolvers = 16

// resolvers finds Tekton's references to tasks, pipelines and steps kept elsewhere. Bundles are images.
func (c *collector) resolvers(n source.Node, depth int) {
	if depth > maxResolvers {
		return
	}
	if n.Key("resolver").Text() != "" {
		c.resolver(n)
	}
	for _, child := range n.Keys() {
		c.resolvers(child, depth+1)
	}
	for _, child := range n.Items() {
		c.resolvers(child, depth+1)
	}
}

func (c *collector) resolver(n source.Node) {
	params := map[string]source.Node{}
	for _, p := range n.Key("params").Items() {
		params[p.Key("name").Text()] = p.Key("value")
	}
	switch n.Key("resolver").Text() {
	case "git":
		c.gitResolver(params)
	case "hub":
		c.hubResolver(params)
	case "http":
		if url := params["url"]; IsRemote(url.Text()) && params["digest"].Text() == "" {
			r := ParseRemote(url.Text())
			r.Kind = Source
			c.add(r, "Tekton http resolver", url.Path)
		}
	}
}

// gitResolver reads the parameters of the git resolver: a URL to clone, or an organisation and a repository of a host whose
// API is asked.
func (c *collector) gitResolver(params map[string]source.Node) {
	const context = "Tekton git resolver"
	if url := params["url"]; url.Text() != "" {
		c.gitSource(url, params["revision"], params["pathInRepo"].Text(), context)
	} else if repo := params["repo"]; repo.Text() != "" {
		r, at := gitSource(repo, params["revision"])
		r.Name = path.Join(params["org"].Text(), repo.Text())
		r.Registry, r.From = params["serverURL"].Text(), params["serverURL"].Path
		r.Folder = folderOf(params["pathInRepo"].Text())
		c.add(r, context, at)
	}
}

// hubVersion is a version in full; Tekton Hub counts with two numbers where Artifact Hub has three.
var hubVersion = regexp.MustCompile(`^v?\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?$`)

// hubResolver reads the parameters of the hub resolver: a name in a catalogue, and a version or a range of them. It refuses
// to run without a version.
func (c *collector) hubResolver(params map[string]source.Node) {
	name, version := params["name"], params["version"]
	if name.Text() == "" || version.Value == nil || version.Value == "" {
		return
	}
	r := Ref{
		Kind: Source, Raw: name.Text(), Name: path.Join(params["catalog"].Text(), name.Text()),
		Registry: params["url"].Text(), From: params["url"].Path, Version: fmt.Sprint(version.Value),
	}
	variable := variableUse.FindString(r.Version)
	switch {
	case variable != "":
		r.pin(PinUnknown, "its version comes from "+variable)
	case hubVersion.MatchString(r.Version):
		r.pin(PinExact, "a version can be published again")
	default:
		r.pin(PinFloating, r.Version+" admits every release in its range")
	}
	c.add(r, "Tekton hub resolver", version.Path)
}
