package render

import (
	"fmt"

	"helm.sh/helm/v3/pkg/chartutil"

	"github.com/plimsoll-dev/plimsoll/internal/deploy"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// readLayers gives the values that the variant's layers make together, without the chart's own.
func (j *chartJob) readLayers() (chartutil.Values, error) {
	return j.mergeLayers(func(_ int, l deploy.Layer, values map[string]any, data []byte) (map[string]any, error) {
		return l.Apply(values, data)
	})
}

// shadowLayers gives the same with tags in place of the values; see deploy.Layer.Shadow. Tag gets the index of the layer,
// and the path within its values.
func (j *chartJob) shadowLayers(tag func(layer int, path source.Path) string) (chartutil.Values, error) {
	return j.mergeLayers(func(i int, l deploy.Layer, values map[string]any, data []byte) (map[string]any, error) {
		return l.Shadow(values, data, func(path source.Path) string { return tag(i, path) })
	})
}

type applyLayer func(i int, l deploy.Layer, values map[string]any, data []byte) (map[string]any, error)

func (j *chartJob) mergeLayers(apply applyLayer) (chartutil.Values, error) {
	values := map[string]any{}
	for i, layer := range j.ask.Variant.Layers {
		data, _, err := j.tree.read(layer.File)
		if err != nil {
			return nil, failAt(layer.File, "%s %s", layer.File, err)
		}
		if values, err = apply(i, layer, values, data); err != nil {
			return nil, layerFault(layer, data, err)
		}
	}
	return values, nil
}

// layerFault places an error of a layer: in a values file where its YAML breaks, else where the values stand.
func layerFault(l deploy.Layer, data []byte, err error) *loadError {
	if l.Form == deploy.Map && len(l.At) == 0 {
		return yamlFault(chartFile{path: l.File, data: data}, err)
	}
	at := l.Locator(&source.File{Path: l.File, Data: data}).Locate(nil, "").Location
	return &loadError{at: at, message: fmt.Sprintf("%s: %s", l.File, plainYAMLError(err))}
}
