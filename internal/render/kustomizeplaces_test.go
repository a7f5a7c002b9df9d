package render_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// part gives the place of a text in the value at a path, as at does, and the steps that lead there.
func part(t *testing.T, root string, result render.Result, object string, path source.Path, text string) string {
	t.Helper()
	i := slices.IndexFunc(result.Documents, func(d *source.Document) bool { return strings.HasPrefix(d.Object.String(), object) })
	if i < 0 {
		t.Fatalf("no %s in %v, %v", object, objects(result), problems(result))
	}
	trace := result.Documents[i].Locate(path, text)
	show := func(at source.Location) string {
		data, err := os.ReadFile(filepath.Join(root, at.Path))
		if err != nil {
			t.Fatal(err)
		}
		mark := ""
		if !at.Span.Exact {
			mark = "~"
		}
		return fmt.Sprintf("%s:%d%s %s", at.Path, at.Span.Start.Line, mark, data[at.Span.Start.Offset:at.Span.End.Offset])
	}
	out := []string{show(trace.Location)}
	for _, n := range trace.Related() {
		out = append(out, fmt.Sprintf("%s:%d", n.Location.Path, n.Location.Span.Start.Line))
	}
	return strings.Join(out, " < ")
}

func TestOverlayPlaces(t *testing.T) {
	root := repository(t, "overlays.txtar")
	results := renderAll(t, root, render.Options{})
	for _, tt := range overlayPlaces {
		t.Run(tt.name, func(t *testing.T) {
			if got := part(t, root, results[tt.unit], tt.object, tt.path, tt.text); got != tt.want {
				t.Errorf("%s %s\n got %s\nwant %s", tt.object, tt.path, got, tt.want)
			}
		})
	}
	if diff := cmp.Diff([]string{"ConfigMap/my-beside", "Pod/my-rel"}, objects(results["charted"])); diff != "" {
		t.Error("a chart is rendered without its definitions unless they are asked for (-want +got):\n" + diff)
	}
	want := []string{`not-evaluated far/kustomization.yaml:2: the chart nginx was not analysed: it is not in the repository and lint does not use the network; ` +
		`run "helm pull nginx --repo https://charts.example.com --version 1.2.3 --untar --untardir far/charts/nginx-1.2.3" and commit it`}
	if diff := cmp.Diff(want, problems(results["far"])); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
}

var pod = source.Path{"spec", "template", "spec"}

func container(i int, field ...any) source.Path { return pod.Append("containers", i).Append(field...) }

