package render

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chartutil"
	"sigs.k8s.io/kustomize/api/konfig"

	"github.com/plimsoll-dev/plimsoll/internal/deploy"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// chartRun is a chart that a kustomization had rendered.
type chartRun struct {
	Root, File string // directory and Chart.yaml, relative to the repository's root
	Variant    Variant
	By         string          // the kustomization
	At         source.Location // its entry
	Reply      reply
}

// chartTexts stands in changes for the directories of charts' texts, which are resources to the library.
const chartTexts = "\x00charts"

// helmCharts renders the charts that Kustomize would have a helm binary inflate, as far as they are in the repository,
// and gives the library what they wrote.
func (s *scan) helmCharts(k *kustomization, index int, c *changes) {
	var bases []any
	entries := k.plugged
	for _, field := range []string{"helmCharts", "helmChartInflationGenerator"} {
		for i, item := range items(k.value[field]) {
			at := source.Path{field, i}
			entries = append(entries, chartEntry{
				k: k, at: at, doc: k.doc, in: k.spelt(at), item: newSpelling(field, item), values: deploy.Layer{File: k.file.Path, At: k.spelt(at)},
			})
		}
		if k.value[field] != nil {
			c.gone[field] = true
		}
	}
	for _, e := range entries {
		root, why := s.chartOf(e)
		if why != "" {
			s.leaveChart(e, why)
			continue
		}
		if base := s.inflate(e, index, root); base != "" {
			bases = append(bases, base)
		}
	}
	if bases != nil {
		c.put[chartTexts] = bases
	}
}

func (s *scan) leaveChart(e chartEntry, why string) {
	s.left = append(s.left, Problem{Rule: NotEvaluated, Location: e.place(), What: "chart " + e.text("name"), Message: why})
}

// chartEntry is one entry of helmCharts, or a generator that does the same.
type chartEntry struct {
	k      *kustomization
	at     source.Path // the entry in the kustomization
	item   map[string]any
	doc    *source.Document // that holds the item
	in     source.Path      // where
	values deploy.Layer     // the item as values
}

func (e chartEntry) text(key string) string { return scalarText(e.item[key]) }

func (e chartEntry) on(key string) bool { on, _ := e.item[key].(bool); return on }

// plugged reports whether the item is a generator's configuration, which takes nothing from the kustomization.
func (e chartEntry) plugged() bool { return e.at[0] == "generators" }

// place is where the entry names its chart.
func (e chartEntry) place() source.Location {
	name := "name"
	if e.at[0] == "helmChartInflationGenerator" {
		name = "chartName"
	}
	return e.doc.Locate(e.in.Append(name), "").Location
}

// plug takes the configurations of a generator for charts to inflate, and reports whether that is what they all are.
func (s *scan) plug(k *kustomization, e entry, docs []*source.Document) bool {
	for _, doc := range docs {
		if field(doc.Value, "kind") != "HelmChartInflationGenerator" || e.field != "generators" {
			return false
		}
	}
	for i, doc := range docs {
		item, _ := doc.Value.(map[string]any)
		c := chartEntry{k: k, at: e.at, item: item, doc: doc, values: deploy.Layer{File: doc.File.Path, Doc: i}}
		if e.inline() && item["valuesInline"] != nil {
			s.leaveChart(c, "the chart "+c.text("name")+" was not analysed: its values are in a generator within the kustomization; move that to a file of its own")
			continue
		}
		k.plugged = append(k.plugged, c)
	}
	return len(docs) > 0
}

// newSpelling gives an entry of the old helmChartInflationGenerator the names of helmCharts.
func newSpelling(field string, item map[string]any) map[string]any {
	if field == "helmCharts" {
		return item
	}
	out := map[string]any{}
	for was, is := range map[string]string{
		"chartName": "name", "chartVersion": "version", "chartRepoUrl": "repo", "values": "valuesFile", "valuesLocal": "valuesInline",
		"valuesMerge": "valuesMerge", "releaseName": "releaseName", "chartHome": "chartHome",
	} {
		if v, ok := item[was]; ok {
			out[is] = v
		}
	}
	return out
}

