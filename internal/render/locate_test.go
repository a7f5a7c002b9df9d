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
	const dir = "web/templates/"
	for _, tt := range []struct {
		name, object string
		path         source.Path
		want         string
	}{
		{"the first of several alike", "Role/siblings", rule(0, "verbs"), `siblings.yaml:8~ "*"`},
		{"a condition left one out", "Role/siblings", rule(1, "verbs"), `siblings.yaml:17~ "*"`},
		{"items of a block list", "Role/siblings", rule(1, "resources"), `siblings.yaml:16 poddisruptionbudgets`},
		{"items of a flow list", "Role/siblings", rule(2, "apiGroups"), `siblings.yaml:18 '*'`},
		{"a list that an action writes", "Role/siblings", rule(2, "resources"), `siblings.yaml:19~ resources: {{ toYaml .Values.metrics.resources | nindent 6 }}`},
		{"the first round of a loop", "Role/siblings", rule(3, "verbs"), `siblings.yaml:25~ "*"`},
		{"the second round", "Role/siblings", rule(4, "verbs"), `siblings.yaml:25~ "*"`},
		{"after the loop", "Role/siblings", rule(5, "verbs"), `siblings.yaml:29~ "*"`},
		{"an item that is a map", "Role/siblings", source.Path{"rules", 3}, `siblings.yaml:22~ apiGroups: [""]`},
		{"what is missing from a list", "Role/siblings", source.Path{"rules", 9}, `siblings.yaml:5 rules`},

		{"the first document", "Pod/release-name-web-service-test", spec.Append("containers", 0, "image"), `documents.yaml:8~ image: {{ .Values.image.repository }}`},
		{"the second, by its name", "Pod/release-name-web-webhook-test", spec.Append("containers", 0, "image"), `documents.yaml:17~ image: {{ .Values.image.repository }}`},
		{"documents of a loop", "Pod/port-81", spec.Append("hostPID"), `documents.yaml:25~ true`},
		{"a document", "Pod/port-81", nil, `documents.yaml:21~ Pod`},

		{"in a named template", "Deployment/included", pod.Append("hostNetwork"), `_helpers.tpl:8~ true`},
		{"in one that a named one includes", "Deployment/included", pod.Append("containers", 0, "image"), `_helpers.tpl:15~ image: {{ .repository }}:{{ .tag }}`},
		{"in one whose name is not written out", "Deployment/computed", pod.Append("hostNetwork"), `computed.yaml:6~ {{- include (print "web." "pod") . | nindent 4 }}`},
		{"missing from a named template", "Deployment/included", pod.Append("hostPID"), `_helpers.tpl:7~ spec`},

		{"a named template that is a value", "Pod/branches", spec.Append("initContainers", 0, "image"), `branches.yaml:12~ image: {{ include "web.image" .Values.image }}`},
		{"text that was not written rules a branch out", "Pod/branches", spec.Append("containers", 0, "image"), `branches.yaml:18~ image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"`},
		{"keys that an action writes", "Pod/branches", spec.Append("containers", 0, "securityContext", "privileged"), `branches.yaml:21~ {{- toYaml .Values.securityContext | nindent 8 }}`},
		{"items that an action writes", "Pod/branches", spec.Append("containers", 1, "image"), `branches.yaml:23~ {{- toYaml . | nindent 4 }}`},
		{"quotes are part of a name", "Pod/branches", spec.Append("containers", 2, "name"), `branches.yaml:25 "quoted"`},
		{"and of a value", "Pod/branches", spec.Append("containers", 2, "image"), `branches.yaml:27 'busybox'`},
		{"and of an item", "Pod/branches", spec.Append("containers", 2, "command", 1), `branches.yaml:26 "-c"`},
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
	const set, part = "the value is set by ", "a part of the value is set by "
	for _, tt := range []struct {
		name, variant, object string
		path                  source.Path
		want                  []string
	}{
		{"a line names the values", "default", "Pod/branches", container(0, "image"), []string{
			"web/values.yaml:5 " + part + "image.repository", "web/values.yaml:6 " + part + "image.tag",
		}},
		{"the variant's own values win", "ci/loud-values.yaml", "Pod/branches", container(0, "image"), []string{
			"web/values.yaml:5 " + part + "image.repository", "web/ci/loud-values.yaml:2 " + part + "image.tag",
		}},
		{"a helper is given values", "default", "Pod/branches", spec.Append("initContainers", 0, "image"), []string{
			"web/values.yaml:5 " + part + "image.repository", "web/values.yaml:6 " + part + "image.tag",
		}},
		{"a boolean below what an action writes", "default", "Pod/branches", container(0, "securityContext", "privileged"), []string{
			"web/values.yaml:12 " + set + "securityContext.privileged",
		}},
		{"the variant sets it too", "ci/loud-values.yaml", "Pod/branches", container(0, "securityContext", "privileged"), []string{
			"web/ci/loud-values.yaml:4 " + set + "securityContext.privileged",
		}},
		{"an item below what an action writes", "default", "Pod/branches", container(1, "image"), []string{
			"web/values.yaml:15 " + set + "sidecars[0].image",
		}},
		{"a literal has no other cause", "default", "Pod/branches", container(2, "securityContext", "privileged"), nil},
		{"through includes", "default", "Deployment/included", source.Path{"spec", "template", "spec", "containers", 0, "image"}, []string{
			"web/templates/included.yaml:7 the named template is included here",
			"web/values.yaml:5 " + part + "image.repository", "web/values.yaml:6 " + part + "image.tag",
		}},
		{"the values of a subchart", "default", "Pod/cache", spec.Append("hostIPC"), []string{"web/charts/cache/values.yaml:2 " + set + "debug"}},
		{"that its parent sets", "default", "Pod/cache", container(0, "image"), []string{"web/values.yaml:17 " + set + "store.image"}},
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
	if got, want := at(t, root, bomb, "Pod/release-name", metadata), "bomb/templates/pod.yaml:4~ name: {{ .Release.Name }}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if spent := time.Since(start); spent > 10*time.Second {
		t.Errorf("took %s", spent)
	}
}