var overlayPlaces = []struct {
	name, unit, object string
	path               source.Path
	text, want         string
}{
	{"a merge patch adds a container", "smp", "Deployment/web", container(1, "image"), "", "smp/patch.yaml:10 side:latest < base/web.yaml:13"},
	{"and a boolean in it", "smp", "Deployment/web", container(1, "securityContext", "privileged"), "", "smp/patch.yaml:11 true < base/web.yaml:13"},
	{"an inline patch", "smp", "Deployment/web", pod.Append("hostNetwork"), "", "smp/kustomization.yaml:12 true < base/web.yaml:12"},
	{"an item by its merge key", "smp", "Deployment/web", container(0, "image"), "", "smp/kustomization.yaml:15 other/log:3.0 < base/web.yaml:21"},
	{"a text in it", "smp", "Deployment/web", container(0, "image"), "3.0", "smp/kustomization.yaml:15 3.0 < base/web.yaml:21"},
	{"what no patch touches", "smp", "Deployment/web", container(2, "image"), "", "base/web.yaml:15 localhost:5000/web:1.0"},
	{"an anchor", "smp", "Deployment/web", container(0, "env", 0, "value"), "", "base/web.yaml:19 safe"},
	{"a missing field is at its map", "smp", "Deployment/web", container(2, "securityContext", "privileged"), "", "base/web.yaml:14 name: web"},
	{"a missing field of the pod", "smp", "Deployment/web", pod.Append("hostUsers"), "", "base/web.yaml:12 spec"},

	{"a JSON patch replaces an image", "ops", "Deployment/web", container(0, "image"), "", "ops/kustomization.yaml:7 patched:1 < base/web.yaml:15"},
	{"a JSON patch adds a boolean", "ops", "Deployment/web", pod.Append("hostPID"), "", "ops/kustomization.yaml:8 true < base/web.yaml:12"},
	{"a JSON patch in a file of JSON", "ops", "ServiceAccount/robot", source.Path{"automountServiceAccountToken"}, "", "ops/ops.json:1 false < base/all.yaml:14"},
	{"beside a JSON patch", "ops", "Deployment/web", pod.Append("securityContext", "runAsNonRoot"), "", "base/web.yaml:26 false"},
	{"an images entry after a JSON patch", "ops", "Deployment/web", container(1, "image"), "9", "ops/kustomization.yaml:13 9 < base/web.yaml:21"},

	{"the newName holds the registry", "images", "Deployment/web", container(0, "image"), "registry.example.com:8443", "images/kustomization.yaml:4 registry.example.com:8443 < base/web.yaml:15 < mid/kustomization.yaml:4"},
	{"the newTag stands in the overlay below", "images", "Deployment/web", container(0, "image"), "2.0", "mid/kustomization.yaml:4 2.0 < base/web.yaml:15 < images/kustomization.yaml:4"},
	{"a digest", "images", "Deployment/web", container(1, "image"), "", "images/kustomization.yaml:6 sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3 < base/web.yaml:21"},
	{"a tag that no entry sets", "renamed", "Deployment/web", container(1, "image"), "2.0", "base/web.yaml:21 2.0 < renamed/kustomization.yaml:4"},
	{"nothing holds all of an image", "renamed", "Deployment/web", container(1, "image"), "ghcr.io/fluent/log:2.0", "renamed/kustomization.yaml:4 ghcr.io/fluent/log < base/web.yaml:21"},
	{"the same image in two overlays", "mid2", "Deployment/web", container(0, "image"), "3.0", "mid2/kustomization.yaml:4 3.0 < base/web.yaml:15"},
	{"the name is that of the resource", "mid2", "Deployment/web", container(0, "image"), "localhost:5000", "base/web.yaml:15 localhost:5000 < mid2/kustomization.yaml:4"},

	{"a name with a prefix and a suffix", "named", "Deployment/shop/pre-web-suf", source.Path{"metadata", "name"}, "", "base/web.yaml:5 web < named/kustomization.yaml:3 < named/kustomization.yaml:4"},
	{"the name of a generated object", "named", "Deployment/shop/pre-web-suf", container(0, "envFrom", 0, "configMapRef", "name"), "", "base/web.yaml:17 settings < named/kustomization.yaml:3 < named/kustomization.yaml:4"},
	{"a namespace", "named", "Deployment/shop/pre-web-suf", source.Path{"metadata", "namespace"}, "", "named/kustomization.yaml:5 shop < base/web.yaml:4"},
	{"an annotation for all", "named", "Deployment/shop/pre-web-suf", source.Path{"metadata", "annotations", "owner"}, "", "named/kustomization.yaml:6 me < base/web.yaml:6"},
	{"an annotation of its own", "named", "Deployment/shop/pre-web-suf", source.Path{"metadata", "annotations", "team"}, "", "base/web.yaml:6 shop"},
	{"a label", "named", "Deployment/shop/pre-web-suf", source.Path{"metadata", "labels", "tier"}, "", "named/kustomization.yaml:8 front < base/web.yaml:4"},
	{"replicas", "named", "Deployment/shop/pre-web-suf", source.Path{"spec", "replicas"}, "", "named/kustomization.yaml:11 7 < base/web.yaml:8"},
	{"a component with a target", "named", "Deployment/shop/pre-web-suf", pod.Append("hostIPC"), "", "part/host.yaml:8 true < base/web.yaml:12"},
	{"a generated object's name", "named", "ConfigMap/shop/pre-settings-suf-", source.Path{"metadata", "name"}, "", "base/Kustomization:3 settings < named/kustomization.yaml:3 < named/kustomization.yaml:4"},

	{"a literal", "named", "ConfigMap/shop/pre-settings-suf-", source.Path{"data", "mode"}, "", "base/Kustomization:4 fast"},
	{"a literal that reads like its key", "named", "ConfigMap/shop/pre-settings-suf-", source.Path{"data", "a"}, "", "base/Kustomization:4 a"},
	{"a file", "named", "ConfigMap/shop/pre-settings-suf-", source.Path{"data", "motd.txt"}, "", "base/motd.txt:1 hello < base/Kustomization:5"},
	{"a text in a file", "named", "ConfigMap/shop/pre-settings-suf-", source.Path{"data", "other"}, "second", "base/note.txt:2 second < base/Kustomization:5"},
	{"an env file", "named", "ConfigMap/shop/pre-settings-suf-", source.Path{"data", "LEVEL"}, "", "base/app.env:2 debug < base/Kustomization:6"},
	{"a secret", "named", "Secret/shop/pre-token-suf-", source.Path{"data", "password"}, "", "base/Kustomization:12 hunter2"},
	{"a generator's option", "named", "ConfigMap/shop/pre-fixed-suf", source.Path{"metadata", "labels", "made"}, "", "base/Kustomization:14 by-hand"},

	{"the second of several documents", "named", "ServiceAccount/shop/pre-robot-suf", source.Path{"automountServiceAccountToken"}, "", "base/all.yaml:14 true"},
	{"an item of a list", "named", "ConfigMap/shop/pre-listed-suf", source.Path{"data", "one"}, "", `base/list.yaml:8 "1"`},

	{"a replacement", "copied", "Deployment/web", container(0, "env", 0, "value"), "", `base/list.yaml:8 "1" < base/web.yaml:19 < copied/kustomization.yaml:7`},
	{"a variable", "vars", "Pod/one", source.Path{"spec", "containers", 0, "args", 0}, "", "vars/cm.yaml:5 example.com < vars/pod.yaml:8 < vars/kustomization.yaml:3"},
	{"a patch that replaces", "replaced", "Deployment/web", container(0, "image"), "", "replaced/kustomization.yaml:14 only:1 < base/web.yaml:13"},

	{"an images entry over a chart", "charted", "Pod/my-rel", source.Path{"spec", "containers", 1, "image"}, "5", "charted/kustomization.yaml:11 5 < charts/app/templates/pod.yaml:11"},
	{"a template's line", "charted", "Pod/my-rel", source.Path{"spec", "hostPID"}, "", "charts/app/templates/pod.yaml:6 true"},
	{"a value given in the kustomization", "charted", "Pod/my-rel", source.Path{"spec", "containers", 0, "image"}, "inline", "charted/kustomization.yaml:8 inline < charts/app/templates/pod.yaml:9"},
}

