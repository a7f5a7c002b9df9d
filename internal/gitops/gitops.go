// Package gitops knows what a repository says about its own part in a cluster: which of the sources that its objects name
// is the repository itself. A cluster that follows the branch of its own configuration is what GitOps means; one that
// follows the branch of somebody else's is not.
package gitops

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// maxFile bounds the files that are looked through for Kustomizations of Flux, in bytes.
const maxFile = 1 << 20

// Repository answers for one repository. It may be used at the same time.
type Repository struct {
	files *source.Repository
	flux  func() flux
}

// flux is what the repository's objects tell Flux of where things are.
type flux struct {
	folders map[string][]string // that are taken from a GitRepository, by its name
	charts  map[string]string   // the address of a HelmRepository by its name; "" where several of that name differ
}

// NewRepository looks at nothing yet; files may be nil.
func NewRepository(files *source.Repository) *Repository {
	r := &Repository{files: files}
	r.flux = sync.OnceValue(r.readFlux)
	return r
}

// Own marks the sources that are this repository itself. One is by its address, where that is known, and where the folder that is deployed from it is a folder
// here: an Application's path, that of a Flux Kustomization, or the chart of a HelmRelease, taken from a GitRepository. Of an
// ApplicationSet one such folder tells for its template and its generators.
func (r *Repository) Own(doc *source.Document, found []refs.Ref) {
	own := map[string]bool{} // by name
	if name := r.name(); name != "" {
		own[name] = true
	}
	for _, ref := range found {
		folders := []string{ref.Folder}
		if doc.Object.Kind == "GitRepository" {
			folders = r.flux().folders[doc.Object.Name]
		}
		if ref.Kind == refs.Source && slices.ContainsFunc(folders, r.holds) {
			own[strings.ToLower(ref.Name)] = true
		}
	}
	for i := range found {
		if ref := &found[i]; ref.Kind == refs.Source && !ref.Pinned && own[strings.ToLower(ref.Name)] {
			ref.Own()
		}
	}
}

// name is the repository's own, as that of a source is written, in lower case.
func (r *Repository) name() string {
	if r.files == nil || r.files.Address == "" {
		return ""
	}
	return strings.ToLower(refs.RepositoryName(r.files.Address))
}

// holds reports whether the repository has a file or folder. The root tells nothing.
func (r *Repository) holds(name string) bool {
	return name != "" && (r.files.Has(name) || r.files.HasFolder(name))
}

// toolkit is in the API groups of Flux: kustomize.toolkit.fluxcd.io, helm.toolkit.fluxcd.io.
const toolkit = ".toolkit.fluxcd.io"

// Serve gives the charts of a HelmRelease or HelmChart the address of the HelmRepository that they come from, where an object of
// this repository says it.
func (r *Repository) Serve(doc *source.Document, found []refs.Ref) {
	spec := source.Node{Value: doc.Value}.Key("spec")
	if doc.Object.Kind == "HelmRelease" {
		spec = spec.Key("chart").Key("spec")
	}
	name := spec.Key("sourceRef").Key("name").Text()
	for i := range found {
		if ref := &found[i]; ref.Kind == refs.Chart && ref.Registry == "" && name != "" {
			ref.Registry = r.flux().charts[name]
		}
	}
}

// readFlux looks through the repository's objects.
func (r *Repository) readFlux() flux {
	known := flux{folders: map[string][]string{}, charts: map[string]string{}}
	if r.files == nil {
		return known
	}
	for _, p := range r.files.Paths {
		if ext := path.Ext(p); ext != ".yaml" && ext != ".yml" {
			continue
		}
		text := r.files.Read(p)
		if len(text) > maxFile || !bytes.Contains(text, []byte(toolkit)) {
			continue
		}
		known.read(text)
	}
	return known
}

// read takes in the objects of a file up to the first document that is no YAML, which is told where it is linted.
func (f flux) read(text []byte) {
	for decoder := yaml.NewDecoder(bytes.NewReader(text)); ; {
		var n yaml.Node
		if err := decoder.Decode(&n); err != nil {
			return
		}
		var kustomization struct{ Spec deployment }
		var release struct {
			Spec struct {
				Chart struct{ Spec deployment }
			}
		}
		var charts repository
		if err := n.Decode(&kustomization); err == nil {
			f.deploys(kustomization.Spec)
		}
		if err := n.Decode(&release); err == nil {
			f.deploys(release.Spec.Chart.Spec)
		}
		if err := n.Decode(&charts); err == nil && charts.Kind == "HelmRepository" {
			f.serves(charts.Metadata.Name, charts.Spec.URL)
		}
	}
}

func (f flux) deploys(d deployment) {
	if d.SourceRef.Kind == "GitRepository" {
		folder := strings.Trim(path.Clean("/"+d.folder()), "/")
		f.folders[d.SourceRef.Name] = append(f.folders[d.SourceRef.Name], folder)
	}
}

func (f flux) serves(name, url string) {
	if other, known := f.charts[name]; known && other != url {
		url = ""
	}
	f.charts[name] = url
}

// repository is the part of a HelmRepository that says where it is.
type repository struct {
	Kind     string `yaml:"kind"`
	Metadata struct {
		Name string `yaml:"name"`
	} `yaml:"metadata"`
	Spec struct {
		URL string `yaml:"url"`
	} `yaml:"spec"`
}

// deployment is the part of a Kustomization's spec, or of a HelmRelease's chart, that says what is deployed.
type deployment struct {
	Path      string `yaml:"path"`
	Chart     string `yaml:"chart"`
	SourceRef struct {
		Kind string `yaml:"kind"`
		Name string `yaml:"name"`
	} `yaml:"sourceRef"`
}

func (d deployment) folder() string { return d.Path + d.Chart } // each kind has one of them
