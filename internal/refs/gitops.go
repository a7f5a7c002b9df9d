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
	root := source.Node{Value: doc.Value}
	spec := root.Key("spec")
	group, _, _ := strings.Cut(doc.Object.APIVersion, "/")
	switch group + " " + doc.Object.Kind {
	case "argoproj.io Application":
		c.argoSources(spec)
	case "argoproj.io ApplicationSet":
		c.argoSources(spec.Key("template").Key("spec"))
		c.argoGenerators(spec.Key("generators"), 0)
	case "source.toolkit.fluxcd.io GitRepository":
		c.fluxGit(spec)
	case "source.toolkit.fluxcd.io OCIRepository":
		c.fluxOCI(spec)
	case "helm.toolkit.fluxcd.io HelmRelease":
		c.fluxChart(spec.Key("chart").Key("spec"))
	case "source.toolkit.fluxcd.io HelmChart":
		c.fluxChart(spec)
	case "helm.cattle.io HelmChart":
		c.k3sChart(spec)
	case "builtin HelmChartInflationGenerator":
		c.chartRef(root.Key("name"), root.Key("version"), root.Key("repo"), "Helm chart")
	}
	c.function(root)
	if group == "tekton.dev" || strings.HasSuffix(group, ".tekton.dev") { // a trigger's templates hold runs
		c.resolvers(root, 0)
	}
}

// argoSources reads the sources of an Application; where there is a list, the single one does not count.
func (c *collector) argoSources(spec source.Node) {
	sources := spec.Key("sources").Items()
	if len(sources) == 0 {
		sources = []source.Node{spec.Key("source"), spec.Key("sourceHydrator").Key("drySource")}
	}
	values := map[string]string{} // of a source that others take values files from: one of these
	for _, s := range sources {
		for _, file := range s.Key("helm").Key("valueFiles").Items() {
			if name, rest, ok := strings.Cut(strings.TrimPrefix(file.Text(), "$"), "/"); ok && strings.HasPrefix(file.Text(), "$") {
				values[name] = rest
			} else if IsRemote(file.Text()) {
				c.add(ParseRemote(file.Text()), "values file", file.Path)
			}
		}
	}
	for _, s := range sources {
		folder := s.Key("path").Text()
		if folder == "" {
			folder = values[s.Key("ref").Text()]
		}
		c.argoSource(s, s.Key("targetRevision"), folder, "source")
	}
}

// argoSource reads one source: a chart, an OCI artifact or a Git repository.
func (c *collector) argoSource(s, revision source.Node, folder, context string) {
	repo, chart := s.Key("repoURL"), s.Key("chart")
	switch {
	case chart.Text() != "":
		c.release(chart, revision, repo, "Argo CD")
	case strings.HasPrefix(repo.Text(), ociScheme):
		c.artifact(repo, revision, false, "Argo CD "+context)
	case repo.Text() != "":
		c.gitSource(repo, revision, folder, "Argo CD "+context)
	}
}

// maxGenerators is how deep matrix and merge generators nest at most; Argo CD allows two.
const maxGenerators = 4