// TestOverlaysAreUnchanged holds that what tells the places changes nothing of what is built.
func TestOverlaysAreUnchanged(t *testing.T) {
	root := repository(t, "overlays.txtar")
	for name, result := range renderAll(t, root, render.Options{}) {
		if result.Unit.Renderer != render.Kustomize || name == "charted" || name == "far" {
			continue
		}
		want, ok := plainly(t, root, result.Unit)
		if !ok {
			t.Errorf("%s does not build plainly", name)
			continue
		}
		compare(t, name, want, want, result)
	}
}

func TestKustomizeFaults(t *testing.T) {
	for _, tt := range []struct{ name, kustomization, want string }{
		{
			"a patch for what is not there", "resources: [cm.yaml]\npatches:\n  - path: ok.yaml\n  - path: lost.yaml\n",
			"render-error kustomization.yaml:4: the kustomization does not build: a patch is for Secret/lost, which is not among the resources",
		},
		{
			"an inline one", "resources: [cm.yaml]\npatches:\n  - path: ok.yaml\n  - patch: |-\n      apiVersion: v1\n      kind: Secret\n      metadata: {name: lost}\n",
			"render-error kustomization.yaml:4: the kustomization does not build: a patch is for Secret/lost, which is not among the resources",
		},
		{
			"a resource that is no object", "resources:\n  - cm.yaml\n  - note.yaml\n",
			"render-error kustomization.yaml:3: the kustomization does not build: resource note.yaml: it holds no Kubernetes object",
		},
		{
			"a generator that changes what is not there", "resources: [cm.yaml]\nconfigMapGenerator:\n  - {name: two}\n  - {name: lost, behavior: merge}\n",
			"render-error kustomization.yaml:4: the kustomization does not build: a generator changes ConfigMap/lost, which is not among the resources",
		},
		{
			"a generator that makes what is there", "resources: [cm.yaml]\nsecretGenerator:\n  - {name: one}\nconfigMapGenerator:\n  - {name: one}\n",
			"render-error kustomization.yaml:5: the kustomization does not build: a generator makes ConfigMap/one, which is among the resources already: its behavior must be merge or replace",
		},
		{
			"an item that is no patch", "resources: [cm.yaml]\npatches:\n  - path: ok.yaml\n  - 1\n",
			"render-error kustomization.yaml:4: the kustomization does not build: the field patches takes no number",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			root := t.TempDir()
			write(t, filepath.Join(root, "kustomization.yaml"), tt.kustomization)
			write(t, filepath.Join(root, "cm.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n")
			write(t, filepath.Join(root, "note.yaml"), "only a text\n")
			write(t, filepath.Join(root, "ok.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {a: b}\n")
			write(t, filepath.Join(root, "lost.yaml"), "apiVersion: v1\nkind: Secret\nmetadata: {name: lost}\n")
			if diff := cmp.Diff([]string{tt.want}, problems(renderAll(t, root, render.Options{})["."])); diff != "" {
				t.Error("(-want +got):\n" + diff)
			}
		})
	}
}

// TestSchemasStayApart builds a kustomization with a schema of its own between others, in one child: nothing of it is
// left for those that follow.
func TestSchemasStayApart(t *testing.T) {
	root := t.TempDir()
	const object = "apiVersion: acme.dev/v1\nkind: Thing\nmetadata: {name: one}\nspec:\n  parts: [{name: a, image: a:1}, {name: b, image: b:1}]\n"
	const patch = "apiVersion: acme.dev/v1\nkind: Thing\nmetadata: {name: one}\nspec:\n  parts: [{name: b, image: b:2}]\n"
	for dir, extra := range map[string]string{"a": "", "b": "openapi: {path: schema.json}\n", "c": ""} {
		write(t, filepath.Join(root, dir, "kustomization.yaml"), "resources: [thing.yaml]\npatches: [{path: patch.yaml}]\n"+extra)
		write(t, filepath.Join(root, dir, "thing.yaml"), object)
		write(t, filepath.Join(root, dir, "patch.yaml"), patch)
		write(t, filepath.Join(root, dir, "schema.json"), `{"definitions": {"dev.acme.v1.Thing": {
			"x-kubernetes-group-version-kind": [{"group": "acme.dev", "kind": "Thing", "version": "v1"}],
			"properties": {"spec": {"properties": {"parts": {"type": "array", "x-kubernetes-patch-merge-key": "name",
			"x-kubernetes-patch-strategy": "merge", "items": {"type": "object"}}}}}}}}`)
	}
	results := renderAll(t, root, render.Options{Workers: 1})
	for dir, want := range map[string]int{"a": 1, "b": 2, "c": 1} {
		parts, _ := source.Path{"spec", "parts"}.Get(results[dir].Documents[0].Value)
		if list, _ := parts.([]any); len(list) != want {
			t.Errorf("%s: %v, want %d parts", dir, parts, want)
		}
	}
	if got, want := part(t, root, results["b"], "Thing/one", source.Path{"spec", "parts", 0, "image"}, ""), "b/patch.yaml:5 b:2 < b/thing.yaml:5"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
