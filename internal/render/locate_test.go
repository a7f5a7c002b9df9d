package render_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// notes lists what a place of an object is related to: file:line and message.
func notes(result render.Result, object string, path source.Path) []string {
	i := slices.IndexFunc(result.Documents, func(d *source.Document) bool { return d.Object.String() == object })
	var out []string
	for _, n := range result.Documents[i].Locate(path, "").Related() {
		out = append(out, fmt.Sprintf("%s:%d %s", n.Location.Path, n.Location.Span.Start.Line, n.Message))
	}
	return out
}

// variant keeps the documents that one set of values gives.
func variant(result render.Result, name string) render.Result {
	result.Documents = slices.DeleteFunc(slices.Clone(result.Documents), func(d *source.Document) bool {
		return !slices.Contains(d.Origin.Variants, name)
	})
	return result
}

func TestTemplatePlaces(t *testing.T) {
	root := repository(t, "locate.txtar")
	web := variant(renderAll(t, root, render.Options{})["web"], "default")
	spec := source.Path{"spec"}
	pod := spec.Append("template", "spec")
	rule := func(i int, field string) source.Path { return source.Path{"rules", i, field, 0} }
	const dir = "web/"
	for _, tt := range []struct {
		name, object string
		path         source.Path
		want         string
	}{
		{"the first of several alike", "Role/siblings", rule(0, "verbs"), `templates/siblings.yaml:8 "*"`},
		{"a condition left one out", "Role/siblings", rule(1, "verbs"), `templates/siblings.yaml:17 "*"`},
		{"items of a block list", "Role/siblings", rule(1, "resources"), `templates/siblings.yaml:16 poddisruptionbudgets`},
		{"items of a flow list", "Role/siblings", rule(2, "apiGroups"), `templates/siblings.yaml:18 '*'`},
		{"a list that an action writes", "Role/siblings", rule(2, "resources"), `values.yaml:8 "*"`},
		{"the first round of a loop", "Role/siblings", rule(3, "verbs"), `templates/siblings.yaml:25 "*"`},
		{"the second round", "Role/siblings", rule(4, "verbs"), `templates/siblings.yaml:25 "*"`},
		{"after the loop", "Role/siblings", rule(5, "verbs"), `templates/siblings.yaml:29 "*"`},
		{"an item that is a map", "Role/siblings", source.Path{"rules", 3}, `templates/siblings.yaml:22 apiGroups: [""]`},
		{"what is missing from a list", "Role/siblings", source.Path{"rules", 9}, `templates/siblings.yaml:5 rules`},

		{"the first document", "Pod/release-name-web-service-test", spec.Append("containers", 0, "image"), `values.yaml:5 ghcr.io/acme/web`},
		{"the second, by its name", "Pod/release-name-web-webhook-test", spec.Append("containers", 0, "image"), `values.yaml:5 ghcr.io/acme/web`},
		{"documents of a loop", "Pod/port-81", spec.Append("hostPID"), `templates/documents.yaml:25 true`},
		{"a document", "Pod/port-81", nil, `templates/documents.yaml:20 apiVersion: v1`},

		{"in a named template", "Deployment/included", pod.Append("hostNetwork"), `templates/_helpers.tpl:8 true`},
		{"in one that a named one includes", "Deployment/included", pod.Append("containers", 0, "image"), `values.yaml:6 v1.4.0`},
		{"in one whose name is not written out", "Deployment/computed", pod.Append("hostNetwork"), `templates/_helpers.tpl:8 true`},
		{"missing from a named template", "Deployment/included", pod.Append("hostPID"), `templates/_helpers.tpl:7 spec`},

		{"a named template that is a value", "Pod/branches", spec.Append("initContainers", 0, "image"), `values.yaml:6 v1.4.0`},
		{"text that was not written rules a branch out", "Pod/branches", spec.Append("containers", 0, "image"), `values.yaml:6 v1.4.0`},
		{"keys that an action writes", "Pod/branches", spec.Append("containers", 0, "securityContext", "privileged"), `values.yaml:12 true`},
		{"items that an action writes", "Pod/branches", spec.Append("containers", 1, "image"), `values.yaml:15 envoy:latest`},
		{"quotes are part of a name", "Pod/branches", spec.Append("containers", 2, "name"), `templates/branches.yaml:25 "quoted"`},
		{"and of a value", "Pod/branches", spec.Append("containers", 2, "image"), `templates/branches.yaml:27 'busybox'`},
		{"and of an item", "Pod/branches", spec.Append("containers", 2, "command", 1), `templates/branches.yaml:26 "-c"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := at(t, root, web, tt.object, tt.path); got != dir+tt.want {
				t.Errorf("%s %s: got %s, want %s", tt.object, tt.path, got, dir+tt.want)
			}
		})
	}
}

func TestTemplateNotes(t *testing.T) {
	web := renderAll(t, repository(t, "locate.txtar"), render.Options{})["web"]
	spec := source.Path{"spec"}
	container := func(i int, field ...any) source.Path { return spec.Append("containers", i).Append(field...) }
	const writes = "the template writes it here"
	for _, tt := range []struct {
		name, variant, object string
		path                  source.Path
		want                  []string
	}{
		{"the line, and the other value in it", "default", "Pod/branches", container(0, "image"), []string{
			"web/templates/branches.yaml:18 " + writes, "web/values.yaml:5 the value image.repository is set here",
			"web/values.yaml:3 it is written because of the value digest",
		}},
		{"the variant's own values win", "ci/loud-values.yaml", "Pod/branches", container(0, "image"), []string{
			"web/templates/branches.yaml:18 " + writes, "web/values.yaml:5 the value image.repository is set here",
			"web/values.yaml:3 it is written because of the value digest",
		}},
		{"a helper is given values", "default", "Pod/branches", spec.Append("initContainers", 0, "image"), []string{
			"web/templates/_helpers.tpl:19 " + writes, "web/templates/branches.yaml:12 the template is included here",
			"web/values.yaml:5 the value image.repository is set here",
		}},
		{"a boolean below what an action writes", "default", "Pod/branches", container(0, "securityContext", "privileged"), []string{
			"web/templates/branches.yaml:21 " + writes,
		}},
		{"an item below what an action writes", "default", "Pod/branches", container(1, "image"), []string{
			"web/templates/branches.yaml:23 " + writes, "web/values.yaml:13 it is written because of the value sidecars",
		}},
		{"a literal has no other cause", "default", "Pod/branches", container(2, "securityContext", "privileged"), nil},
		{"but what decides that it is written", "ci/loud-values.yaml", "Pod/branches", container(2, "tty"), []string{
			"web/ci/loud-values.yaml:5 it is written because of the value loud",
		}},
		{"through includes", "default", "Deployment/included", source.Path{"spec", "template", "spec", "containers", 0, "image"}, []string{
			"web/templates/_helpers.tpl:15 " + writes, "web/templates/_helpers.tpl:10 the template is included here",
			"web/templates/included.yaml:7 the template is included here", "web/values.yaml:5 the value image.repository is set here",
		}},
		{"the values of a subchart", "default", "Pod/cache", spec.Append("hostIPC"), []string{"web/charts/cache/templates/pod.yaml:6 " + writes}},
		{"that its parent sets", "default", "Pod/cache", container(0, "image"), []string{"web/charts/cache/templates/pod.yaml:9 " + writes}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, notes(variant(web, tt.variant), tt.object, tt.path)); diff != "" {
				t.Error("(-want +got):\n" + diff)
			}
		})
	}
}

func TestTemplatePlacesAreBounded(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "bomb", "Chart.yaml"), "apiVersion: v2\nname: bomb\nversion: 1.0.0\n")
	write(t, filepath.Join(root, "bomb", "templates", "_bomb.tpl"),
		`{{ define "bomb" }}`+strings.Repeat(`{{ include "bomb" . | nindent 200 }}`, 10)+strings.Repeat("- ", 10_000)+"x\n{{ end }}")
	write(t, filepath.Join(root, "bomb", "templates", "pod.yaml"),
		"apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n{{ if .Values.never }}\n{{ include \"bomb\" . }}\n{{ end }}\nspec:\n  hostPID: {{ true }}\n")
	bomb := renderAll(t, root, render.Options{})["bomb"]
	start := time.Now()
	metadata := source.Path{"metadata", "name"}
	if got, want := at(t, root, bomb, "Pod/release-name", metadata), "bomb/templates/pod.yaml:4 {{ .Release.Name }}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if spent := time.Since(start); spent > 10*time.Second {
		t.Errorf("took %s", spent)
	}
}