// chartOf finds the chart of an entry in the repository, or says why it is not analysed.
func (s *scan) chartOf(e chartEntry) (root, why string) {
	globals, _ := e.k.value["helmGlobals"].(map[string]any)
	if e.plugged() {
		globals = nil
	}
	home := cmp.Or(scalarText(globals["chartHome"]), e.text("chartHome"), "charts")
	name, version, repo := e.text("name"), e.text("version"), e.text("repo")
	versioned := home
	if version != "" && repo != "" { // where Kustomize itself puts a chart that it fetched
		versioned = home + "/" + name + "-" + version
	}
	for _, dir := range []string{versioned, home} {
		at, _, err := s.tree.resolve(e.k.dir() + "/" + dir + "/" + name)
		switch {
		case err == nil && name != "" && !path.IsAbs(dir) && s.tree.isFile(path.Join(at, "Chart.yaml")):
			return at, ""
		case err != nil && refused(err):
			return "", fmt.Sprintf("the chart %s was not analysed: its directory %s", name, err)
		}
	}
	for _, sibling := range s.ask.Siblings {
		if repo != "" && sibling.Name == name && chartutil.IsCompatibleRange(cmp.Or(version, ">=0-0"), sibling.Version) {
			return sibling.Root, ""
		}
	}
	where := path.Join(e.k.dir(), versioned)
	if repo == "" {
		return "", fmt.Sprintf("the chart %s was not analysed: it is not in %s; put it there, or set helmGlobals.chartHome", name, where)
	}
	return "", fmt.Sprintf(`the chart %s was not analysed: it is not in the repository and lint does not use the network; run "%s --untar --untardir %s" and commit it`,
		name, pull(name, version, repo), where)
}

func replySize(answer reply) int {
	size := 0
	for _, t := range answer.Texts {
		size += len(t.Data)
	}
	return size
}

// pull is the command that fetches a chart.
func pull(name, version, repo string) string {
	command := "helm pull " + name + " --repo " + repo
	if strings.HasPrefix(repo, "oci://") {
		command = "helm pull " + strings.TrimSuffix(repo, "/") + "/" + name
	}
	if version != "" {
		command += " --version " + version
	}
	return command
}

// inflate renders the chart of an entry and gives the name of a directory beside the kustomization that holds its texts.
func (s *scan) inflate(e chartEntry, index int, root string) string {
	v := s.variant(e, root)
	ask := request{
		Renderer: Helm, Root: root, File: path.Join(root, "Chart.yaml"), Variant: v, Siblings: s.ask.Siblings,
	}
	answer := s.helm(ask)
	for _, p := range answer.Problems {
		p.Demand = false // these are the values that it is deployed with
		s.problems = append(s.problems, p)
	}
	answer.Problems = nil
	s.charts = append(s.charts, chartRun{Root: root, File: ask.File, Variant: v, By: e.k.file.Path, At: e.place(), Reply: answer})
	if s.inflated += replySize(answer); s.inflated > maxOutput/2 { // the objects are as much again
		s.leaveChart(e, fmt.Sprintf("the charts of the kustomization render to more than the limit of %d MiB", maxOutput/2>>20))
		s.charts = s.charts[:len(s.charts)-1]
		return ""
	}
	base := fmt.Sprintf("%s-%d", e.at, len(s.charts))
	dir := path.Join(e.k.dir(), base)
	if _, _, err := s.tree.resolve(dir); err == nil {
		return "" // nobody names a file like that
	}
	var names []string
	for i, t := range answer.Texts {
		data := e.kept(t)
		if data == nil {
			continue
		}
		name := fmt.Sprintf("%d.yaml", i)
		full := path.Join(dir, name)
		s.extra[full] = data
		s.moved = append(s.moved, movable{name: full, data: data, as: origin{Chart: len(s.charts), Text: i}})
		s.stages[index].Resources = append(s.stages[index].Resources, full)
		names = append(names, name)
	}
	if len(names) == 0 {
		return ""
	}
	s.extra[path.Join(dir, "kustomization.yaml")] = inflated(names)
	return base
}

// inflated is a kustomization of what a chart wrote. The library knows such objects by an annotation, which it takes off in
// the end: the namespace of a kustomization is not theirs.
func inflated(names []string) []byte {
	list, _ := json.Marshal(names) // texts always can be written
	return fmt.Appendf(nil, `{"resources": %s, "transformers": [%q]}`, list, `
apiVersion: builtin
kind: AnnotationsTransformer
metadata: {name: inflated}
annotations: {`+konfig.HelmGeneratedAnnotation+`: "true"}
fieldSpecs: [{path: metadata/annotations, create: true}]
`)
}

