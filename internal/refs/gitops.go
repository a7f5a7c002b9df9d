package refs

import (
	"fmt"
	"path"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// gitOps finds what controllers in a cluster fetch for themselves because an object tells them to: Argo CD, Flux, Tekton's
// resolvers, K3s' charts, and the chart generator of kustomize. Field names and defaults are those of their API references:
// https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml, https://fluxcd.io/flux/components/,
// https://tekton.dev/docs/pipelines/resolution/, https://docs.k3s.io/add-ons/helm.
func (c *collector) gitOps(doc *source.Document) {
	root := node{value: doc.Value}
	spec := root.key("spec")
	group, _, _ := strings.Cut(doc.Object.APIVersion, "/")
	switch group + " " + doc.Object.Kind {
	case "argoproj.io Application":
		c.argoSources(spec)
	case "argoproj.io ApplicationSet":
		c.argoSources(spec.key("template").key("spec"))
		c.argoGenerators(spec.key("generators"), 0)
	case "source.toolkit.fluxcd.io GitRepository":
		c.fluxGit(spec)
	case "source.toolkit.fluxcd.io OCIRepository":
		c.fluxOCI(spec)
	case "helm.toolkit.fluxcd.io HelmRelease":
		c.fluxChart(spec.key("chart").key("spec"))
	case "source.toolkit.fluxcd.io HelmChart":
		c.fluxChart(spec)
	case "helm.cattle.io HelmChart":
		c.k3sChart(spec)
	case "builtin HelmChartInflationGenerator":
		c.chartRef(root.key("name"), root.key("version"), root.key("repo"), "Helm chart")
	}
	c.function(root)
	if group == "tekton.dev" {
		c.resolvers(root, 0)
	}
}

// argoSources reads the sources of an Application; where there is a list, the single one does not count.
func (c *collector) argoSources(spec node) {
	sources := spec.key("sources").items()
	if len(sources) == 0 {
		sources = []node{spec.key("source"), spec.key("sourceHydrator").key("drySource")}
	}
	values := map[string]string{} // of a source that others take values files from: one of these
	for _, s := range sources {
		for _, file := range s.key("helm").key("valueFiles").items() {
			if name, rest, ok := strings.Cut(strings.TrimPrefix(file.text(), "$"), "/"); ok && strings.HasPrefix(file.text(), "$") {
				values[name] = rest
			} else if IsRemote(file.text()) {
				c.add(ParseRemote(file.text()), "values file", file.path)
			}
		}
	}
	for _, s := range sources {
		folder := s.key("path").text()
		if folder == "" {
			folder = values[s.key("ref").text()]
		}
		c.argoSource(s, s.key("targetRevision"), folder, "source")
	}
}

// argoSource reads one source: a chart, an OCI artifact or a Git repository.
func (c *collector) argoSource(s, revision node, folder, context string) {
	repo, chart := s.key("repoURL"), s.key("chart")
	switch {
	case chart.text() != "":
		c.release(chart, revision, repo.text(), "Argo CD")
	case strings.HasPrefix(repo.text(), "oci://"):
		c.artifact(repo, revision, false, "Argo CD "+context)
	case repo.text() != "":
		c.gitSource(repo, revision, folder, "Argo CD "+context)
	}
}

// maxGenerators is how deep matrix and merge generators nest at most; Argo CD allows two.
const maxGenerators = 4

func (c *collector) argoGenerators(list node, depth int) {
	for _, g := range list.items() {
		git := g.key("git")
		folder := ""
		for _, key := range []string{"directories", "files"} {
			for _, item := range git.key(key).items() {
				folder = literalFolder(item.key("path").text())
			}
		}
		c.argoSource(git, git.key("revision"), folder, "generator")
		for _, key := range []string{"matrix", "merge"} {
			if depth < maxGenerators {
				c.argoGenerators(g.key(key).key("generators"), depth+1)
			}
		}
	}
}

// literalFolder is the folder of a pattern up to its first wildcard.
func literalFolder(pattern string) string {
	if i := strings.IndexAny(pattern, "*?[{"); i >= 0 {
		pattern = path.Dir(pattern[:i] + "x")
	}
	return pattern
}

// fluxGit reads a GitRepository. Of several parts of its ref the first in this order counts.
func (c *collector) fluxGit(spec node) {
	ref := spec.key("ref")
	for _, key := range []string{"commit", "name", "semver", "tag", "branch"} {
		if part := ref.key(key); part.text() != "" {
			r, at := gitSource(spec.key("url"), part)
			switch {
			case key == "semver" && r.Pin != PinUnknown:
				r.Digest = ""
				r.pin(RangePin(r.Version))
			case key == "branch" && r.Pin != PinUnknown:
				r.Digest = ""
				r.pin(PinBranch, r.Version+" is a branch")
			}
			c.add(r, "Flux GitRepository", at)
			return
		}
	}
	c.gitSource(spec.key("url"), node{}, "", "Flux GitRepository")
}

func (c *collector) fluxOCI(spec node) {
	ref := spec.key("ref")
	for _, key := range []string{"digest", "semver", "tag"} {
		if part := ref.key(key); part.text() != "" {
			c.artifact(spec.key("url"), part, key == "semver", "Flux OCIRepository")
			return
		}
	}
	c.artifact(spec.key("url"), node{}, false, "Flux OCIRepository")
}

// fluxChart reads the chart of a HelmRelease or HelmChart. Only a repository of charts has versions of it; of a chart in a
// Git repository or bucket that source is judged.
func (c *collector) fluxChart(spec node) {
	if kind := spec.key("sourceRef").key("kind").text(); kind == "HelmRepository" {
		c.release(spec.key("chart"), spec.key("version"), "", "Flux")
	}
}

func (c *collector) k3sChart(spec node) {
	chart, repo := spec.key("chart"), spec.key("repo").text()
	if name := chart.text(); repo == "" && strings.HasPrefix(name, "https://") { // an archive
		r := ParseRemote(name)
		r.Kind = Chart
		c.add(r, "release", chart.path)
		return
	}
	c.release(chart, spec.key("version"), repo, "K3s")
}

// release reads a chart that a controller, or Terraform, installs.
func (c *collector) release(chart, version node, repository, who string) {
	if chart.text() == "" {
		return
	}
	r := Ref{Kind: Chart, Raw: chart.text(), Name: chart.text(), Registry: repository}
	at := chart.path
	if version.value != nil && version.value != "" {
		r.Version, at = fmt.Sprint(version.value), version.path
	}
	variable := variableUse.FindString(r.Version)
	digest := r.Version[strings.LastIndexByte(r.Version, '@')+1:]
	switch {
	case imageDigest.MatchString(digest):
		r.Digest = digest
		r.pin(PinDigest, "")
	case variable != "":
		r.pin(PinUnknown, "its version comes from "+variable)
	default:
		r.pin(RangePin(r.Version))
	}
	c.add(r, who+" release", at)
}

// artifact reads an OCI artifact that holds manifests: at a digest, a tag or a range of tags.
func (c *collector) artifact(url, revision node, isRange bool, context string) {
	if url.text() == "" {
		return
	}
	r := Ref{Kind: Source, Raw: url.text(), Name: strings.TrimPrefix(url.text(), "oci://"), Version: revision.text()}
	at := url.path
	if r.Version != "" {
		at = revision.path
	}
	variable := variableUse.FindString(r.Raw + r.Version)
	switch {
	case imageDigest.MatchString(r.Version):
		r.Digest = r.Version
		r.pin(PinDigest, "")
	case variable != "":
		r.pin(PinUnknown, "its value comes from "+variable)
	case isRange || strings.ContainsAny(r.Version, "*^~<>|, "):
		r.pin(RangePin(r.Version))
	default:
		pin := TagPin(r.Version)
		r.pin(pin, tagNote(r.Version, pin))
	}
	c.add(r, context, at)
}

func (c *collector) gitSource(url, revision node, folder, context string) {
	if url.text() == "" {
		return
	}
	r, at := gitSource(url, revision)
	r.Folder = strings.Trim(path.Clean("/"+folder), "/")
	if variableUse.MatchString(r.Folder) {
		r.Folder = ""
	}
	c.add(r, context, at)
}

// gitSource judges the revision of a Git repository; the place is the revision's, or the URL's where there is none.
func gitSource(url, revision node) (Ref, source.Path) {
	r := Ref{Kind: Source, Raw: url.text()}
	host, name, _ := splitURL(r.Raw)
	r.Name = path.Join(host, strings.TrimSuffix(strings.Trim(name, "/"), ".git"))
	at := url.path
	if revision.value != nil && revision.value != "" {
		r.Version, at = fmt.Sprint(revision.value), revision.path
	}
	variable := variableUse.FindString(r.Version)
	switch {
	case variable != "":
		r.pin(PinUnknown, "its revision comes from "+variable)
	case r.Version == "HEAD":
		r.pin(PinNone, "HEAD is the default branch")
	case strings.ContainsAny(r.Version, "*^~<>|, "):
		r.pin(PinFloating, r.Version+" admits every tag in its range")
	default:
		r.pin(GitRefPin(r.Version))
	}
	if r.Pin == PinDigest {
		r.Digest = strings.ToLower(r.Version)
	}
	return r, at
}

// maxResolvers is how deep a reference of Tekton stands in an object at most: pipelines hold tasks, which hold steps.
const maxResolvers = 16

// resolvers finds Tekton's references to tasks, pipelines and steps kept elsewhere. Bundles are images.
func (c *collector) resolvers(n node, depth int) {
	if depth > maxResolvers {
		return
	}
	if n.key("resolver").text() != "" {
		c.resolver(n)
	}
	for _, child := range n.keys() {
		c.resolvers(child, depth+1)
	}
	for _, child := range n.items() {
		c.resolvers(child, depth+1)
	}
}

func (c *collector) resolver(n node) {
	params := map[string]node{}
	for _, p := range n.key("params").items() {
		params[p.key("name").text()] = p.key("value")
	}
	switch n.key("resolver").text() {
	case "git":
		c.gitResolver(params)
	case "http":
		if url := params["url"]; IsRemote(url.text()) && params["digest"].text() == "" {
			r := ParseRemote(url.text())
			r.Kind = Source
			c.add(r, "Tekton http resolver", url.path)
		}
	}
}

// gitResolver reads the parameters of the git resolver: a URL to clone, or an organisation and a repository of a host whose
// API is asked.
func (c *collector) gitResolver(params map[string]node) {
	const context = "Tekton git resolver"
	if url := params["url"]; url.text() != "" {
		c.gitSource(url, params["revision"], params["pathInRepo"].text(), context)
	} else if repo := params["repo"]; repo.text() != "" {
		r, at := gitSource(repo, params["revision"])
		r.Name = path.Join(params["org"].text(), repo.text())
		c.add(r, context, at)
	}
}
