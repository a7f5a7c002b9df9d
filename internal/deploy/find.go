package deploy

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Limits of what one repository declares. A large one deploys each of its charts a few dozen times.
const (
	maxReleases = 2_000
	maxLayers   = 100       // of one release
	maxElements = 500       // that the generators of one ApplicationSet give
	maxMatches  = 5_000_000 // paths that are held against patterns, all patterns together
	maxFilled   = 64 << 20  // bytes of texts whose placeholders are filled in, all copies together
	maxSmall    = 1 << 20   // bytes of a Helmfile or a generator's file
)

// Repository is what deployments are looked for in.
type Repository struct {
	Files []*source.File // as discovery gives them: manifests and kustomizations are among them, sorted by path
	Paths []string       // all files, sorted: values files are none that discovery reads
	// Read gives the text of one of Paths. Nil when only Files are at hand; then there are no Helmfiles, nor generators
	// that read files.
	Read func(path string) ([]byte, error)
	// Included reports whether a file may be read, whatever is asked for; nil means that every file may.
	Included func(path string) bool
}

// Chart is a chart of the repository that could be deployed by itself.
type Chart struct{ Root, Name, Version string }

// Find finds the deployments of a repository's charts that the repository itself declares: with Argo CD, Flux,
// Helmfile and Terraform. It looks at nothing but the repository. What of such a deployment is elsewhere is a Miss; deployments of
// other charts are none of its business. Both come in the order of the files that say them, and the deployments'
// names are unique.
func Find(repo Repository, charts []Chart) ([]Release, []Miss) {
	if len(charts) == 0 {
		return nil, nil
	}
	f := &finder{repo: repo, byRoot: map[string]Chart{}, byName: map[string][]Chart{}}
	for _, c := range charts {
		f.byRoot[c.Root] = c
		if c.Name != "" {
			f.byName[c.Name] = append(f.byName[c.Name], c)
		}
	}
	f.manifests()
	f.helmfiles()
	f.terraform()
	names := map[string]int{}
	for i := range f.releases {
		r := &f.releases[i]
		if names[r.Name]++; names[r.Name] > 1 {
			r.Name = fmt.Sprintf("%s (%d)", r.Name, names[r.Name])
		}
	}
	return f.releases, f.misses
}

// finder is one search under way.
type finder struct {
	repo      Repository
	byRoot    map[string]Chart
	byName    map[string][]Chart
	releases  []Release
	misses    []Miss
	told      bool                   // that there are too many releases
	matched   int                    // paths held against patterns
	filled    int                    // bytes of texts with placeholders
	elements  map[string]element     // of files that generators read, by path
	dirs      []string               // all folders, sorted; nil before they are asked for
	maps      map[string][]configMap // by name; nil before they are asked for
	flux      []fluxRelease
	variables map[string][]Filling // of Terraform, by folder, once they are asked for
}

// object is a Kubernetes object, or the one map of another file, and where it stands.
type object struct {
	doc   *source.Document
	index int         // of the document in its file, as Layer.Doc
	at    source.Path // of the object in the document
	fill  []Filling   // of the placeholders in its texts
	open  bool        // placeholders that are left are filled in elsewhere; otherwise braces are text
	made  *actions    // of a file that writes YAML; nil of one that is YAML
}

func (o object) get(at source.Path) any {
	value, _ := o.at.Append(at...).Get(o.doc.Value)
	return value
}

// text is the text at a path, placeholders filled in, or "".
func (o object) text(at source.Path) string {
	s, _ := o.get(at).(string)
	return Layer{Fill: o.fill}.fill(s)
}

func (o object) list(at source.Path) []any {
	list, _ := o.get(at).([]any)
	return list
}

