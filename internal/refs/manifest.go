package refs

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// containerLists are the keys of a pod's lists of containers, and what messages call their items.
var containerLists = map[string]string{
	"containers":          "container",
	"initContainers":      "init container",
	"ephemeralContainers": "ephemeral container",
}

// manifest finds the images that an object has run: those of pods, wherever a pod's spec stands in an object of whatever
// kind, and those in the fields that its kind is known to have for them.
func (c *collector) manifest(doc *source.Document) {
	c.gitOps(doc)
	isChart := doc.Origin != nil && doc.Origin.Renderer == "helm"
	(&objectWalker{collector: c, chart: isChart}).walk(doc.Value, nil)
}

// objectWalker looks for images in an object. Most of it holds none, so paths are copied for what is found only.
type objectWalker struct {
	*collector
	group, kind string
	chart       bool       // the object is what a chart writes
	start       int        // length of the path that leads to the object
	fields      [][]string // of imageFields, for its kind
	parts       []imageParts
}

// within is the walker of an object that stands inside of another, such as what a sensor creates or a composition is of.
func (w *objectWalker) within(object map[string]any, start int) (*objectWalker, bool) {
	apiVersion, _ := object["apiVersion"].(string)
	kind, _ := object["kind"].(string)
	if apiVersion == "" || kind == "" {
		return w, true
	}
	group, _, found := strings.Cut(apiVersion, "/")
	if !found {
		group = ""
	}
	inner := &objectWalker{
		collector: w.collector, chart: w.chart, group: group, kind: kind, start: start,
		fields: fieldsOf(group, kind), parts: partsOf(group, kind),
	}
	return inner, kind != "CustomResourceDefinition" // its schema describes images, it names none
}

func (w *objectWalker) walk(value any, path source.Path) {
	switch v := value.(type) {
	case []any:
		for i, item := range v {
			w.walk(item, append(path, i))
		}
	case map[string]any:
		inner, names := w.within(v, len(path))
		if !names {
			return
		}
		inner.parted(v, path)
		for _, key := range slices.Sorted(maps.Keys(v)) {
			inner.field(v, key, path)
		}
	}
}

func (w *objectWalker) field(owner map[string]any, key string, path source.Path) {
	value := owner[key]
	if w.isPattern(key) {
		return
	}
	if context, ok := containerLists[key]; ok {
		w.containers(source.Node{Value: value, Path: path.Append(key)}, context)
	}
	if key == "volumes" {
		for _, volume := range (source.Node{Value: value, Path: path.Append(key)}).Items() {
			if image := volume.Key("image").Key("reference"); image.Text() != "" {
				w.image(image, "image volume", volume.Key("image").Key("pullPolicy"))
			}
		}
	}
	if w.group == "tekton.dev" && (key == "taskRef" || key == "pipelineRef") {
		w.bundle(source.Node{Value: value, Path: path.Append(key)})
	}
	path = append(path, key)
	if text, _ := value.(string); strings.TrimSpace(text) != "" && w.isImageField(path) { // an empty one leaves it to the operator
		holder := source.Node{Value: owner, Path: slices.Clone(path[:len(path)-1])}
		w.image(holder.Key(key), strings.Join(fieldName(path[w.start:]), "."), holder.Key("imagePullPolicy"))
		w.mentioned(holder)
	}
	w.walk(value, path)
}

// isPattern reports whether what stands under a key looks like pods but is what pods are compared with.
func (w *objectWalker) isPattern(key string) bool {
	return strings.HasSuffix(w.group, "kyverno.io") && (key == "pattern" || key == "anyPattern")
}

func (w *objectWalker) isImageField(path source.Path) bool {
	return slices.ContainsFunc(w.fields, func(field []string) bool { return matchField(field, path[w.start:]) })
}

// containers reads a list of containers. Those of Knative need no name.
func (w *objectWalker) containers(list source.Node, context string) {
	for _, item := range list.Items() {
		image := item.Key("image")
		named := item.Key("name").Text() != "" || w.group == "serving.knative.dev"
		if strings.TrimSpace(image.Text()) == "" || !named || w.isPlaceholder(image.Text()) {
			continue
		}
		w.image(image, context, item.Key("imagePullPolicy"))
		w.mentioned(item)
	}
}

// isPlaceholder reports whether a text stands where an image does without naming one: Istio puts its own in the place of
// "auto", see https://istio.io/latest/docs/setup/additional-setup/gateway/; a policy's mutation has wildcards.
func (w *objectWalker) isPlaceholder(image string) bool {
	return image == "auto" || strings.HasSuffix(w.group, "kyverno.io") && strings.ContainsAny(image, "*?")
}

// unset is an image without one of its parts: registry/:tag, /name, name:.
var unset = regexp.MustCompile(`^[:/]|//|/:|[:/]$`)

// image records the image that a scalar names, and when it is pulled.
func (w *objectWalker) image(at source.Node, context string, policy source.Node) {
	r := ParseImage(at.Text())
	if w.group == "pkg.crossplane.io" && context == "spec.package" && r.Registry == dockerHub && !strings.HasPrefix(r.Raw, dockerHub) {
		// See https://docs.crossplane.io/latest/packages/configurations/: this is where it looks without a registry.
		r.Name, r.Registry = "xpkg.crossplane.io/"+strings.TrimPrefix(r.Name, dockerHub+"/"), "xpkg.crossplane.io"
	}
	if w.chart && r.Pin == PinInvalid && unset.MatchString(r.Raw) {
		r.pin(PinUnknown, "a part of it is a value that who installs the chart has to set")
	}
	if text := policy.Text(); text != "" {
		r.Pull = &Pull{Policy: text, Path: policy.Path}
	}
	w.add(r, context, at.Path)
}

// bundle reads the image that holds a task or pipeline of Tekton, by resolver or in the older way. See
// https://tekton.dev/docs/pipelines/bundle-resolver/.
func (w *objectWalker) bundle(ref source.Node) {
	if old := ref.Key("bundle"); old.Text() != "" {
		w.image(old, "bundle", source.Node{})
	}
	if ref.Key("resolver").Text() != "bundles" {
		return
	}
	for _, param := range ref.Key("params").Items() {
		if value := param.Key("value"); param.Key("name").Text() == "bundle" && value.Text() != "" {
			w.image(value, "bundle", source.Node{})
		}
	}
}

// fieldName is a path without its indexes, for messages.
func fieldName(path source.Path) []string {
	var name []string
	for _, step := range path {
		if key, ok := step.(string); ok {
			name = append(name, key)
		}
	}
	return name
}
