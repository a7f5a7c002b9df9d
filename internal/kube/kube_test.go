package kube_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/kube"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// factsOf reads the text as one YAML document and gives its facts.
func factsOf(t *testing.T, text string) *kube.Facts {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		t.Fatal(err)
	}
	file := &source.File{Path: "object.yaml", Kind: source.Manifest, Data: []byte(text)}
	doc, syntaxErr := source.NewYAML(file).Document(&root, 1, source.Manifest, source.YAML11)
	if syntaxErr != nil {
		t.Fatal(syntaxErr)
	}
	return kube.FactsOf(doc)
}

func TestFactsOfNamesTheObject(t *testing.T) {
	tests := []struct {
		name, text string
		want       *kube.Facts
	}{
		{
			"group, namespace and name",
			"{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}}",
			&kube.Facts{APIVersion: "apps/v1", Group: "apps", Kind: "Deployment", Namespace: "shop", Name: "web"},
		},
		{
			"core group and generated name",
			"{apiVersion: v1, kind: Pod, metadata: {generateName: job-}}",
			&kube.Facts{APIVersion: "v1", Kind: "Pod", Name: "job-"},
		},
		{
			"wrong types read as absent",
			"{apiVersion: v1, kind: Pod, metadata: [name], spec: 3}",
			&kube.Facts{APIVersion: "v1", Kind: "Pod"},
		},
		{"a list", "[apiVersion, kind]", nil},
		{"a map that is no object", "{kind: Pod}", nil},
		{"nothing", "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.want != nil {
				test.want.Pods, test.want.Containers = []kube.Pod{}, []kube.Container{}
			}
			ownMisfits := cmpopts.IgnoreFields(kube.Facts{}, "Misfits") // see TestMisfits
			if diff := cmp.Diff(test.want, factsOf(t, test.text), ownMisfits); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestServiceAccount(t *testing.T) {
	got := factsOf(t, "{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}, automountServiceAccountToken: no}")
	want := &kube.ServiceAccount{AutomountServiceAccountToken: &kube.Setting[bool]{
		Path: source.Path{"automountServiceAccountToken"},
	}}
	if diff := cmp.Diff(want, got.ServiceAccount); diff != "" {
		t.Error(diff)
	}
	foreign := factsOf(t, "{apiVersion: iam.example.com/v1, kind: ServiceAccount, metadata: {name: a}}")
	if foreign.ServiceAccount != nil {
		t.Error("a ServiceAccount of another API group was read as Kubernetes' own")
	}
}
