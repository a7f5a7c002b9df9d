package kube_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/kube"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func TestWildcards(t *testing.T) {
	tests := []struct {
		name, rule string
		want       []string // paths inside the rule
		extension  bool
	}{
		{"everything", `{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}`, []string{"resources[0]", "verbs[0]", "apiGroups[0]"}, false},
		{"a wildcard further down the list", `{apiGroups: [""], resources: [pods, "*"], verbs: [get]}`, []string{"resources[1]"}, false},
		{"custom resources", `{apiGroups: [shop.example.com], resources: [carts], verbs: ["*"]}`, []string{"verbs[0]"}, true},
		{"custom resources beside core ones", `{apiGroups: [shop.example.com, ""], resources: [pods], verbs: ["*"]}`, []string{"verbs[0]"}, false},
		{"a group under k8s.io that is served by an extension", `{apiGroups: [snapshot.storage.k8s.io], resources: ["*"], verbs: [get]}`, []string{"resources[0]"}, true},
		{"one subresource of every resource", `{apiGroups: ["apps"], resources: ["*/scale"], verbs: [get]}`, nil, false},
		{"URLs are no objects", `{nonResourceURLs: ["*"], verbs: ["*"]}`, nil, false},
		{"none", `{apiGroups: [""], resources: [pods], verbs: [get]}`, nil, false},
		{"wrong types", `{apiGroups: "*", resources: {a: "*"}, verbs: [[]]}`, nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			role := factsOf(t, "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a}, rules: ["+test.rule+"]}").Role
			if len(role.Rules) != 1 {
				t.Fatalf("got %d rules, want 1", len(role.Rules))
			}
			rule := role.Rules[0]
			var got []string
			for _, w := range rule.Wildcards {
				got = append(got, w.Path[2:].String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if rule.Extension != test.extension {
				t.Errorf("Extension is %v, want %v", rule.Extension, test.extension)
			}
		})
	}
}

func TestRoleOfKubernetesOnly(t *testing.T) {
	if role := factsOf(t, "{apiVersion: iam.example.com/v1, kind: Role, rules: [{verbs: ['*']}]}").Role; role != nil {
		t.Errorf("a Role of another API group was read as RBAC: %+v", role)
	}
	role := factsOf(t, "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, aggregationRule: {clusterRoleSelectors: []}}").Role
	want := &kube.Role{Cluster: true, Aggregated: true, Rules: []kube.Rule{}, Powers: []kube.Power{}, AggregatesTo: []string{}, Grants: []kube.Grant{}}
	if diff := cmp.Diff(want, role); diff != "" {
		t.Error(diff)
	}
}

func TestBinding(t *testing.T) {
	got := factsOf(t, `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects:
  - {kind: ServiceAccount, name: ci}
  - {kind: ServiceAccount, name: ci, namespace: build}
  - not a subject
  - {kind: Group, name: "system:masters", apiGroup: rbac.authorization.k8s.io}
`).Binding
	want := &kube.Binding{
		Role: kube.RoleRef{Kind: "ClusterRole", Name: "edit", Path: source.Path{"roleRef", "name"}},
		Subjects: []kube.Subject{
			{Kind: "ServiceAccount", Name: "ci", Namespace: "shop", Path: source.Path{"subjects", 0, "name"}},
			{Kind: "ServiceAccount", Name: "ci", Namespace: "build", Path: source.Path{"subjects", 1, "name"}},
			{Kind: "Group", Name: "system:masters", Path: source.Path{"subjects", 3, "name"}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
