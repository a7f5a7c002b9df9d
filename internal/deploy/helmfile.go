package deploy

import (
	"cmp"
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

// helmfile is one Helmfile being read: its documents and those of its bases, which Helmfile merges.
type helmfile struct {
	*finder
	dir          string // which its paths are relative to, those in its bases too
	docs         []object
	environments map[string]bool
	kubeVersion  string
	apiVersions  []string
	namespace    string
	others       []string // Helmfiles that it names
	absent       []Miss   // bases that are not in the repository
}

// helmfile reads one Helmfile and gives the others that it names.
func (f *finder) helmfile(name string) []string {
	docs, err := f.madeDocuments(name)
	if err != nil {
		return f.unreadHelmfile(name, path.Dir(name))
	}
	h := &helmfile{finder: f, dir: path.Dir(name), environments: map[string]bool{}}
	for _, o := range docs {
		h.bases(o)
		h.take(o)
	}
	before := len(f.releases)
	known := slices.Sorted(maps.Keys(h.environments))
	for _, o := range h.docs {
		o.open = true
		for i := range o.list(source.Path{"releases"}) {
			h.releases(o, i, known)
		}
	}
	if len(f.releases) > before { // else it deploys no chart of the repository
		for _, m := range h.absent {
			f.miss(f.releases[before].Chart, m.At, m.What, m.Message)
		}
	}
	return h.others
}

// bases takes in the files that a document is merged over.
func (h *helmfile) bases(o object) {
	for i := range o.list(source.Path{"bases"}) {
		at := source.Path{"bases", i}
		name := o.text(at)
		full, ok := within(h.dir, name)
		if !ok || !h.exists(full) {
			h.absent = append(h.absent, Miss{At: o.place(at), What: fmt.Sprintf("base %s of %s", name, o.doc.File.Path), Message: "it is not in the repository"})
			continue
		}
		docs, err := h.madeDocuments(full)
		if err != nil {
			h.unreadHelmfile(full, h.dir)
		}
		for _, base := range docs {
			h.take(base)
		}
	}
}

// take takes in one document; a later one wins.
func (h *helmfile) take(o object) {
	h.docs = append(h.docs, o)
	declared, _ := o.get(source.Path{"environments"}).(map[string]any)
	for env := range declared {
		h.environments[env] = true
	}
	h.kubeVersion = cmp.Or(o.text(source.Path{"kubeVersion"}), h.kubeVersion)
	h.namespace = cmp.Or(o.text(source.Path{"namespace"}), h.namespace)
	if apis := o.texts(source.Path{"apiVersions"}); len(apis) > 0 {
		h.apiVersions = apis
	}
	for i, item := range o.list(source.Path{"helmfiles"}) {
		at := source.Path{"helmfiles", i}
		if _, ok := item.(map[string]any); ok {
			at = at.Append("path")
		}
		full, ok := within(h.dir, o.text(at))
		switch {
		case !ok:
		case h.exists(full):
			h.others = append(h.others, full)
		default:
			matches, _ := h.glob(h.repo.Paths, full)
			h.others = append(h.others, matches...)
		}
	}
}

// What a Helmfile that cannot be read names.
var (
	chartLine = regexp.MustCompile(`(?m)^[ \t-]*chart:[ \t]*["']?([^\s"'#]+)`)
	pathLine  = regexp.MustCompile(`(?m)^[ \t-]*path:[ \t]*["']?([^\s"'#]+)`)
)

// unreadHelmfile tells of a Helmfile that does not parse, once for each chart of the repository that it names by its path
// from a folder. It gives the other Helmfiles that it names.
func (f *finder) unreadHelmfile(name, dir string) []string {
	data, err := f.read(name)
	if err != nil {
		return nil
	}
	text := source.NewText(data)
	told := map[string]bool{}
	for _, m := range chartLine.FindAllSubmatchIndex(data, -1) {
		full, ok := within(dir, string(data[m[2]:m[3]]))
		root := f.chartLike(full)
		if !ok || root == "" || told[root] {
			continue
		}
		told[root] = true
		f.miss(root, source.Location{Path: name, Span: text.Span(m[2], m[3])}, fmt.Sprintf("release of %s in %s", root, name),
			"the Helmfile is a template that does not parse as YAML"+nameValues)
	}
	var others []string
	for _, m := range pathLine.FindAllSubmatch(data, -1) {
		if full, ok := within(dir, string(m[1])); ok && f.exists(full) {
			others = append(others, full)
		}
	}
	return others
}

// releases adds a release, one for each environment when its texts ask for the environment's name.
func (h *helmfile) releases(o object, index int, environments []string) {
	at := source.Path{"releases", index}
	release, _ := o.get(at).(map[string]any)
	if installed, ok := release["installed"].(bool); ok && !installed {
		return
	}
	name := o.text(at.Append("name"))
	used := map[string][]string{}
	placeholders(release, used)
	if !placeholder.MatchString(name) {
		o.fill = filled(nil, used["Release.Name"], name)
	}
	written := used["Environment.Name"]
	if len(written) == 0 || len(environments) == 0 || !h.afford(len(environments), release) {
		h.release(o, at, "")
		return
	}
	known := o.fill
	for _, env := range environments {
		o.fill = filled(known, written, env)
		h.release(o, at, env)
	}
}

// filled adds a text for placeholders, be they written for Helmfile or, in an action that gives them as a text, for the
// release's own template.
func filled(fill []Filling, written []string, text string) []Filling {
	fill = slices.Clone(fill)
	for _, placeholder := range slices.Sorted(slices.Values(written)) {
		fill = append(fill, Filling{"{{`" + placeholder + "`}}", text}, Filling{placeholder, text})
	}
	return fill
}

// release adds one release. Helmfile hands Helm the values in order, then set, setString, and what is set from files.
func (h *helmfile) release(o object, at source.Path, env string) {
	file := o.doc.File.Path
	name := o.text(at.Append("name"))
	chart, ok := h.chart(o, at)
	if !ok || h.full(chart.Root, o.place(at), name) {
		return
	}
	decides, written := o.turns(at)
	if decides {
		h.miss(chart.Root, o.place(at), fmt.Sprintf("release %s in %s", name, file), "conditions of the template decide what it is"+nameValues)
		return
	}
	d := &draft{finder: h.finder, object: o, root: chart.Root}
	d.Release = Release{Chart: chart.Root, Name: fmt.Sprintf("release %s in %s", name, file), At: o.place(at.Append("chart"))}
	if env != "" {
		d.Name = fmt.Sprintf("release %s for %s in %s", name, env, file)
	}
	d.Release.Release = name // add drops what holds placeholders
	d.Namespace = cmp.Or(o.text(at.Append("namespace")), h.namespace)
	apis := o.texts(at.Append("apiVersions"))
	if len(apis) == 0 {
		apis = h.apiVersions
	}
	d.kube(cmp.Or(o.text(at.Append("kubeVersion")), h.kubeVersion), apis)
	handler := o.text(at.Append("missingFileHandler"))
	d.missing = handler == "Warn" || handler == "Info" || handler == "Debug"
	d.helmfileValues(at, h.dir)
	d.helmfileSet(at, h.dir)
	d.helmfileRest(at)
	if written {
		d.leave(d.place(at), "a part", "the template writes it"+nameValues)
	}
	h.add(d.Release)
}

// helmfileRest tells of what of a release lint does not follow.
func (d *draft) helmfileRest(at source.Path) {
	const filled = "lint does not fill Helmfile's templates in" + nameValues
	const changed = "it changes the chart, or what Helm renders, in a way that lint does not follow"
	rest := []struct{ key, why string }{
		{"inherit", filled},
		{"valuesTemplate", filled},
		{"setTemplate", filled},
		{"setStringTemplate", filled},
		{"dependencies", changed},
		{"jsonPatches", changed},
		{"strategicMergePatches", changed},
		{"transformers", changed},
		{"postRenderer", changed},
	}
	for _, r := range rest {
		if d.get(at.Append(r.key)) != nil {
			d.leave(d.place(at.Append(r.key)), r.key, r.why)
		}
	}
}

// chart is the chart of the repository that a release deploys.
func (h *helmfile) chart(o object, at source.Path) (Chart, bool) {
	name := o.text(at.Append("chart"))
	if name == "" || strings.HasPrefix(name, "/") {
		return Chart{}, false
	}
	if placeholder.MatchString(name) {
		if full, ok := within(h.dir, name); ok && strings.HasPrefix(name, ".") {
			h.unknownChart(o, argoApp{title: "release " + o.text(at.Append("name")) + " in " + o.doc.File.Path}, at.Append("chart"), full)
		}
		return Chart{}, false
	}
	if chart, ok := h.chartAt(h.dir, name); ok {
		return chart, true
	}
	if strings.HasPrefix(name, ".") {
		return Chart{}, false
	}
	return h.chartNamed(path.Base(name), o.text(at.Append("version")))
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
				d.leave(d.place(here), "values file "+name, "it is a template of Helmfile"+nameValues)
				continue
			}
			d.file(d.place(here), dir, name)
		}
	}
	for i := range d.list(at.Append("secrets")) {
		here := at.Append("secrets", i)
		d.leave(d.place(here), "secrets "+d.text(here), "they are encrypted"+nameValues)
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
