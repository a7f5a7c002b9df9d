package render_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// deployments is a repository that deploys its charts in several ways.
var deployments = map[string]string{
	"charts/web/Chart.yaml":           chartNamed("web", "1.0.0"),
	"charts/web/values.yaml":          "size: 0\nlist: [{a: 1}]\n",
	"charts/web/ci/big-values.yaml":   "size: 1\n",
	"charts/web/templates/a.yaml":     "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: {{ .Release.Namespace }}}\ndata: {size: '{{ .Values.size }}', list: '{{ .Values.list | toJson }}', kube: '{{ .Capabilities.KubeVersion }}', api: '{{ .Capabilities.APIVersions.Has \"x.example/v1\" }}'}\n",
	"charts/needs/Chart.yaml":         chartNamed("needs", "1.0.0"),
	"charts/needs/templates/a.yaml":   "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ required \"give a name\" .Values.name }}'}\ndata: {first: '{{ with .Values.list }}{{ index . 0 }}{{ end }}'}\n",
	"charts/refused/Chart.yaml":       chartNamed("refused", "1.0.0"),
	"charts/refused/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ required \"give a name\" .Values.name }}'}\n",
	"envs/prod.yaml":                  "size: 2\n",
	"apps/web.yaml": `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web}
spec:
  source:
    path: charts/web
    helm:
      valueFiles: [values.yaml, ../../envs/prod.yaml]
      parameters: [{name: 'list[0].b', value: "2"}]
      apiVersions: [x.example/v1]
      kubeVersion: 1.31.0
  destination: {namespace: shop}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: plain}
spec:
  source: {path: charts/web, helm: {valueFiles: [values.yaml]}}
  destination: {namespace: plain}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: refused}
spec:
  source: {path: charts/refused}
`,
	"apps/needs.yaml": `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: needs}
spec:
  chart: {spec: {chart: charts/needs, sourceRef: {kind: GitRepository, name: x}}}
  values: {name: flux}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: hidden}
spec:
  chart: {spec: {chart: charts/needs, sourceRef: {kind: GitRepository, name: x}}}
  valuesFrom: [{kind: Secret, name: names}]
  values: {more: 1}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: broken}
spec:
  chart: {spec: {chart: charts/needs, sourceRef: {kind: GitRepository, name: x}}}
  valuesFrom: [{kind: Secret, name: names}]
  values: {name: x, list: 1}
`,
	"helmfile.yaml": "releases:\n  - {name: web, chart: charts/web, values: [envs/prod.yaml]}\n",
}

// planned plans a repository with everything at hand.
func planned(t *testing.T, root string, options render.PlanOptions) render.Plan {
	t.Helper()
	files := filesOf(t, root)
	for name := range deployments {
		options.Paths = append(options.Paths, name)
	}
	slices.Sort(options.Paths)
	options.Root = root
	for _, f := range files {
		if strings.HasPrefix(f.Path, "apps/") {
			f.Kind, f.Data = source.Manifest, []byte(deployments[f.Path])
		}
	}
	return render.NewPlan(files, options)
}

func TestVariants(t *testing.T) {
	values := func(chart, name string, files ...string) render.Values {
		return render.Values{Chart: chart, Name: name, Files: files, At: source.FileStart("plimsoll.yaml")}
	}
	cases := []struct {
		name    string
		options render.PlanOptions
		want    []string // of charts/web
	}{
		{"what the repository has", render.PlanOptions{}, []string{
			"default plain/plain and Application/plain in apps/web.yaml",
			"ci/big-values.yaml /",
			"Application/web in apps/web.yaml web/shop v1.31.0 [x.example/v1]",
			"release web in helmfile.yaml web/",
		}},
		{"the configuration's", render.PlanOptions{
			Values:      []render.Values{values("charts/*", "", "envs/prod.yaml"), values("charts/needs", "other", "envs/prod.yaml")},
			APIVersions: []string{"y.example/v1"}, KubeVersions: []string{"1.30.0"},
		}, []string{
			"default plain/plain v1.30.0 [y.example/v1] and Application/plain in apps/web.yaml",
			"ci/big-values.yaml / v1.30.0 [y.example/v1]",
			"envs/prod.yaml web/ v1.30.0 [y.example/v1] and release web in helmfile.yaml",
			"Application/web in apps/web.yaml web/shop v1.31.0 [y.example/v1 x.example/v1]",
		}},
		{"for several versions", render.PlanOptions{KubeVersions: []string{"1.30.0", "1.31"}}, []string{
			"default (Kubernetes 1.30.0) plain/plain v1.30.0 and Application/plain in apps/web.yaml (Kubernetes 1.30.0)",
			"default (Kubernetes 1.31) plain/plain v1.31 and Application/plain in apps/web.yaml (Kubernetes 1.31)",
			"ci/big-values.yaml (Kubernetes 1.30.0) / v1.30.0",
			"ci/big-values.yaml (Kubernetes 1.31) / v1.31",
			"Application/web in apps/web.yaml web/shop v1.31.0 [x.example/v1]",
			"release web in helmfile.yaml (Kubernetes 1.30.0) web/ v1.30.0",
			"release web in helmfile.yaml (Kubernetes 1.31) web/ v1.31",
		}},
	}
	root := lay(t, deployments)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, u := range planned(t, root, c.options).Units {
				if u.Root != "charts/web" {
					continue
				}
				for _, v := range u.Variants {
					text := fmt.Sprintf("%s %s/%s %s", v.Name, v.Release, v.Namespace, v.KubeVersion)
					if len(v.APIVersions) > 0 {
						text += fmt.Sprintf(" %v", v.APIVersions)
					}
					for _, name := range v.Also {
						text = strings.TrimSpace(text) + " and " + name
					}
					got = append(got, strings.TrimSpace(text))
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error("(-want +got):\n" + diff)
			}
		})
	}
}

