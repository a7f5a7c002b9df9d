package deploy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// fluxRelease is a HelmRelease of a chart of the repository, or a patch to one: the same object without a chart.
type fluxRelease struct {
	object
	chart Chart
}

// helmRelease keeps a HelmRelease for later, when all are known that may patch it.
func (f *finder) helmRelease(o object) {
	chart := f.fluxChart(o)
	spec := source.Path{"spec"}
	if chart.Root != "" || o.get(spec.Append("chart", "spec", "chart")) == nil && o.get(spec.Append("chartRef")) == nil {
		f.flux = append(f.flux, fluxRelease{o, chart})
	}
}

// fluxChart is the chart of the repository that a HelmRelease means: by its path in a Git repository, or by its name
// where charts are published.
func (f *finder) fluxChart(o object) Chart {
	spec := source.Path{"spec", "chart", "spec"}
	name := o.text(spec.Append("chart"))
	if name == "" {
		return Chart{}
	}
	if o.text(spec.Append("sourceRef", "kind")) == "HelmRepository" {
		chart, _ := f.chartNamed(name, o.text(spec.Append("version")))
		return chart
	}
	chart, _ := f.chartAt(".", name)
	return chart
}

// patchedReleases adds each HelmRelease, and each once more with every patch to it: Flux's own layout keeps a release in a
// base and its values for a cluster in an object of the same name, that a kustomization merges into it.
func (f *finder) patchedReleases() {
	patches := map[string][]object{}
	for _, r := range f.flux {
		if r.chart.Root == "" {
			patches[r.named()] = append(patches[r.named()], r.object)
		}
	}
	for _, r := range f.flux {
		if r.chart.Root == "" {
			continue
		}
		own := patches[r.named()]
		if len(own) == 0 {
			f.fluxRelease(r, nil)
		}
		for i := range own {
			f.fluxRelease(r, &own[i])
		}
	}
}

// fluxRelease adds a HelmRelease, or one for each place that makes the ConfigMaps that it takes its values from.
func (f *finder) fluxRelease(r fluxRelease, patch *object) {
	from := r.object
	if patch != nil && patch.get(source.Path{"spec", "valuesFrom"}) != nil {
		from = *patch
	}
	near := from.doc.File.Path
	if patch != nil {
		near = patch.doc.File.Path
	}
	if f.full(r.chart.Root, r.place(source.Path{"spec"}), r.named()) {
		return
	}
	sites := f.sites(from, near)
	for _, site := range sites {
		d := f.fluxDraft(r, patch)
		if len(sites) > 1 {
			d.Name += " with values of " + site
		}
		if site == "" {
			site = near
		}
		d.fluxLayers(r, patch, from, site)
		d.fluxRendered(r, patch)
		f.add(d.Release)
	}
}

func (f *finder) fluxDraft(r fluxRelease, patch *object) *draft {
	spec := source.Path{"spec"}
	d := &draft{finder: f, object: r.object, root: r.chart.Root}
	first := func(at source.Path) string {
		if patch != nil && patch.text(at) != "" {
			return patch.text(at)
		}
		return r.text(at)
	}
	target := first(spec.Append("targetNamespace"))
	own := first(source.Path{"metadata", "namespace"})
	name := first(source.Path{"metadata", "name"})
	release := first(spec.Append("releaseName"))
	if release == "" {
		release = strings.TrimPrefix(target+"-"+name, "-")
	}
	d.Release = Release{
		Chart: r.chart.Root, Name: r.named() + " in " + r.doc.File.Path, At: r.place(spec.Append("chart", "spec", "chart")),
		Release: release, Namespace: cmp.Or(target, own),
	}
	if patch != nil {
		d.Name += " with " + patch.doc.File.Path
	}
	return d
}

