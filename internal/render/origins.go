package render

import (
	"path"
	"strconv"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"

	"github.com/plimsoll-dev/plimsoll/internal/deploy"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// origins know where each value that a chart is rendered with was set. The Helm library says so itself: it merges the
// layers and the charts' own values a second time with tags in the place of the values, and the tag that comes out where
// a value is tells which one won – whatever aliases, globals and imports took part.
type origins struct {
	layers  []valuesHome
	tags    []tagged
	merged  map[string]any
	files   map[string]int // the layer of a chart's Chart.yaml, by the chart's path in Helm
	own     map[*chart.File]ownValues
	imports map[*chart.Dependency][]any
}

// valuesHome is where the values of a layer stand, beside those of the variant.
type valuesHome struct {
	File   string          // "" for a chart that is not in the repository
	Anchor source.Location // where such a chart is declared
}

// own reports whether the values stand in a file that findings may stand in.
func (h valuesHome) own() bool { return h.File != "" && h.Anchor.Path == "" }

// layer is a layer of values by its number: those of the variant come first, then those of the charts.
func (v Variant) layer(n int, homes []valuesHome) deploy.Layer {
	if n < len(v.Layers) {
		return v.Layers[n]
	}
	return deploy.Layer{File: homes[n].File}
}

// tagged is one value in its layer.
type tagged struct {
	layer int
	at    source.Path
}

// ownValues are what a chart says before Helm changes it.
type ownValues struct {
	values map[string]any
	layer  int
}

// newOrigins tags the values of a chart and its dependencies. It must be called before Helm processes the dependencies.
func (j *chartJob) newOrigins(c *chart.Chart) *origins {
	o := &origins{files: map[string]int{}, own: map[*chart.File]ownValues{}, imports: map[*chart.Dependency][]any{}}
	for _, layer := range j.ask.Variant.Layers {
		o.layers = append(o.layers, valuesHome{File: layer.File})
	}
	var walk func(*chart.Chart)
	walk = func(c *chart.Chart) {
		if len(c.Raw) == 0 {
			return
		}
		home := j.chartHome(c)
		layer := len(o.layers)
		o.layers = append(o.layers, valuesHome{File: home.valuesFile(), Anchor: home.anchor})
		tag := func(at source.Path) string { return o.tag(layer, at) }
		o.own[c.Raw[0]] = ownValues{values: deploy.Tagged(c.Values, tag), layer: layer}
		for _, d := range c.Metadata.Dependencies {
			o.imports[d] = d.ImportValues
		}
		for _, sub := range c.Dependencies() {
			walk(sub)
		}
	}
	walk(c)
	return o
}

// chartHome is where a chart stands.
func (j *chartJob) chartHome(c *chart.Chart) home {
	for _, files := range [][]*chart.File{c.Templates, c.Files, c.Raw} {
		for _, f := range files {
			if at, ok := j.loader.files[f]; ok {
				return at.home
			}
		}
	}
	return home{}
}

func (o *origins) tag(layer int, at source.Path) string {
	o.tags = append(o.tags, tagged{layer, at})
	return strconv.Itoa(len(o.tags) - 1)
}

// merge has Helm merge the tags as it has merged the values of the chart, whose dependencies are processed. What keeps it
// from doing so leaves the values without a known place.
func (o *origins) merge(j *chartJob, c *chart.Chart) {
	top, err := j.shadowLayers(o.tag)
	if err != nil {
		return
	}
	shadow := o.shadow(j, c)
	if chartutil.ProcessDependencies(shadow, chartutil.Values{}) != nil {
		return
	}
	if merged, err := chartutil.CoalesceValues(shadow, top); err == nil {
		o.merged = merged
	}
}

// shadow is a chart with its dependencies, of which only the tags and what decides how they merge is left.
func (o *origins) shadow(j *chartJob, c *chart.Chart) *chart.Chart {
	meta := &chart.Metadata{Name: c.Metadata.Name, Version: c.Metadata.Version, APIVersion: chart.APIVersionV2}
	for _, d := range c.Metadata.Dependencies {
		meta.Dependencies = append(meta.Dependencies, &chart.Dependency{Name: d.Name, Version: d.Version, ImportValues: o.imports[d]})
	}
	out := &chart.Chart{Metadata: meta}
	if len(c.Raw) > 0 {
		own := o.own[c.Raw[0]]
		out.Values = own.values
		o.files[c.ChartFullPath()] = o.chartFile(own.layer, j.chartHome(c))
	}
	for _, sub := range c.Dependencies() {
		out.AddDependency(o.shadow(j, sub))
	}
	return out
}

// chartFile adds a chart's Chart.yaml to the layers.
func (o *origins) chartFile(layer int, at home) int {
	file := ""
	if at.root != "" {
		file = path.Join(at.root, "Chart.yaml")
	}
	o.layers = append(o.layers, valuesHome{File: file, Anchor: o.layers[layer].Anchor})
	return len(o.layers) - 1
}

// Value implements trace.Origins.
func (o *origins) Value(path source.Path) (layer int, at source.Path, ok bool) {
	var value any = o.merged
	if o.merged == nil {
		return 0, nil, false
	}
	for i, step := range path {
		next, there := source.Path{step}.Get(value)
		if !there || next == nil { // an empty list or null, which has no tag: it is where its map is
			if m, ok := value.(map[string]any); ok {
				if layer, at, ok = o.lookup(m[deploy.TableKey]); ok {
					return layer, at.Append(path[i:]...), true
				}
			}
			return 0, nil, false
		}
		value = next
	}
	switch v := value.(type) {
	case map[string]any:
		return o.lookup(v[deploy.TableKey])
	case []any:
		if len(v) == 0 && len(path) > 0 {
			layer, at, ok = o.Value(path[:len(path)-1])
			return layer, at.Append(path[len(path)-1]), ok
		}
		return o.list(v)
	default:
		return o.lookup(value)
	}
}

// list is where a list is set: where its first item is, less the last step.
func (o *origins) list(items []any) (layer int, at source.Path, ok bool) {
	var first any
	if len(items) > 0 {
		first = items[0]
	}
	if m, isMap := first.(map[string]any); isMap {
		first = m[deploy.TableKey]
	}
	layer, at, ok = o.lookup(first)
	if !ok || len(at) == 0 {
		return 0, nil, false
	}
	return layer, at[:len(at)-1], true
}

func (o *origins) lookup(tag any) (layer int, at source.Path, ok bool) {
	text, _ := tag.(string)
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n >= len(o.tags) {
		return 0, nil, false
	}
	return o.tags[n].layer, o.tags[n].at, true
}

// Chart implements trace.Origins.
func (o *origins) Chart(chart, field string) (layer int, at source.Path, ok bool) {
	layer, ok = o.files[chart]
	return layer, source.Path{field}, ok
}

// place is where a value is set, or could be: the nearest map around it that is in a file of the repository.
func (o *origins) place(j *chartJob, path source.Path) (source.Location, bool) {
	layer, at, ok := o.Value(path)
	if !ok || len(path) == 0 || !o.layers[layer].own() {
		return source.Location{}, false
	}
	home := j.ask.Variant.layer(layer, o.layers)
	data, _, err := j.tree.read(home.File)
	if err != nil {
		return source.Location{}, false
	}
	places := home.Locator(&source.File{Path: home.File, Kind: source.ChartFile, Data: data})
	found := places.Locate(at, "").Location
	return found, found != places.Locate(nil, "").Location
}
