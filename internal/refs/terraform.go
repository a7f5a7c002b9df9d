package refs

import (
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

var registryModule = regexp.MustCompile(`^([a-z0-9.-]+\.[a-z]+/)?[A-Za-z0-9_-]+/[A-Za-z0-9_-]+/[a-z0-9_-]+(//.*)?$`)

// terraform reads the sources of modules.
func (c *collector) terraform(doc any) {
	for _, module := range (source.Node{Value: doc}).Key("module").Keys() {
		bodies := module.Items()
		if len(bodies) == 0 { // the JSON syntax may leave out the list
			bodies = []source.Node{module}
		}
		for _, body := range bodies {
			c.module(body)
		}
	}
	for _, kind := range (source.Node{Value: doc}).Key("resource").Keys() {
		c.resource(kind)
	}
}

// moduleRegistry is the host that a module of a registry names, or the public one.
func moduleRegistry(raw string) string {
	if host, _, _ := strings.Cut(raw, "/"); strings.Contains(host, ".") {
		return host
	}
	return "registry.terraform.io"
}

// getter is a prefix that says by which protocol a module is fetched: hg::, s3::, gcs::. Git's own is a URL's like any other.
var getter = regexp.MustCompile(`^([a-z0-9]+)::`)

// moduleRef reads the address of a module. One that is fetched as an archive may carry the checksum of what it must be.
// See https://developer.hashicorp.com/terraform/language/modules/sources.
func moduleRef(raw string) Ref {
	address := raw
	if m := getter.FindStringSubmatch(raw); m != nil && m[1] != "git" {
		address = strings.TrimPrefix(raw, m[0])
	}
	r := ParseRemote(address)
	r.Kind, r.Raw = Module, raw
	if _, _, query := splitURL(address); archiveSum.MatchString(query.Get("checksum")) && r.Served {
		r.Digest = query.Get("checksum")
		r.pin(PinDigest, "")
	}
	return r
}

var archiveSum = regexp.MustCompile(`^(sha256:)?[0-9a-f]{64}$|^(sha512:)?[0-9a-f]{128}$`)

// resource reads the releases of charts that Terraform deploys to a cluster. The Kubernetes objects of resources are documents of
// their own.
func (c *collector) resource(kind source.Node) {
	if name, _ := kind.Path[len(kind.Path)-1].(string); name != "helm_release" {
		return
	}
	for _, labelled := range kind.Keys() {
		bodies := labelled.Items()
		if len(bodies) == 0 {
			bodies = []source.Node{labelled}
		}
		for _, body := range bodies {
			c.helmRelease(body)
		}
	}
}

// helmRelease reads a release. A chart without a repository is a folder, or has its address as its name.
// See https://github.com/hashicorp/terraform-provider-helm/blob/main/docs/resources/release.md.
func (c *collector) helmRelease(body source.Node) {
	chart, repository := body.Key("chart"), body.Key("repository")
	if repository.Text() == "" && !strings.HasPrefix(chart.Text(), ociScheme) {
		return
	}
	c.release(chart, body.Key("version"), repository, "Terraform")
}

func (c *collector) module(body source.Node) {
	at, version := body.Key("source"), body.Key("version")
	raw := at.Text()
	if raw == "" {
		return
	}
	r := Ref{Kind: Module, Raw: raw, Name: raw}
	switch {
	case strings.HasPrefix(raw, "./"), strings.HasPrefix(raw, "../"):
		r.pin(PinLocal, "")
	case !IsRemote(raw) && registryModule.MatchString(raw):
		r.Version, r.Registry = version.Text(), moduleRegistry(raw)
		r.pin(RangePin(r.Version))
		if r.Version != "" {
			at = version
		}
	case variableUse.MatchString(raw) && !IsRemote(raw):
		r.pin(PinUnknown, "its value comes from "+variableUse.FindString(raw))
	default:
		r = moduleRef(raw)
	}
	c.add(r, "module", at.Path)
}
