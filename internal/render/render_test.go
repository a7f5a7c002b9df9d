package render_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// repository writes a fixture to a directory of its own.
func repository(t *testing.T, name string) string {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	for _, f := range archive.Files {
		full := filepath.Join(root, f.Name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func link(t *testing.T, target, name string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
}

// renderAll renders all units of a repository, by root.
func renderAll(t *testing.T, root string, options render.Options) map[string]render.Result {
	t.Helper()
	options.Root = root
	r, err := render.New(options)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	out := map[string]render.Result{}
	for _, unit := range render.NewPlan(filesOf(t, root), render.PlanOptions{}).Units {
		out[unit.Root] = r.Render(context.Background(), unit)
	}
	return out
}

// objects lists a result's documents with the variants that give them.
func objects(result render.Result) []string {
	var out []string
	for _, d := range result.Documents {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s", d.Object, strings.Join(d.Origin.Variants, ","))))
	}
	return out
}

func problems(result render.Result) []string {
	var out []string
	for _, p := range result.Problems {
		if p.Told {
			continue // not told again
		}
		out = append(out, fmt.Sprintf("%s %s:%d: %s", p.Rule, p.Location.Path, p.Location.Span.Start.Line, p.Message))
	}
	return out
}

// at gives the place of a path in the document of an object: file:line, a "~" where it is not exact, and the text.
func at(t *testing.T, root string, result render.Result, object string, path source.Path) string {
	t.Helper()
	i := slices.IndexFunc(result.Documents, func(d *source.Document) bool { return d.Object.String() == object })
	if i < 0 {
		t.Fatalf("no %s in %v", object, objects(result))
	}
	trace := result.Documents[i].Locate(path, "")
	data, err := os.ReadFile(filepath.Join(root, trace.Path))
	if err != nil {
		t.Fatal(err)
	}
	mark := ""
	if !trace.Span.Exact {
		mark = "~"
	}
	return fmt.Sprintf("%s:%d%s %s", trace.Path, trace.Span.Start.Line, mark, data[trace.Span.Start.Offset:trace.Span.End.Offset])
}

func TestPlan(t *testing.T) {
	units := func(fixture string) []string {
		var out []string
		for _, u := range render.NewPlan(filesOf(t, repository(t, fixture)), render.PlanOptions{}).Units {
			names := make([]string, len(u.Variants))
			for i, v := range u.Variants {
				names[i] = v.Name
			}
			out = append(out, strings.TrimSpace(u.Renderer+" "+u.Root+" "+strings.Join(names, ",")))
		}
		return out
	}
	if diff := cmp.Diff([]string{"helm lists default", "helm web default,ci/ha-values.yaml,ci/same-values.yaml"}, units("charts.txtar")); diff != "" {
		t.Error("vendored and library charts are no units (-want +got):\n" + diff)
	}
	want := []string{
		"kustomize absent", "kustomize alone", "kustomize broken", "kustomize brokenfile", "kustomize cyclea", "kustomize empty", "kustomize escape", "kustomize garbage",
		"kustomize helm", "kustomize openapi", "kustomize outside", "kustomize overlay", "kustomize plugin", "kustomize remote", "kustomize remotepatched",
	}
	if diff := cmp.Diff(want, units("kustomize.txtar")); diff != "" {
		t.Error("used bases and components are no units, a circle is one (-want +got):\n" + diff)
	}
}

func TestPlanCovers(t *testing.T) {
	covered := render.NewPlan(filesOf(t, repository(t, "kustomize.txtar")), render.PlanOptions{}).Covered
	for name, want := range map[string]bool{
		"base/deployment.yaml": true, "debug/host.yaml": true, "remote/cm.yaml": true, "plugin/run.yaml": true,
		"openapi/schema.json": true, "overlay/kustomization.yaml": false, "base/kustomization.yaml": false,
	} {
		if covered[name] != want {
			t.Errorf("covered[%s] = %t", name, !want)
		}
	}
}

func TestCharts(t *testing.T) {
	root := repository(t, "charts.txtar")
	results := renderAll(t, root, render.Options{})
	all := "ci/ha-values.yaml,ci/same-values.yaml,default"
	want := []string{
		"CustomResourceDefinition/things.acme.dev " + all,
		"PersistentVolumeClaim/store " + all,
		"Deployment/release-name-web default",
		"Job/migrate " + all,
		"Deployment/release-name-web ci/ha-values.yaml",
		"Deployment/release-name-web ci/same-values.yaml", // the same text, of values that are set elsewhere
	}
	if diff := cmp.Diff(want, objects(results["web"])); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
	if diff := cmp.Diff([]string{"ConfigMap/release-name default", "Secret/inner default"}, objects(results["lists"])); diff != "" {
		t.Error("a list is unpacked (-want +got):\n" + diff)
	}
	for name, result := range results {
		if len(result.Problems) > 0 {
			t.Errorf("%s: %v", name, problems(result))
		}
	}
	web := results["web"]
	spec := source.Path{"spec", "template", "spec"}
	for want, got := range map[string]string{
		"web/templates/deployment.yaml:11 true": at(t, root, web, "Deployment/release-name-web", spec.Append("hostNetwork")),
		`web/values.yaml:3 "1.4"`:               at(t, root, web, "Deployment/release-name-web", spec.Append("containers", 0, "image")),
		"web/values.yaml:4 false":               at(t, root, web, "Deployment/release-name-web", spec.Append("containers", 0, "securityContext", "privileged")),
		"web/crds/thing.yaml:4 things.acme.dev": at(t, root, web, "CustomResourceDefinition/things.acme.dev", source.Path{"metadata", "name"}),
		"web/values.yaml:6 3Gi":                 at(t, root, web, "PersistentVolumeClaim/store", source.Path{"spec", "resources", "requests", "storage"}),
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	image := web.Documents[2].Locate(spec.Append("containers", 0, "image"), "")
	var notes []string
	for _, n := range image.Related() {
		notes = append(notes, fmt.Sprintf("%s:%d %s", n.Location.Path, n.Location.Span.Start.Line, n.Message))
	}
	if diff := cmp.Diff([]string{
		"web/templates/deployment.yaml:14 the template writes it here", "web/values.yaml:2 the value image.repository is set here",
	}, notes); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
}

func TestBrokenCharts(t *testing.T) {
	results := renderAll(t, repository(t, "broken.txtar"), render.Options{})
	vendor := `it is not in charts/ and lint does not use the network`
	want := map[string][]string{
		"badvalues": {"render-error badvalues/values.yaml:2: badvalues/values.yaml: a value is missing: a bracket or brace is not closed, or a comma is one too many"},
		"character": {"render-error character/templates/web.yaml:1: chart character does not render: the character “ stands in an action outside of quotes"},
		"demands":   {"not-evaluated demands/values.yaml:1: chart demands was not rendered: web.yaml requires the value cluster.name: give the cluster a name; give an example of such values in a ci/*-values.yaml of the chart, or name a file of values in helm.values of the configuration"},
		"demandsci": nil,
		"fails":     {"not-evaluated fails/templates/web.yaml:2: chart fails was not rendered: web.yaml asks for values: ok must be set; give an example of such values in a ci/*-values.yaml of the chart, or name a file of values in helm.values of the configuration"},
		"good":      nil,
		"include":   {`render-error include/templates/web.yaml:4: chart include does not render: it includes the template "lib.name", which neither the chart nor its dependencies define`},
		"index":     {"render-error index/templates/web.yaml:1: chart index does not render: it looks for an item in a value that is not set"},
		"missing":   {"not-evaluated missing/Chart.yaml:5: dependency redis (18.x.x from https://charts.example.com) was not analysed: " + vendor + `; run "helm dependency build" before lint`},
		"missingfatal": {"not-evaluated missingfatal/Chart.yaml:5: dependency helpers (1.0.0 from oci://registry.example.com/charts) was not analysed: " + vendor +
			`; the chart does not render without it; run "helm dependency build" before lint`},
		"nil":          {"render-error nil/templates/_helpers.tpl:2: chart nil does not render: it reads .repository of a value that is not set"},
		"notext":       {"render-error notext/templates/web.yaml:6: chart notext does not render: it gives a value that is not set to a function that takes a string"},
		"notyaml":      {"render-error notyaml/templates/web.yaml:5: notyaml/templates/web.yaml renders to what is no YAML, at line 5 of its output: the text does not continue the map or list that it stands in: check the indentation and the quotes"},
		"parse":        {"render-error parse/templates/web.yaml:2: chart parse does not render: unclosed action"},
		"remoteschema": nil,
		"schema":       {"not-evaluated schema/values.schema.json:1: chart schema was not rendered: its values do not fit schema/values.schema.json: - at '': missing property 'cluster'"},
	}
	got := map[string][]string{}
	for name, result := range results {
		got[name] = problems(result)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
	for _, name := range []string{"demandsci", "good", "missing", "remoteschema"} {
		if len(results[name].Documents) != 1 {
			t.Errorf("%s: %v", name, objects(results[name]))
		}
	}
}

func TestHostileCharts(t *testing.T) {
	if underRace {
		t.Skip("the race detector's own memory is past the limit that is tested")
	}
	root := repository(t, "hostile.txtar")
	for _, name := range []string{"passwd", "loop"} {
		write(t, filepath.Join(root, name, "Chart.yaml"), "apiVersion: v2\nname: "+name+"\nversion: 1.0.0\n")
		write(t, filepath.Join(root, name, "templates", "web.yaml"), "data: {{ .Files.Get \"p.txt\" | quote }}\n")
	}
	link(t, "/etc/passwd", filepath.Join(root, "passwd", "p.txt"))
	link(t, "../loop", filepath.Join(root, "loop", "again"))
	write(t, filepath.Join(root, "secret.txt"), "secret")
	start := time.Now()
	results := renderAll(t, root, render.Options{Timeout: 3 * time.Second, Memory: 256 << 20, Workers: 1})
	if spent := time.Since(start); spent > time.Minute {
		t.Errorf("took %s", spent)
	}
	for name, want := range map[string]string{
		"bomb":    "more than 1000000 values once its aliases are expanded",
		"crypt":   "it took longer than the time limit of 3s, rendering crypt/templates/web.yaml",
		"include": "nested reference name",
		"loop":    "is a loop of symbolic links",
		"passwd":  "passwd/p.txt leads out of the repository; lint reads nothing outside of it",
		"range":   "limit of",
		"repeat":  "it took more than the memory limit of 256 MiB, rendering repeat/templates/web.yaml",
		"spin":    "it took longer than the time limit of 3s, rendering spin/templates/web.yaml",
		"tpl":     "it recursed past the stack limit of 32 MiB; look for a template that calls itself through tpl or include, rendering tpl/templates/web.yaml",
	} {
		result := results[name]
		if len(result.Problems) != 1 || len(result.Documents) != 0 || !strings.Contains(result.Problems[0].Message, want) {
			t.Errorf("%s: got %v and %d documents, want one problem with %q", name, problems(result), len(result.Documents), want)
		}
	}
	good := results["good"]
	if len(good.Problems) != 0 || len(good.Documents) != 1 {
		t.Fatalf("good: %v", problems(good))
	}
	want := map[string]any{"env": "", "host": ""}
	if diff := cmp.Diff(want, good.Documents[0].Value.(map[string]any)["data"]); diff != "" {
		t.Error("a chart sees nothing of the machine (-want +got):\n" + diff)
	}
}

func write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestKustomize(t *testing.T) {
	root := repository(t, "kustomize.txtar")
	results := renderAll(t, root, render.Options{})
	left := " was not analysed: lint does not use the network"
	want := map[string][]string{
		"absent":     {"render-error absent/kustomization.yaml:3: resource nothing.yaml does not exist"},
		"alone":      {"not-evaluated alone/kustomization.yaml:1: the component was not analysed: no kustomization of the repository uses it, and it does not build alone: a patch is for Deployment/elsewhere, which is not among the resources"},
		"broken":     nil, // its own linting tells
		"brokenfile": {"render-error brokenfile/cm.yaml:3: brokenfile/cm.yaml: a colon stands where no key can: put the text around it in quotes, or check the indentation"},
		"cyclea":     {"render-error cycleb/kustomization.yaml:2: resource ../cyclea leads back to a kustomization that uses it: a cycle"},
		"empty":      {"render-error empty/kustomization.yaml:1: the kustomization does not build: kustomization.yaml is empty"},
		"escape":     {"render-error escape/kustomization.yaml:2: resource ../../../etc leads out of the repository; lint reads nothing outside of it"},
		"garbage":    {"render-error garbage/kustomization.yaml:3: the kustomization does not build: the field images takes no bool"},
		"helm":       {"not-evaluated helm/kustomization.yaml:3: the chart nginx was not analysed: it is not in the repository and lint does not use the network; run \"helm pull nginx --repo https://charts.example.com --untar --untardir helm/charts\" and commit it"},
		"openapi":    nil,
		"outside":    {"render-error outside/kustomization.yaml:2: resource ../remote/cm.yaml lies outside of the kustomization's directory, so Kustomize refuses to build; if you build with --load-restrictor LoadRestrictionsNone, set kustomize.load-restrictor: none"},
		"overlay":    nil,
		"plugin":     {"not-evaluated plugin/kustomization.yaml:3: the transformer Runner was not analysed: it is a program, and lint runs none that a repository names"},
		"remote": {
			"not-evaluated remote/kustomization.yaml:3: the remote resource https://github.com/acme/base//deploy?ref=v1" + left,
			"not-evaluated remote/kustomization.yaml:4: the remote resource github.com/acme/other?ref=main" + left,
			"not-evaluated remote/kustomization.yaml:5: the remote resource https://example.com/crd.yaml" + left,
		},
		"remotepatched": {"not-evaluated remotepatched/kustomization.yaml:2: the remote resource git@github.com:acme/base" + left +
			"; the kustomization does not build without it: a patch is for Deployment/far, which is not among the resources"},
	}
	got := map[string][]string{}
	for name, result := range results {
		got[name] = problems(result)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
	for name, want := range map[string]string{"remote": "here", "helm": "beside", "plugin": "beside", "openapi": "schema"} {
		if got := objects(results[name]); !cmp.Equal(got, []string{"ConfigMap/" + want}) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestKustomizePlaces(t *testing.T) {
	root := repository(t, "kustomize.txtar")
	overlay := renderAll(t, root, render.Options{})["overlay"]
	if got := objects(overlay); len(got) != 2 || got[0] != "Deployment/prod-web" || !strings.HasPrefix(got[1], "ConfigMap/prod-settings-") {
		t.Fatalf("got %v", got)
	}
	pod := source.Path{"spec", "template", "spec"}
	for _, tt := range []struct {
		path source.Path
		want string
	}{
		{pod.Append("containers", 0, "name"), "base/deployment.yaml:10 web"},
		{pod.Append("containers", 0, "image"), `overlay/kustomization.yaml:8 "2.0"`},
		{pod.Append("hostPID"), "debug/host.yaml:8 true"},
		{source.Path{"spec", "replicas"}, "overlay/kustomization.yaml:14 5"},
		{source.Path{"metadata", "name"}, "base/deployment.yaml:4 web"},
	} {
		if got := at(t, root, overlay, "Deployment/prod-web", tt.path); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.path, got, tt.want)
		}
	}
	if got := at(t, root, overlay, overlay.Documents[1].Object.String(), source.Path{"data", "a"}); got != "base/kustomization.yaml:5 b" {
		t.Errorf("an entry of a generated object stands at its literal: got %s", got)
	}
	metadata, _ := source.Path{"metadata"}.Get(overlay.Documents[0].Value)
	if diff := cmp.Diff(map[string]any{"name": "prod-web"}, metadata); diff != "" {
		t.Error("no annotation of ours is left (-want +got):\n" + diff)
	}
}

func TestCancelled(t *testing.T) {
	root := repository(t, "charts.txtar")
	r, err := render.New(render.Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	result := r.Render(ctx, render.NewPlan(filesOf(t, root), render.PlanOptions{}).Units[0])
	if len(result.Problems) != 1 || !strings.Contains(result.Problems[0].Message, "context canceled") {
		t.Errorf("got %v", problems(result))
	}
}

// BenchmarkChild is what a child process costs: to start one, and to have one that runs render a tiny chart.
func BenchmarkChild(b *testing.B) {
	root := b.TempDir()
	for name, text := range map[string]string{
		"Chart.yaml": "apiVersion: v2\nname: tiny\nversion: 1.0.0\n", "templates/web.yaml": "apiVersion: v1\nkind: ConfigMap\n",
	} {
		write(b, filepath.Join(root, name), text)
	}
	unit := render.NewPlan(filesOf(b, root), render.PlanOptions{}).Units[0]
	start := func() *render.Renderer {
		r, err := render.New(render.Options{Root: root})
		if err != nil {
			b.Fatal(err)
		}
		return r
	}
	b.Run("cold", func(b *testing.B) {
		for range b.N {
			r := start()
			r.Render(context.Background(), unit)
			r.Close()
		}
	})
	b.Run("warm", func(b *testing.B) {
		r := start()
		defer r.Close()
		r.Render(context.Background(), unit)
		b.ResetTimer()
		for range b.N {
			r.Render(context.Background(), unit)
		}
	})
}
