package kube_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/kube"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func TestMisfits(t *testing.T) {
	cases := map[string]struct {
		text string
		want []string
	}{
		"all in order":      {"apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80, targetPort: http}]}\n", nil},
		"a name to guess":   {"apiVersion: v1\nkind: Service\nspec: {selectors: {a: b}}\n", []string{"spec.selectors: ServiceSpec has no selectors, selector?"}},
		"a name of another": {"apiVersion: v1\nkind: Service\nspec: {replicas: 2}\n", []string{"spec.replicas: ServiceSpec has no replicas, ?"}},
		"embedded fields":   {"apiVersion: v1\nkind: Pod\nspec: {containers: [{livenessProbe: {exec: {command: [a]}}}]}\n", nil},
		"wrong types":       {"apiVersion: v1\nkind: Pod\nspec: {hostNetwork: 'yes', containers: {}}\n", []string{"spec.containers: a map for a list", "spec.hostNetwork: text for true or false"}},
		"whole numbers":     {"apiVersion: v1\nkind: Service\nspec: {ports: [{port: 80.0}, {port: 80.5}]}\n", []string{"spec.ports[1].port: the number 80.5 for a whole number"}},
		"own readers":       {"apiVersion: v1\nkind: Pod\nspec: {containers: [{resources: {limits: {cpu: 0.5, memory: [1]}}}]}\n", []string{"spec.containers[0].resources.limits.memory: a list for a quantity"}},
		"filled in later":   {"apiVersion: v1\nkind: ConfigMap\ndata: ${DATA}\n", nil},
		"an unknown kind":   {"apiVersion: example.com/v1\nkind: Pod\nspec: 3\n", nil},
		"null is anything":  {"apiVersion: v1\nkind: Pod\nspec: {containers: null}\n", nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			docs, faults := parse.File(&source.File{Path: "a.yaml", Kind: source.Manifest, Data: []byte(c.text)})
			if len(docs) != 1 || len(faults) > 0 {
				t.Fatalf("%d documents, %v", len(docs), faults)
			}
			var got []string
			for _, m := range kube.FactsOf(docs[0]).Misfits {
				if m.Field != "" {
					got = append(got, fmt.Sprintf("%s: %s has no %s, %s?", m.Path, m.Holder, m.Field, m.Nearest))
				} else {
					got = append(got, fmt.Sprintf("%s: %s for %s", m.Path, m.Found, m.Wanted))
				}
			}
			if diff := cmp.Diff(strings.Join(c.want, "\n"), strings.Join(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}
