package causal

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"

	"github.com/plimsoll-dev/plimsoll/internal/render"
)

// Plain renders one unit with one variant as the library does it, of files that are edited in memory.
type Plain interface {
	// Render gives what was rendered, or the library's error.
	Render(edits ...Edit) (*Scene, error)
}

// Plain gives what renders a unit with one of its variants, leaving out what stands in crds/.
func (r *Repository) Plain(unit render.Unit, variant render.Variant) Plain {
	if unit.Renderer == render.Kustomize {
		return &plainKustomization{repo: r, root: unit.Root}
	}
	return &plainChart{repo: r, root: unit.Root, variant: variant}
}

// Whole is Plain with what stands in crds/, which is text and costs much to read.
func (r *Repository) Whole(unit render.Unit, variant render.Variant) Plain {
	plain := r.Plain(unit, variant)
	if chart, ok := plain.(*plainChart); ok {
		chart.crds = true
	}
	return plain
}

// Strict is Whole that refuses values which do not fit the charts' schemas.
func (r *Repository) Strict(unit render.Unit, variant render.Variant) Plain {
	plain := r.Whole(unit, variant)
	if chart, ok := plain.(*plainChart); ok {
		chart.strict = true
	}
	return plain
}

// FromDisk is Whole that knows no edits, and reads the charts' files each time, as Helm does.
func (r *Repository) FromDisk(unit render.Unit, variant render.Variant) Plain {
	plain := r.Whole(unit, variant)
	if chart, ok := plain.(*plainChart); ok {
		chart.disk = true
	}
	return plain
}

// plainChart renders a chart.
type plainChart struct {
	repo    *Repository
	root    string
	variant render.Variant
	crds    bool // take what stands in crds/ along
	disk    bool // read the files anew, without edits
	strict  bool // refuse values that do not fit the charts' schemas
}

// files are the chart's files as Helm loads them, read once.
func (r *Repository) chartFiles(root string) ([]*loader.BufferedFile, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if files, ok := r.loads[root]; ok {
		return files, nil
	}
	c, err := loader.LoadDir(filepath.Join(r.Root, filepath.FromSlash(root)))
	if err != nil {
		return nil, err
	}
	var files []*loader.BufferedFile
	for _, f := range c.Raw {
		files = append(files, &loader.BufferedFile{Name: f.Name, Data: f.Data})
	}
	r.loads[root] = files
	return files, nil
}

// load reads the chart in a directory, and joins the dependencies to it that stand elsewhere in the repository.
func (p *plainChart) load(root string, edits []Edit, depth int) (*chart.Chart, error) {
	c, err := p.alone(root, edits)
	if err != nil || depth > 5 {
		return c, err
	}
	for _, d := range c.Metadata.Dependencies {
		at, ok := p.elsewhere(c, d, root)
		if !ok {
			continue
		}
		sub, err := p.load(at, edits, depth+1)
		if err != nil {
			return nil, err
		}
		c.AddDependency(sub)
	}
	return c, nil
}

// alone reads the chart in a directory with what is in its charts/.
func (p *plainChart) alone(root string, edits []Edit) (*chart.Chart, error) {
	if p.disk {
		return loader.LoadDir(filepath.Join(p.repo.Root, filepath.FromSlash(root)))
	}
	files, err := p.repo.chartFiles(root)
	if err != nil {
		return nil, err
	}
	var own []*loader.BufferedFile
	for _, f := range files {
		if !p.crds && (strings.HasPrefix(f.Name, "crds/") || strings.Contains(f.Name, "/crds/") && strings.HasPrefix(f.Name, "charts/")) {
			continue
		}
		name := path.Join(root, f.Name)
		if slices.ContainsFunc(edits, func(e Edit) bool { return e.Path == name }) {
			f = &loader.BufferedFile{Name: f.Name, Data: bytes.TrimPrefix(p.repo.text(name, edits), []byte("\ufeff"))}
		}
		own = append(own, f)
	}
	return loader.LoadFiles(own)
}

// elsewhere is where in the repository a dependency stands that is not in charts/.
func (p *plainChart) elsewhere(c *chart.Chart, d *chart.Dependency, root string) (string, bool) {
	for _, sub := range c.Dependencies() {
		if sub.Name() == d.Name && chartutil.IsCompatibleRange(d.Version, sub.Metadata.Version) {
			return "", false
		}
	}
	if local, ok := strings.CutPrefix(d.Repository, "file://"); ok {
		at := path.Join(root, local)
		return at, slices.ContainsFunc(p.repo.charts, func(c chartAt) bool { return c.root == at })
	}
	for _, c := range p.repo.charts {
		if c.name == d.Name && c.root != root && chartutil.IsCompatibleRange(d.Version, c.version) {
			return c.root, true
		}
	}
	return "", false
}

// Render implements Plain.
func (p *plainChart) Render(edits ...Edit) (scene *Scene, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the Helm library gave up: %v", r)
		}
	}()
	c, err := p.load(p.root, edits, 0)
	if err != nil {
		return nil, err
	}
	values := map[string]any{}
	for _, layer := range p.variant.Layers {
		if values, err = layer.Apply(values, p.repo.text(layer.File, edits)); err != nil {
			return nil, err
		}
	}
	if err := chartutil.ProcessDependencies(c, values); err != nil {
		return nil, err
	}
	top, err := p.top(c, values)
	if err != nil {
		return nil, err
	}
	rendered, err := engine.Render(c, top)
	if err != nil {
		return nil, err
	}
	scene = newScene()
	for _, crd := range c.CRDObjects() {
		scene.add(crd.Filename, string(crd.File.Data))
	}
	for name, text := range rendered {
		if strings.TrimSpace(text) != "" && path.Base(name) != "NOTES.txt" {
			scene.add(name, text)
		}
	}
	return scene, nil
}

// top is what templates see at their top, for the release and cluster that lint takes.
func (p *plainChart) top(c *chart.Chart, values map[string]any) (chartutil.Values, error) {
	caps := chartutil.DefaultCapabilities.Copy()
	version, err := chartutil.ParseKubeVersion(cmp.Or(p.variant.KubeVersion, render.DefaultKubeVersion))
	if err != nil {
		return nil, err
	}
	caps.KubeVersion = *version
	caps.APIVersions = append(slices.Clip(caps.APIVersions), p.variant.APIVersions...)
	release := chartutil.ReleaseOptions{
		Name: cmp.Or(p.variant.Release, "release-name"), Namespace: cmp.Or(p.variant.Namespace, "default"), Revision: 1, IsInstall: true,
	}
	return chartutil.ToRenderValuesWithSchemaValidation(c, values, release, caps, !p.strict)
}