// fluxLayers adds a HelmRelease's values: its values files, which take the place of the chart's own, then valuesFrom in
// order, then values, and last what has a target path, which overrides all.
func (d *draft) fluxLayers(r fluxRelease, patch *object, from object, site string) {
	d.fluxFiles()
	var last []Layer
	for i := range from.valuesFrom() {
		at := source.Path{"spec", "valuesFrom", i}
		layer, ok := d.reference(from, at, site)
		switch {
		case !ok:
		case layer.Form == Parameter:
			last = append(last, layer)
		default:
			d.Layers = append(d.Layers, layer)
		}
	}
	values := source.Path{"spec", "values"}
	if m, _ := r.get(values).(map[string]any); len(m) > 0 {
		d.Layers = append(d.Layers, r.layer(values, Map))
	}
	if patch != nil {
		if m, _ := patch.get(values).(map[string]any); len(m) > 0 {
			d.Layers = append(d.Layers, patch.layer(values, Map))
		}
	}
	d.Layers = append(d.Layers, last...)
}

// fluxRendered tells of what changes the objects after Helm has rendered them.
func (d *draft) fluxRendered(r fluxRelease, patch *object) {
	at := source.Path{"spec", "postRenderers"}
	from := &r.object
	if patch != nil && len(patch.list(at)) > 0 {
		from = patch
	}
	if len(from.list(at)) > 0 {
		d.leave(from.place(at), "postRenderers", "lint does not apply what changes objects after Helm has rendered them")
	}
}

// fluxFiles adds the values files of the chart's source: relative to the chart, or to the Git repository's root.
func (d *draft) fluxFiles() {
	spec := source.Path{"spec", "chart", "spec"}
	dir := "."
	if d.text(spec.Append("sourceRef", "kind")) == "HelmRepository" {
		dir = d.root
	}
	d.missing, _ = d.get(spec.Append("ignoreMissingValuesFiles")).(bool)
	names := d.texts(spec.Append("valuesFiles"))
	if old := d.text(spec.Append("valuesFile")); old != "" && len(names) == 0 {
		names = []string{old}
	}
	for _, name := range names {
		d.file(d.place(spec), dir, name)
	}
	d.Bare = len(names) > 0
}

// valuesFrom are the entries of valuesFrom, up to one more than a release may have layers.
func (o object) valuesFrom() []any {
	list := o.list(source.Path{"spec", "valuesFrom"})
	return list[:min(len(list), maxLayers+1)]
}

// reference is the layer of one entry of valuesFrom. It is false for one that is not in the repository.
func (d *draft) reference(from object, at source.Path, site string) (Layer, bool) {
	kind, name := from.text(at.Append("kind")), from.text(at.Append("name"))
	key := cmp.Or(from.text(at.Append("valuesKey")), "values.yaml")
	optional, _ := from.get(at.Append("optional")).(bool)
	what := fmt.Sprintf("values from %s/%s", kind, name)
	if kind != "ConfigMap" {
		d.leave(from.place(at), what, "a "+kind+" is not in the repository in the clear"+nameValues)
		return Layer{}, false
	}
	found := d.configMap(name, site)
	if found == nil || found.keys[key].File == "" {
		if !optional {
			why := fmt.Sprintf("the repository has no ConfigMap %s with the key %s", name, key)
			if found != nil && found.unread[key] != "" {
				why = found.unread[key]
			}
			d.leave(from.place(at), what, why+nameValues)
		}
		return Layer{}, false
	}
	layer := found.keys[key]
	if target := from.text(at.Append("targetPath")); target != "" {
		layer.Form, layer.Key = Parameter, target
	}
	return layer, true
}

// sites are the files that make the ConfigMaps of a HelmRelease's values, when several do so: each its own deployment. They
// are one empty site when each ConfigMap is made once, or where the release itself stands.
func (f *finder) sites(o object, near string) []string {
	var sites []string
	for i := range o.valuesFrom() {
		at := source.Path{"spec", "valuesFrom", i}
		if o.text(at.Append("kind")) != "ConfigMap" {
			continue
		}
		all := f.configMaps()[o.text(at.Append("name"))]
		if len(all) < 2 || slices.ContainsFunc(all, func(c configMap) bool { return sameFolder(c.file, near) }) {
			continue
		}
		for _, c := range all {
			if !slices.Contains(sites, c.file) && len(sites) < maxLayers {
				sites = append(sites, c.file)
			}
		}
	}
	if len(sites) == 0 {
		return []string{""}
	}
	return sites
}