// TestDeployedValues renders what the repository deploys.
func TestDeployedValues(t *testing.T) {
	root := lay(t, deployments)
	r, err := render.New(render.Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	absent := render.Values{Chart: "charts/web", Files: []string{"envs/none.yaml"}, At: source.FileStart("plimsoll.yaml")}
	gotData, gotProblems := map[string][]string{}, map[string][]string{}
	plan := planned(t, root, render.PlanOptions{Values: []render.Values{absent}})
	gotProblems["."] = problems(render.Result{Problems: plan.Problems})
	for _, u := range plan.Units {
		result := r.Render(context.Background(), u)
		gotProblems[u.Root] = problems(result)
		for _, d := range result.Documents {
			data, _ := source.Path{"data"}.Get(d.Value)
			gotData[u.Root] = append(gotData[u.Root], fmt.Sprintf("%s %v %v", d.Object, data, d.Origin.Variants))
		}
	}
	wantData := map[string][]string{
		"charts/web": {
			`ConfigMap/plain/a map[api:false kube:v1.36.0 list:[{"a":1}] size:0] [Application/plain in apps/web.yaml default]`,
			`ConfigMap/default/a map[api:false kube:v1.36.0 list:[{"a":1}] size:1] [ci/big-values.yaml]`,
			`ConfigMap/shop/a map[api:true kube:v1.31.0 list:[{"b":2}] size:2] [Application/web in apps/web.yaml]`,
			`ConfigMap/default/a map[api:false kube:v1.36.0 list:[{"a":1}] size:2] [release web in helmfile.yaml]`,
		},
		"charts/needs": {`ConfigMap/flux map[first:] [HelmRelease/needs in apps/needs.yaml]`},
	}
	if diff := cmp.Diff(wantData, gotData); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
	wantProblems := map[string][]string{
		".":          {"not-evaluated plimsoll.yaml:1: charts charts/web with envs/none.yaml was not analysed: the repository has no file envs/none.yaml, which helm.values of the configuration names"},
		"charts/web": nil,
		"charts/needs": {
			"not-evaluated charts/needs/templates/a.yaml:4: chart charts/needs with HelmRelease/broken in apps/needs.yaml does not render: can't index item of type float64; it may want the values that are not in the repository",
			"not-evaluated apps/needs.yaml:13: values from Secret/names of HelmRelease/hidden in apps/needs.yaml were not analysed: a Secret is not in the repository in the clear; name files with such values in helm.values of the configuration, and ignore this with that reason",
			"not-evaluated apps/needs.yaml:21: values from Secret/names of HelmRelease/broken in apps/needs.yaml were not analysed: a Secret is not in the repository in the clear; name files with such values in helm.values of the configuration, and ignore this with that reason",
		},
		"charts/refused": {"not-evaluated charts/refused"},
	}
	for root, list := range gotProblems {
		for i, p := range list {
			if strings.HasPrefix(p, "not-evaluated charts/refused") { // where exactly, others test
				list[i] = "not-evaluated charts/refused"
			}
		}
		gotProblems[root] = list
	}
	if diff := cmp.Diff(wantProblems, gotProblems); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
}

// TestVariantsOfManyVersions has more sets of values, for several versions of Kubernetes, than are rendered: what is left out is
// said, and every name means one variant.
func TestVariantsOfManyVersions(t *testing.T) {
	files := map[string]string{"web/Chart.yaml": chartNamed("web", "1.0.0"), "web/templates/a.yaml": configMap}
	options := render.PlanOptions{KubeVersions: []string{"1.30.0", "1.31.0"}}
	for i := range 60 {
		name := fmt.Sprintf("envs/%02d.yaml", i)
		files[name] = fmt.Sprintf("size: %d\n", i)
		options.Paths = append(options.Paths, name)
		options.Values = append(options.Values, render.Values{Chart: "**", Name: "the same", Files: []string{name}})
	}
	root := lay(t, files)
	plan := func() render.Unit { return render.NewPlan(filesOf(t, root), options).Units[0] }
	unit := plan()
	var names []string
	for _, v := range unit.Variants {
		names = append(names, v.Name)
	}
	want := []string{
		"default (Kubernetes 1.30.0)", "default (Kubernetes 1.31.0)",
		"the same (Kubernetes 1.30.0)", "the same (Kubernetes 1.31.0)",
		"the same (Kubernetes 1.30.0) (2)", "the same (Kubernetes 1.31.0) (2)",
	}
	if diff := cmp.Diff(want, names[:len(want)]); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
	if unique := slices.Compact(slices.Sorted(slices.Values(names))); len(unique) != 100 || len(names) != 100 {
		t.Errorf("%d names, %d of them different; want 100", len(names), len(unique))
	}
	var again []string
	for _, v := range plan().Variants {
		again = append(again, v.Name)
	}
	if diff := cmp.Diff(names, again); diff != "" {
		t.Error("another plan of the same files has other names:\n" + diff)
	}
	r, err := render.New(render.Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got := problems(r.Render(context.Background(), unit))
	left := "not-evaluated web/Chart.yaml:1: chart web with the same (Kubernetes 1.30.0) (50), the same (Kubernetes 1.31.0) (50), " +
		"the same (Kubernetes 1.30.0) (51), the same (Kubernetes 1.31.0) (51), the same (Kubernetes 1.30.0) (52) and 17 more was not rendered: " +
		"lint renders a chart with at most 100 sets of values"
	if len(got) != 1 || !strings.HasPrefix(got[0], left) {
		t.Errorf("got %q, want one that begins %q", got, left)
	}
}

// TestSiblings resolves dependencies among the repository's own charts.
func TestSiblings(t *testing.T) {
	depends := func(version, repository string) string {
		return chartNamed("app", "1.0.0", fmt.Sprintf("dependencies: [{name: lib, version: %q, repository: %q}]\n", version, repository))
	}
	lib := func(version, size string) map[string]string {
		return map[string]string{
			"Chart.yaml":       chartNamed("lib", version),
			"templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + size + "}\n",
		}
	}
	missing := func(why string) string {
		return "not-evaluated a/app/Chart.yaml:4: dependency lib (VERSION) was not analysed: " + why + `; run "helm dependency build" before lint`
	}
	libs := map[string]map[string]string{
		"a/lib1": lib("1.2.0", "near-old"), "a/lib2": lib("1.10.0", "near-new"), "b/lib": lib("1.11.0", "far"), "b/next": lib("2.0.0-rc.1", "next"),
	}
	const none = "it is not in charts/, and b/next is version 2.0.0-rc.1"
	cases := []struct {
		name, version, repository string
		want                      string // object or problem
	}{
		{"the newest of the nearest", "^1.0.0", "https://charts.example", "ConfigMap/near-new"},
		{"a range with a tilde", "~1.2", "@acme", "ConfigMap/near-old"},
		{"an open range", ">=1.11", "oci://registry.example/charts", "ConfigMap/far"},
		{"an x", "1.x.x", "", "ConfigMap/near-new"},
		{"a v", "v1.2.0", "alias:acme", "ConfigMap/near-old"},
		{"a release before the release", ">=2.0.0-0", "", "ConfigMap/next"},
		{"none before the release unasked", ">=2.0.0", "https://charts.example", missing(none)},
		{"no range", "latest", "", missing(none)},
		{"a folder", "1.x", "file://../../b/lib", "ConfigMap/far"},
		{"no folder", "1.x", "file://../none", missing("there is no chart at file://../none")},
		{"a folder outside", "1.x", "file:///etc", missing("file:///etc leads out of the repository")},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{"a/app/Chart.yaml": depends(c.version, c.repository)}
			for root, inner := range libs {
				for name, text := range inner {
					files[root+"/"+name] = text
				}
			}
			result := renderAll(t, lay(t, files), render.Options{})["a/app"]
			want := c.want
			from := c.version
			if c.repository != "" {
				from += " from " + c.repository
			}
			want = strings.Replace(want, "VERSION", from, 1)
			var got []string
			for _, d := range result.Documents {
				got = append(got, d.Object.String())
			}
			got = append(got, problems(result)...)
			if diff := cmp.Diff([]string{want}, got); diff != "" {
				t.Error("(-want +got):\n" + diff)
			}
		})
	}
}

// TestCircle has two charts that depend on each other: neither holds up the other, nor what does not need it.
func TestCircle(t *testing.T) {
	chart := func(name, other, condition string) string {
		return chartNamed(name, "1.0.0", fmt.Sprintf("dependencies: [{name: %s, version: 1.x, condition: %s.enabled}]\n", other, condition))
	}
	results := renderAll(t, lay(t, map[string]string{
		"one/Chart.yaml": chart("one", "two", "two"), "one/templates/a.yaml": configMap,
		"two/Chart.yaml": chart("two", "one", "one"), "two/templates/a.yaml": configMap, "two/values.yaml": "one: {enabled: false}\n",
	}), render.Options{})
	if got := problems(results["one"]); got != nil || len(results["one"].Documents) != 2 {
		t.Errorf("one, where two does not need it: %v, %v", got, objects(results["one"]))
	}
	if got := problems(results["two"]); got != nil || len(results["two"].Documents) != 1 {
		t.Errorf("two, which does not need one: %v, %v", got, objects(results["two"]))
	}
}
