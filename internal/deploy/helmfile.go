package deploy

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// helmfiles looks through the repository's Helmfiles: those of the usual names, and those that they name.
func (f *finder) helmfiles() {
	if f.repo.Read == nil {
		return
	}
	var open []string
	for _, name := range f.repo.Paths {
		if isHelmfile(name) {
			open = append(open, name)
		}
	}
	seen := map[string]bool{}
	for ; len(open) > 0; open = open[1:] {
		name := open[0]
		if !seen[name] && f.included(name) {
			seen[name] = true
			open = append(open, f.helmfile(name)...)
		}
	}
}

func isHelmfile(name string) bool {
	dir, base := path.Split(strings.TrimSuffix(name, ".gotmpl"))
	ext := path.Ext(base)
	if ext != ".yaml" && ext != ".yml" {
		return false
	}
	return strings.TrimSuffix(base, ext) == "helmfile" || strings.HasSuffix("/"+dir, "/helmfile.d/")
}

// helmfile reads one Helmfile and gives the others that it names.
func (f *finder) helmfile(name string) []string {
	docs, err := f.documents(name)
	if err != nil {
		f.unreadHelmfile(name)
		return nil
	}
	var more []string
	environments := map[string]bool{}
	for _, o := range docs {
		declared, _ := o.get(source.Path{"environments"}).(map[string]any)
		for env := range declared {
			environments[env] = true
		}
		for i, item := range o.list(source.Path{"helmfiles"}) {
			at := source.Path{"helmfiles", i}
			if _, ok := item.(map[string]any); ok {
				at = at.Append("path")
			}
			if full, ok := within(path.Dir(name), o.text(at)); ok && f.exists(full) {
				more = append(more, full)
			}
		}
	}
	known := slices.Sorted(maps.Keys(environments))
	for _, o := range docs {
		o.open = true
		for i := range o.list(source.Path{"releases"}) {
			f.helmfileReleases(o, i, known)
		}
	}
	return more
}

var chartLine = regexp.MustCompile(`(?m)^[ \t-]*chart:[ \t]*["']?([^\s"'#]+)`)

// unreadHelmfile tells of a Helmfile that is a template, if it names a chart of the repository.
func (f *finder) unreadHelmfile(name string) {
	data, err := f.repo.Read(name)
	if err != nil || len(data) > maxSmall {
		return
	}
	text := source.NewText(data)
	for _, m := range chartLine.FindAllSubmatchIndex(data, -1) {
		chart, ours := f.chartAt(path.Dir(name), string(data[m[2]:m[3]]))
		if ours {
			f.miss(chart.Root, source.Location{Path: name, Span: text.Span(m[2], m[3])},
				fmt.Sprintf("release of %s in %s", chart.Root, name),
				"the Helmfile is a template that does not parse as YAML; name values files to lint with in helm.values of the configuration")
			return
		}
	}
}

// helmfileReleases adds a release, one for each environment when its texts ask for the environment's name.
func (f *finder) helmfileReleases(o object, index int, environments []string) {
	at := source.Path{"releases", index}
	release, _ := o.get(at).(map[string]any)
	if installed, ok := release["installed"].(bool); ok && !installed {
		return
	}
	used := map[string][]string{}
	placeholders(release, used)
	written := used["Environment.Name"]
	if len(written) == 0 || len(environments) == 0 || !f.afford(len(environments), release) {
		f.helmfileRelease(o, at, "")
		return
	}
	for _, env := range environments {
		o.fill = nil
		for _, placeholder := range slices.Sorted(slices.Values(written)) {
			o.fill = append(o.fill, Filling{Placeholder: placeholder, Text: env})
		}
		f.helmfileRelease(o, at, env)
	}
}

// helmfileRelease adds one release. Helmfile hands Helm the values in order, then set, setString, and what is set from
// files.
func (f *finder) helmfileRelease(o object, at source.Path, env string) {
	file := o.doc.File.Path
	chart, ok := f.helmfileChart(o, at)
	if !ok || f.full(chart.Root, o.place(at), o.text(at.Append("name"))) {
		return
	}
	d := &draft{finder: f, object: o, root: chart.Root}
	name := o.text(at.Append("name"))
	d.Release = Release{Chart: chart.Root, Name: fmt.Sprintf("release %s in %s", name, file), At: o.place(at.Append("chart"))}
	if env != "" {
		d.Name = fmt.Sprintf("release %s for %s in %s", name, env, file)
	}
	if !placeholder.MatchString(name) {
		d.Release.Release = name
	}
	if namespace := o.text(at.Append("namespace")); !placeholder.MatchString(namespace) {
		d.Namespace = namespace
	}
	for _, from := range []source.Path{{}, at} {
		if version := o.text(from.Append("kubeVersion")); version != "" {
			d.kube(version, d.APIVersions)
		}
		if apis := o.texts(from.Append("apiVersions")); len(apis) > 0 {
			d.kube("", apis)
		}
	}
	handler := o.text(at.Append("missingFileHandler"))
	d.missing = handler == "Warn" || handler == "Info" || handler == "Debug"
	d.helmfileValues(at, path.Dir(file))
	d.helmfileSet(at, path.Dir(file))
	for _, key := range []string{"inherit", "valuesTemplate", "setTemplate"} {
		if o.get(at.Append(key)) != nil {
			d.leave(o.place(at.Append(key)), key, "lint does not fill Helmfile's templates in")
		}
	}
	f.add(d.Release)
}

func (f *finder) helmfileChart(o object, at source.Path) (Chart, bool) {
	name := o.text(at.Append("chart"))
	if name == "" || placeholder.MatchString(name) || strings.HasPrefix(name, "/") {
		return Chart{}, false
	}
	if chart, ok := f.chartAt(path.Dir(o.doc.File.Path), name); ok {
		return chart, true
	}
	if strings.HasPrefix(name, ".") {
		return Chart{}, false
	}
	return f.chartNamed(path.Base(name), o.text(at.Append("version")))
}

// helmfileValues adds the values and tells of the secrets.
func (d *draft) helmfileValues(at source.Path, dir string) {
	for i, item := range d.list(at.Append("values")) {
		here := at.Append("values", i)
		switch item.(type) {
		case map[string]any:
			d.own("values", here, Map)
		case string:
			name := d.text(here)
			if strings.HasSuffix(name, ".gotmpl") {
				d.leave(d.place(here), "values file "+name, "it is a template of Helmfile")
				continue
			}
			d.file(d.place(here), dir, name)
		}
	}
	for i := range d.list(at.Append("secrets")) {
		here := at.Append("secrets", i)
		d.leave(d.place(here), "secrets "+d.text(here), "they are encrypted")
	}
}

// helmfileSet adds the single values.
func (d *draft) helmfileSet(at source.Path, dir string) {
	for _, key := range []string{"set", "setString"} {
		if len(d.list(at.Append(key))) > 0 {
			before := len(d.Layers)
			d.own(key, at.Append(key), Parameters)
			for i := before; i < len(d.Layers); i++ {
				d.Layers[i].Literal = key == "setString"
			}
		}
	}
	for i := range d.list(at.Append("set")) {
		here := at.Append("set", i)
		name := d.text(here.Append("file"))
		if name == "" {
			continue
		}
		files, why := d.resolve(dir, name)
		if len(files) != 1 {
			d.leave(d.place(here), "file "+name, why)
			continue
		}
		d.Layers = append(d.Layers, Layer{File: files[0], Form: Contents, Key: d.text(here.Append("name"))})
	}
}
