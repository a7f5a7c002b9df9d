package deploy

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// argoApp is an Application, or what an ApplicationSet makes one of.
type argoApp struct {
	spec  source.Path // in the object
	name  string      // of an ApplicationSet's application
	title string      // "Application/web in apps/web.yaml"
}

// application reads the charts of the repository that an Argo CD Application deploys.
func (f *finder) application(o object, app argoApp) {
	sources := []source.Path{app.spec.Append("source"), app.spec.Append("sourceHydrator", "drySource")}
	if list := o.list(app.spec.Append("sources")); len(list) > 0 { // then the others do not count
		sources = nil
		for i := range list {
			sources = append(sources, app.spec.Append("sources", i))
		}
	}
	refs := map[string]bool{}
	for _, at := range sources {
		if ref := o.text(at.Append("ref")); ref != "" {
			refs[ref] = true
		}
	}
	for _, at := range sources {
		f.argoSource(o, app, at, refs)
	}
}

// argoSource reads one source of an Application. Argo CD hands Helm the values files, then valuesObject or else values,
// then the parameters, then those that are files. With a valuesObject, be it empty, values is not read at all: so says
// ApplicationSourceHelm.ValuesYAML in argo-cd's pkg/apis/application/v1alpha1/values.go.
func (f *finder) argoSource(o object, app argoApp, at source.Path, refs map[string]bool) {
	chart, named := f.argoChart(o, app, at)
	if chart.Root == "" || f.full(chart.Root, o.place(named), app.title) {
		return
	}
	helm := at.Append("helm")
	d := &draft{finder: f, object: o, root: chart.Root, refs: refs}
	d.missing, _ = o.get(helm.Append("ignoreMissingValueFiles")).(bool)
	d.Release = Release{
		Chart: chart.Root, Name: app.title, At: o.place(named),
		Release:   cmp.Or(o.text(helm.Append("releaseName")), app.name, o.text(source.Path{"metadata", "name"})),
		Namespace: cmp.Or(o.text(helm.Append("namespace")), o.text(app.spec.Append("destination", "namespace"))),
	}
	d.kube(o.text(helm.Append("kubeVersion")), o.texts(helm.Append("apiVersions")))
	for i := range o.list(helm.Append("valueFiles")) {
		name := helm.Append("valueFiles", i)
		if file := o.text(name); file != "" {
			d.file(o.place(name), chart.Root, file)
		}
	}
	switch {
	case o.get(helm.Append("valuesObject")) != nil:
		d.own("valuesObject", helm.Append("valuesObject"), Map)
	case strings.TrimSpace(o.text(helm.Append("values"))) != "":
		d.own("values", helm.Append("values"), Text)
	}
	if !d.argoOverrides(app) && len(o.list(helm.Append("parameters"))) > 0 {
		d.own("parameters", helm.Append("parameters"), Parameters)
	}
	d.argoFiles(helm)
	if o.get(at.Append("plugin")) != nil {
		d.leave(o.place(at.Append("plugin")), "plugin", "it renders the chart in a way of its own")
	}
	f.add(d.Release)
}

// argoFiles adds the parameters whose values are files.
func (d *draft) argoFiles(helm source.Path) {
	for i := range d.list(helm.Append("fileParameters")) {
		at := helm.Append("fileParameters", i)
		key, name := d.text(at.Append("name")), d.text(at.Append("path"))
		files, why := d.resolve(d.root, name)
		if why != "" || len(files) != 1 {
			d.leave(d.place(at), "file parameter "+key, cmp.Or(why, "it is not in the repository"))
			continue
		}
		d.Layers = append(d.Layers, Layer{File: files[0], Form: Contents, Key: key})
	}
}

// argoOverrides reads the files by which Argo CD changes an Application's source from within the chart's folder, as its
// image updater writes them. It reports whether they have parameters, which take the place of the Application's own.
func (d *draft) argoOverrides(app argoApp) bool {
	overridden := false
	name := cmp.Or(app.name, d.text(source.Path{"metadata", "name"}))
	for _, name := range []string{".argocd-source.yaml", ".argocd-source-" + name + ".yaml"} {
		file, ok := within(d.root, name)
		if !ok || !d.exists(file) {
			continue
		}
		o, err := d.small(file)
		if err != nil {
			d.leave(source.FileStart(file), "override "+file, err.Error())
			continue
		}
		d.argoUnread(o, file)
		parameters := source.Path{"helm", "parameters"}
		if len(o.list(parameters)) == 0 {
			continue
		}
		if overridden { // the later one replaces the list
			d.Layers = d.Layers[:len(d.Layers)-1]
		}
		d.Layers = append(d.Layers, o.layer(parameters, Parameters))
		overridden = true
	}
	return overridden
}

// argoUnread tells of what an override changes beside the parameters.
func (d *draft) argoUnread(o object, file string) {
	helm, _ := o.get(source.Path{"helm"}).(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(helm)) {
		if key != "parameters" {
			d.leave(o.place(source.Path{"helm", key}), key+" in the override "+file, "lint reads no more than its parameters"+nameValues)
		}
	}
}

// argoChart is the chart of the repository that a source means, and the path where it says so.
func (f *finder) argoChart(o object, app argoApp, at source.Path) (Chart, source.Path) {
	if name := o.text(at.Append("chart")); name != "" {
		chart, _ := f.chartNamed(name, o.text(at.Append("targetRevision")))
		return chart, at.Append("chart")
	}
	value, ok := o.get(at.Append("path")).(string)
	if !ok {
		return Chart{}, nil
	}
	dir := o.text(at.Append("path"))
	if o.open && placeholder.MatchString(dir) {
		f.unknownChart(o, app, at.Append("path"), dir)
		return Chart{}, nil
	}
	chart, found := f.chartAt(".", dir)
	if !found && value == "" {
		chart = f.byRoot["."]
	}
	return chart, at.Append("path")
}

// unknownChart tells of a source whose path has placeholders, if it may well be a chart of the repository.
func (f *finder) unknownChart(o object, app argoApp, at source.Path, dir string) {
	if root := f.chartLike(dir); root != "" {
		f.miss(root, o.place(at), fmt.Sprintf("chart %s of %s", dir, app.title),
			"which charts it deploys is known only outside of the repository"+nameValues)
	}
}
