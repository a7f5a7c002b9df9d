package render

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"

	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/trace"
)

// helm renders a chart with one set of values. The chart is loaded afresh: rendering changes it.
func (w worker) helm(ask request) (answer reply) {
	j := &chartJob{worker: w, ask: ask, loader: chartLoader{
		tree: w.tree, siblings: ask.Siblings, parser: trace.NewParser(),
		files: map[*chart.File]fileHome{}, absent: map[*chart.Dependency]declaration{},
	}}
	defer func() {
		if r := recover(); r != nil {
			answer = j.fail(source.FileStart(ask.File), fmt.Sprintf("the Helm library gave up: %v", r))
		}
	}()
	return j.run()
}

// chartJob is the rendering of one chart with one set of values.
type chartJob struct {
	worker
	ask    request
	loader chartLoader
	homes  map[string]fileHome // of the templates, by their names in Helm; once the dependencies are processed
	reply  reply
}

func (j *chartJob) run() reply {
	c, err := j.loader.load(j.ask.Root)
	if err != nil {
		return j.failLoad(err)
	}
	for _, p := range j.loader.hidden {
		j.reply.Problems = append(j.reply.Problems, problem{Problem: p})
	}
	if j.ask.Variant.Bare {
		c.Values = map[string]any{}
	}
	values, err := j.readLayers()
	if err != nil {
		return j.failLoad(err)
	}
	origins := j.newOrigins(c)
	if err := chartutil.ProcessDependencies(c, values); err != nil {
		return j.fail(j.mergeFault(err))
	}
	j.homes = j.templateHomes(c)
	traced := trace.New(c, j.loader.parser)
	traced.Begin = func(template string) { j.note(j.homes[template].path) }
	origins.merge(j, c)
	missing := j.missing(c)
	rendered, faults := j.render(c, values, origins, traced)
	for _, d := range missing {
		j.problem(NotEvaluated, d.at, fmt.Sprintf("dependency %s", d.name), missingMessage(d, faults), false)
	}
	for _, f := range faults {
		j.reply.Failed = true
		if f.demand || len(missing) == 0 {
			j.problem(f.rule(), f.at, j.what(), f.message, f.demand)
		}
	}
	j.trace(c, rendered, origins)
	return j.reply
}

func (j *chartJob) what() string {
	what := "chart " + j.ask.Root
	if !j.ask.Variant.defaults() {
		what += " with " + j.ask.Variant.Name
	}
	return what
}

func (j *chartJob) problem(rule string, at source.Location, what, message string, demand bool) {
	p := Problem{Rule: rule, Location: at, What: what, Message: message}
	j.reply.Problems = append(j.reply.Problems, problem{Problem: p, Demand: demand})
}

func (j *chartJob) fail(at source.Location, message string) reply {
	j.reply.Failed, j.reply.Texts = true, nil
	j.problem(RenderError, at, j.what(), message, false)
	return j.reply
}

func (j *chartJob) failLoad(err error) reply {
	load, ok := errors.AsType[*loadError](err)
	if !ok {
		return j.fail(source.FileStart(j.ask.File), err.Error())
	}
	j.fail(load.at, load.message)
	j.reply.Problems[len(j.reply.Problems)-1].Unread = load.unread
	return j.reply
}

// missing gives the dependencies that are switched on and not there.
func (j *chartJob) missing(c *chart.Chart) []declaration {
	var out []declaration
	for _, d := range c.Metadata.Dependencies {
		if known, ok := j.loader.absent[d]; ok {
			out = append(out, known)
		}
	}
	for _, sub := range c.Dependencies() {
		out = append(out, j.missing(sub)...)
	}
	return out
}

func missingMessage(d declaration, faults []*fault) string {
	from := strings.TrimSpace(d.version)
	if d.repository != "" {
		from = strings.TrimSpace(from + " from " + d.repository)
	}
	if from != "" {
		from = " (" + from + ")"
	}
	why := cmp.Or(d.why, "it is not in charts/ and lint does not use the network")
	message := fmt.Sprintf("dependency %s%s was not analysed: %s", d.name, from, why)
	if slices.ContainsFunc(faults, func(f *fault) bool { return !f.demand }) {
		message += "; the chart does not render without it"
	}
	return message + `; run "helm dependency build" before lint`
}

// render runs the templates, and says what keeps all or some of them from being rendered.
func (j *chartJob) render(c *chart.Chart, values chartutil.Values, o *origins, traced *trace.Rendering) (rendering, []*fault) {
	caps := chartutil.DefaultCapabilities.Copy()
	kubeVersion := cmp.Or(j.ask.Variant.KubeVersion, j.kubeVersion)
	version, err := chartutil.ParseKubeVersion(kubeVersion)
	if err != nil {
		return rendering{}, faultf(j.ask.File, "the Kubernetes version %q is none: %s", kubeVersion, err)
	}
	caps.KubeVersion = *version
	caps.APIVersions = slices.Concat(caps.APIVersions, j.ask.Variant.APIVersions) // the library's own list is not to be written to
	release := chartutil.ReleaseOptions{
		Name: cmp.Or(j.ask.Variant.Release, "release-name"), Namespace: cmp.Or(j.ask.Variant.Namespace, "default"), Revision: 1, IsInstall: true,
	}
	// Helm's own check of the schema would fetch what it refers to.
	top, err := chartutil.ToRenderValuesWithSchemaValidation(c, values, release, caps, true)
	if err != nil {
		at, message := j.mergeFault(err)
		return rendering{}, []*fault{{at: at, message: message}}
	}
	if merged, err := top.Table("Values"); err == nil {
		if unfit := j.checkSchema(c, merged); unfit != nil {
			return rendering{}, []*fault{unfit}
		}
	}
	rendered := twice(c, traced, top, j.careful)
	if rendered.err != nil {
		return rendered, j.templateFaults(rendered, o)
	}
	if size(rendered.texts) > maxOutput {
		return rendering{}, faultf(j.ask.File, "the chart renders to more than the limit of %d MiB", maxOutput>>20)
	}
	return rendered, nil
}

func (j *chartJob) text(name, data string, at fileHome) {
	t := text{Name: name, Data: data, Source: at.path}
	if at.home.anchor.Path != "" {
		t.Source, t.Anchor = "", at.home.anchor
	}
	j.reply.Texts = append(j.reply.Texts, t)
}

// templateHomes says where each template stands, by the name that Helm gives it.
func (j *chartJob) templateHomes(c *chart.Chart) map[string]fileHome {
	homes := map[string]fileHome{}
	var walk func(*chart.Chart)
	walk = func(c *chart.Chart) {
		for _, t := range c.Templates {
			homes[path.Join(c.ChartFullPath(), t.Name)] = j.loader.files[t]
		}
		for _, sub := range c.Dependencies() {
			walk(sub)
		}
	}
	walk(c)
	return homes
}