// texts are the texts of a list.
func (o object) texts(at source.Path) []string {
	var out []string
	for i := range o.list(at) {
		if s := o.text(at.Append(i)); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (o object) place(at source.Path) source.Location {
	return o.doc.Locate(o.at.Append(at...), "").Location
}

// layer is a layer that stands in the object.
func (o object) layer(at source.Path, form Form) Layer {
	return Layer{File: o.doc.File.Path, Doc: o.index, At: o.at.Append(at...), Form: form, Fill: o.fill, Template: o.made != nil}
}

// named is "Kind/name" of the object.
func (o object) named() string {
	return o.text(source.Path{"kind"}) + "/" + cmp.Or(o.text(source.Path{"metadata", "name"}), o.text(source.Path{"metadata", "generateName"}))
}

// manifests looks through the Kubernetes objects of the repository.
func (f *finder) manifests() {
	for _, file := range f.repo.Files {
		if !deploys(file.Data) || !f.included(file.Path) {
			continue
		}
		if file.Kind == source.ChartFile {
			f.templated(file)
		}
		if file.Kind != source.Manifest {
			continue
		}
		for _, o := range objects(file) {
			group, _, _ := strings.Cut(o.text(source.Path{"apiVersion"}), "/")
			switch kind := o.text(source.Path{"kind"}); {
			case group == "argoproj.io" && kind == "Application":
				f.application(o, argoApp{spec: source.Path{"spec"}, title: o.named() + " in " + file.Path})
			case group == "argoproj.io" && kind == "ApplicationSet":
				f.applicationSet(o)
			case group == "helm.toolkit.fluxcd.io" && kind == "HelmRelease":
				f.helmRelease(o)
			}
		}
	}
	f.patchedReleases()
}

var deployKind = regexp.MustCompile(`\bkind["']?\s*:\s*["']?(?:Application|ApplicationSet|HelmRelease)\b`)

// deploys reports whether a text may hold an object that deploys charts; only then is it parsed.
func deploys(data []byte) bool {
	known := bytes.Contains(data, []byte("argoproj.io")) || bytes.Contains(data, []byte("helm.toolkit.fluxcd.io"))
	return known && deployKind.Match(data)
}

func (f *finder) included(name string) bool { return f.repo.Included == nil || f.repo.Included(name) }

// objects are the Kubernetes objects of a file. What does not parse, its own linting tells.
func objects(file *source.File) []object {
	docs, _ := parse.YAML(file, source.Manifest, source.YAML11)
	var out []object
	for i, doc := range docs {
		o := object{doc: doc, index: i}
		if o.text(source.Path{"kind"}) != "List" {
			out = append(out, o)
			continue
		}
		for n := range o.list(source.Path{"items"}) {
			out = append(out, object{doc: doc, index: i, at: source.Path{"items", n}})
		}
	}
	return out
}

// full reports whether there are as many releases as are looked at, and says so of the first past them.
func (f *finder) full(chart string, at source.Location, name string) bool {
	if len(f.releases) < maxReleases {
		return false
	}
	if !f.told {
		f.told = true
		f.misses = append(f.misses, missOf(chart, at, name, fmt.Sprintf("lint looks at no more than %d deployments of a repository", maxReleases)))
	}
	return true
}

// afford reports whether so many copies of a value with placeholders are within bounds.
func (f *finder) afford(copies int, value any) bool {
	f.filled += copies * size(value)
	return f.filled <= maxFilled
}

// size is about how many bytes a value takes.
func size(value any) int {
	n := 16
	switch v := value.(type) {
	case string:
		n += len(v)
	case []any:
		for _, item := range v {
			n += size(item)
		}
	case map[string]any:
		for key, item := range v {
			n += len(key) + size(item)
		}
	}
	return n
}

// plainName is what the API server takes for the name of a release or a namespace.
var plainName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$`)

// add takes a release in. Names that are made where it is deployed are as good as not said.
func (f *finder) add(r Release) {
	if !plainName.MatchString(r.Release) {
		r.Release = ""
	}
	if !plainName.MatchString(r.Namespace) {
		r.Namespace = ""
	}
	if len(r.Layers) > maxLayers {
		f.miss(r.Chart, r.At, r.Name, fmt.Sprintf("it has more than %d sources of values", maxLayers))
		return
	}
	f.releases = append(f.releases, r)
}

// nameValues says what to do about values that are elsewhere for good.
const nameValues = "; name files with such values in helm.values of the configuration, and ignore this with that reason"

// miss notes what of a chart's deployment cannot be read. Why is the end of "… was not analysed: ".
func (f *finder) miss(chart string, at source.Location, what, why string) {
	if len(f.misses) < maxReleases {
		f.misses = append(f.misses, missOf(chart, at, what, why))
	}
}

func missOf(chart string, at source.Location, what, why string) Miss {
	verb := "was"
	if strings.HasPrefix(what, "values of ") || strings.HasPrefix(what, "values from ") {
		verb = "were"
	}
	return Miss{Chart: chart, At: at, What: what, Message: what + " " + verb + " not analysed: " + why}
}

// draft is a release being read.
type draft struct {
	*finder
	object
	Release
	missing bool // values files that are not there are none
	root    string
	refs    map[string]bool
}

// leave notes a source of values that cannot be read.
func (d *draft) leave(at source.Location, what, why string) {
	d.Partial = true
	d.miss(d.Chart, at, fmt.Sprintf("%s of %s", what, d.Name), why)
}

// own adds a layer that stands in the object itself, unless it has placeholders that nobody here can fill.
func (d *draft) own(what string, at source.Path, form Form) {
	if d.holdsPlaceholder(d.get(at)) {
		d.leave(d.place(at), what, "placeholders in it are filled in outside of the repository"+nameValues)
		return
	}
	d.Layers = append(d.Layers, d.layer(at, form))
}

// file adds a layer for each values file that a name means, relative to a folder.
func (d *draft) file(at source.Location, dir, name string) {
	files, why := d.resolve(dir, name)
	if why != "" {
		d.leave(at, "values file "+name, why)
	}
	for _, file := range files {
		d.Layers = append(d.Layers, Layer{File: file})
	}
}

var (
	placeholder = regexp.MustCompile(`\{\{-?\s*([^{}]+?)\s*-?\}\}`)
	kubeVersion = regexp.MustCompile(`^v?(\d+\.\d+(\.\d+)?)`)
)

// kube sets the cluster that templates are to see.
func (d *draft) kube(version string, apis []string) {
	if m := kubeVersion.FindStringSubmatch(version); m != nil {
		d.KubeVersion = m[1]
	}
	if len(apis) <= maxLayers {
		d.APIVersions = apis
	}
}

// holdsPlaceholder reports whether a text of the value, or a key, has a placeholder that is filled in elsewhere.
func (o object) holdsPlaceholder(value any) bool {
	return o.open && holds(value, placeholder.MatchString,
		func(text string) bool { return placeholder.MatchString(Layer{Fill: o.fill}.fill(text)) })
}

// holds reports whether a key of a value, or a text, is of a kind.
func holds(value any, key, text func(string) bool) bool {
	switch v := value.(type) {
	case string:
		return text(v)
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return holds(item, key, text) })
	case map[string]any:
		for name, item := range v {
			if key(name) || holds(item, key, text) {
				return true
			}
		}
	}
	return false
}

// within makes a path out of a folder of the repository and a path from there. It is false when that leads out.
func within(dir, name string) (string, bool) {
	joined := path.Join(dir, name)
	return joined, joined != ".." && !strings.HasPrefix(joined, "../") && !strings.HasPrefix(joined, "/")
}