func (c *collector) argoGenerators(list source.Node, depth int) {
	for _, g := range list.Items() {
		git := g.Key("git")
		folder := ""
		for _, key := range []string{"directories", "files"} {
			for _, item := range git.Key(key).Items() {
				folder = literalFolder(item.Key("path").Text())
			}
		}
		c.argoSource(git, git.Key("revision"), folder, "generator")
		for _, key := range []string{"matrix", "merge"} {
			if depth < maxGenerators {
				c.argoGenerators(g.Key(key).Key("generators"), depth+1)
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
func (c *collector) fluxGit(spec source.Node) {
	ref := spec.Key("ref")
	for _, key := range []string{"commit", "name", "semver", "tag", "branch"} {
		if part := ref.Key(key); part.Text() != "" {
			r, at := gitSource(spec.Key("url"), part)
			switch {
			case key == "semver" && r.Pin != PinUnknown:
				r.Digest = ""
				r.pin(rangeOfTags(r.Version))
			case key == "branch" && r.Pin != PinUnknown:
				r.Digest = ""
				r.pin(PinBranch, r.Version+" is a branch")
			}
			c.add(r, "Flux GitRepository", at)
			return
		}
	}
	c.gitSource(spec.Key("url"), source.Node{}, "", "Flux GitRepository")
}

// rangeOfTags judges a range: even the one that admits all takes a tag, and not what the default branch or latest holds.
func rangeOfTags(text string) (Pin, string) {
	pin, note := RangePin(text)
	if pin == PinNone {
		return PinFloating, note
	}
	return pin, note
}

func (c *collector) fluxOCI(spec source.Node) {
	ref := spec.Key("ref")
	for _, key := range []string{"digest", "semver", "tag"} {
		if part := ref.Key(key); part.Text() != "" {
			c.artifact(spec.Key("url"), part, key == "semver", "Flux OCIRepository")
			return
		}
	}
	c.artifact(spec.Key("url"), source.Node{}, false, "Flux OCIRepository")
}

// fluxChart reads the chart of a HelmRelease or HelmChart. Only a repository of charts has versions of it; of a chart in a
// Git repository or bucket that source is judged.
func (c *collector) fluxChart(spec source.Node) {
	if kind := spec.Key("sourceRef").Key("kind").Text(); kind == "HelmRepository" {
		c.release(spec.Key("chart"), spec.Key("version"), source.Node{}, "Flux")
	}
}

func (c *collector) k3sChart(spec source.Node) {
	chart, repo := spec.Key("chart"), spec.Key("repo")
	if name := chart.Text(); repo.Text() == "" && strings.HasPrefix(name, "https://") { // an archive
		r := ParseRemote(name)
		r.Kind = Chart
		c.add(r, "release", chart.Path)
		return
	}
	c.release(chart, spec.Key("version"), repo, "K3s")
}

// release reads a chart that a controller, or Terraform, installs. The address of one in a registry may say its version:
// oci://registry.example.com/charts/web:1.2.3@sha256:….
func (c *collector) release(chart, version, repository source.Node, who string) {
	if chart.Text() == "" {
		return
	}
	r := Ref{Kind: Chart, Raw: chart.Text(), Name: chart.Text(), Registry: repository.Text(), From: repository.Path}
	at, digest := chart.Path, ""
	if strings.HasPrefix(r.Raw, ociScheme) {
		r.Name, digest, _ = strings.Cut(r.Raw, "@")
		r.Name, r.Version = cutTag(r.Name)
		r.Registry, r.From = r.Name, nil
	}
	if version.Value != nil && version.Value != "" {
		r.Version, at = fmt.Sprint(version.Value), version.Path
	}
	if digest == "" {
		digest = r.Version[strings.LastIndexByte(r.Version, '@')+1:]
	}
	variable := variableUse.FindString(r.Version)
	switch {
	case imageDigest.MatchString(digest):
		r.Digest = digest
		r.pin(PinDigest, "")
	case variable != "":
		r.pin(PinUnknown, "its version comes from "+variable)
	case r.Version == "HEAD":
		r.pin(PinInvalid, "HEAD is neither a version of a chart nor a range, so it is not installed")
	default:
		r.pin(RangePin(r.Version))
	}
	c.add(r, who+" release", at)
}

// ociScheme is that of an address in a registry.
const ociScheme = "oci://"

// artifact reads an OCI artifact that holds manifests: at a digest, a tag or a range of tags.
func (c *collector) artifact(url, revision source.Node, isRange bool, context string) {
	if url.Text() == "" {
		return
	}
	r := Ref{Kind: Source, Raw: url.Text(), Name: strings.TrimPrefix(url.Text(), ociScheme), Version: revision.Text(), From: url.Path}
	at := url.Path
	if r.Version != "" {
		at = revision.Path
	}
	variable := variableUse.FindString(r.Raw + r.Version)
	switch {
	case imageDigest.MatchString(r.Version):
		r.Digest = r.Version
		r.pin(PinDigest, "")
	case variable != "":
		r.pin(PinUnknown, "its value comes from "+variable)
	case isRange || strings.ContainsAny(r.Version, "*^~<>|, "):
		r.pin(rangeOfTags(r.Version))
	default:
		pin := TagPin(r.Version)
		r.pin(pin, tagNote(r.Version, pin))
	}
	c.add(r, context, at)
}

func (c *collector) gitSource(url, revision source.Node, folder, context string) {
	if url.Text() == "" {
		return
	}
	r, at := gitSource(url, revision)
	if !strings.ContainsAny(r.Raw, "/:") && !r.Pinned {
		r.pin(PinUnknown, "its address is no address, and so is filled in elsewhere")
	}
	r.Folder = folderOf(folder)
	if !strings.ContainsAny(r.Raw, "/:") {
		r.pin(PinUnknown, "its address is that of no repository, so it is decided elsewhere")
	}
	c.add(r, context, at)
}

// folderOf is a folder of a repository as its other paths are written, "" where a variable decides it.
func folderOf(text string) string {
	if variableUse.MatchString(text) {
		return ""
	}
	return strings.Trim(path.Clean("/"+text), "/")
}

// RepositoryName is the host and path of a Git repository's address, whatever the form that it is written in.
func RepositoryName(address string) string {
	host, name, _ := splitURL(address)
	return path.Join(host, strings.TrimSuffix(strings.Trim(name, "/"), ".git"))
}

// gitSource judges the revision of a Git repository; the place is the revision's, or the URL's where there is none.
func gitSource(url, revision source.Node) (Ref, source.Path) {
	r := Ref{Kind: Source, Raw: url.Text(), From: url.Path}
	r.Name = RepositoryName(r.Raw)
	at := url.Path
	if revision.Value != nil && revision.Value != "" {
		r.Version, at = fmt.Sprint(revision.Value), revision.Path
	}
	variable := variableUse.FindString(r.Version)
	switch {
	case variable != "":
		r.pin(PinUnknown, "its revision comes from "+variable)
	case IsCommit(r.Version):
		r.pin(PinDigest, "")
	case variableUse.MatchString(r.Raw), placeholders.MatchString(r.Raw):
		r.pin(PinUnknown, "the address is decided elsewhere, and may be that of this repository")
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