// releaseOf is the name of a release. Helm makes one of the chart's name and the time when there is none.
func (e chartEntry) releaseOf() string {
	if name := e.text("releaseName"); name != "" {
		return name
	}
	if template := e.text("nameTemplate"); template != "" && !strings.Contains(template, "{{") {
		return template
	}
	return e.text("name") + "-1136239445"
}

// namespaceOf is the namespace of a release: without one of its own it is the kustomization's, or that of the nearest one
// that uses it and has one.
func (s *scan) namespaceOf(e chartEntry) string {
	if e.plugged() {
		return e.text("namespace")
	}
	return cmp.Or(e.text("namespace"), s.namespace)
}

// variant is the set of values that an entry gives its chart, in the order in which Kustomize hands them to Helm.
func (s *scan) variant(e chartEntry, root string) Variant {
	v := Variant{
		Name:    fmt.Sprintf("%s of %s", e.at, e.k.file.Path),
		Release: e.releaseOf(), Namespace: s.namespaceOf(e),
		KubeVersion: e.text("kubeVersion"), APIVersions: texts(e.item["apiVersions"]),
	}
	var own, inline []deploy.Layer
	if name := e.text("valuesFile"); name != "" {
		own = append(own, deploy.Layer{File: path.Join(e.k.dir(), name)})
	}
	if m, _ := e.item["valuesInline"].(map[string]any); len(m) > 0 {
		key := "valuesInline"
		if e.at[0] == "helmChartInflationGenerator" {
			key = "valuesLocal"
		}
		layer := e.values
		layer.At = layer.At.Append(key)
		inline = append(inline, layer)
	}
	switch {
	case len(inline) == 0 || e.text("valuesMerge") == "" || e.text("valuesMerge") == "override":
		v.Layers = slices.Concat(own, inline)
	case e.text("valuesMerge") == "replace":
		v.Layers = inline
	default: // merge: the file wins, which is the chart's own when none is named
		if values := path.Join(root, "values.yaml"); len(own) == 0 && s.tree.isFile(values) {
			own = []deploy.Layer{{File: values}}
		}
		v.Layers = slices.Concat(inline, own)
	}
	for _, name := range texts(e.item["additionalValuesFiles"]) {
		v.Layers = append(v.Layers, deploy.Layer{File: path.Join(e.k.dir(), name)})
	}
	return v
}

// texts gives the texts of a list.
func texts(list any) []string {
	var out []string
	values, _ := list.([]any)
	for _, v := range values {
		out = append(out, scalarText(v))
	}
	return out
}

// kept is a text without the documents that the entry does not want, which leave empty lines; nil when none is left.
func (e chartEntry) kept(t text) []byte {
	if strings.Contains(t.Name, "/crds/") && !strings.Contains(t.Name, "/templates/") && !e.on("includeCRDs") {
		return nil
	}
	data, left := []byte(t.Data), false
	for start := 0; start < len(data); {
		end := documentEnd(data, start)
		docs, _ := parse.YAML(&source.File{Path: t.Name, Data: data[start:end]}, source.Manifest, source.YAML11)
		switch {
		case len(docs) > 0 && e.unwanted(docs[0].Value):
			blank(data[start:end])
		case len(docs) > 0:
			left = true
		}
		start = end
	}
	if !left {
		return nil
	}
	return data
}

// unwanted reports whether an object is a hook that the entry leaves out.
func (e chartEntry) unwanted(object any) bool {
	annotations, _ := source.Path{"metadata", "annotations"}.Get(object)
	hook := field(annotations, "helm.sh/hook")
	return hook != "" && (e.on("skipHooks") || (e.on("skipTests") && strings.Contains(hook, "test")))
}

// blank makes empty lines of a document and leaves what separates it from the next.
func blank(text []byte) {
	end := len(text)
	if i := strings.LastIndex(string(text), "\n---"); i >= 0 {
		end = i
	}
	for i, c := range text[:end] {
		if c != '\n' {
			text[i] = ' '
		}
	}
}
