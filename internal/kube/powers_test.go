package kube_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPowers holds what a rule allows to what Kubernetes' authorizer says of it.
func TestPowers(t *testing.T) {
	const cluster, namespaced = "ClusterRole", "Role"
	tests := []struct {
		name, kind, rules string
		want              []string // name, what, names and path of each use
	}{
		{
			"read secrets", cluster, `{apiGroups: [""], resources: [configmaps, secrets], verbs: [create, list, get]}`,
			[]string{"read-secrets secrets:list,get [] resources[1]"},
		},
		{"every verb", cluster, `{apiGroups: [""], resources: [secrets], verbs: ["*"]}`, []string{"read-secrets secrets:* [] resources[0]"}},
		{"every group", cluster, `{apiGroups: ["*"], resources: [secrets], verbs: [get]}`, []string{"read-secrets secrets:get [] resources[0]"}},
		{"another group", cluster, `{apiGroups: [apps], resources: [secrets], verbs: [get]}`, nil},
		{"no group", cluster, `{resources: [secrets], verbs: [get]}`, nil},
		{"every resource is for others to tell", cluster, `{apiGroups: [""], resources: ["*"], verbs: ["*"]}`, nil},
		{"a name", cluster, `{apiGroups: [""], resources: [secrets], verbs: [get], resourceNames: [tls]}`, []string{"read-secrets secrets:get [tls] resources[0]"}},
		{"a star is a name", cluster, `{apiGroups: [""], resources: [secrets], verbs: [get], resourceNames: ["*"]}`, []string{"read-secrets secrets:get [*] resources[0]"}},
		{"nothing is created by name", cluster, `{apiGroups: [""], resources: [pods], verbs: ["*", create], resourceNames: [web]}`, nil},
		{
			"but what is below an object", cluster, `{apiGroups: [""], resources: [pods/exec], verbs: [create], resourceNames: [web]}`,
			[]string{"enter-pods pods/exec:create [web] resources[0]"},
		},
		{"one subresource of all", cluster, `{apiGroups: [""], resources: ["*/exec"], verbs: [create]}`, []string{"enter-pods */exec:create [] resources[0]"}},
		{"all subresources of one is no wildcard", cluster, `{apiGroups: [""], resources: ["pods/*"], verbs: [create]}`, nil},
		{"by the verb", cluster, `{apiGroups: [""], resources: [users], verbs: [get, impersonate]}`, []string{"impersonate users:impersonate [] verbs[1] cluster"}},
		{"objects in no namespace", namespaced, `{apiGroups: [""], resources: [nodes/proxy, users], verbs: [get, impersonate]}`, nil},
		{
			"those about all objects first", namespaced,
			`{apiGroups: [""], resources: [secrets], verbs: [get], resourceNames: [a]}, {apiGroups: [""], resources: [secrets], verbs: [list]}`,
			[]string{"read-secrets secrets:list [] resources[0]", "read-secrets secrets:get [a] resources[0]"},
		},
		{"URLs", cluster, `{nonResourceURLs: ["*"], verbs: ["*"]}`, nil},
		{"wrong types", cluster, `{apiGroups: "", resources: {secrets: true}, verbs: [[get]]}`, nil},
		{
			"beside items of wrong types", cluster, `{apiGroups: [""], resources: [7, secrets], verbs: [get]}`,
			[]string{"read-secrets secrets:get [] resources[1]"},
		},
		{
			"many resources", cluster, `{apiGroups: [apps], resources: [deployments, daemonsets, statefulsets, replicasets], verbs: [create]}`,
			[]string{"create-pods deployments,daemonsets,statefulsets,…:create [] resources[0]"},
		},
		{"a group's resources by the group's name", cluster, `{apiGroups: ["*"], resources: [anything], verbs: [create]}`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, powerUses(t, test.kind, test.rules)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// powerUses describes each use of the powers that a role of that kind gives.
func powerUses(t *testing.T, kind, rules string) []string {
	t.Helper()
	role := factsOf(t, fmt.Sprintf("{apiVersion: rbac.authorization.k8s.io/v1, kind: %s, metadata: {name: a}, rules: [%s]}", kind, rules)).Role
	var found []string
	for _, p := range role.Powers {
		for _, u := range p.Uses {
			line := fmt.Sprintf("%s %s %v %s", p.Name, u.What, u.Names, u.Path[2:])
			if u.ClusterScoped {
				line += " cluster"
			}
			found = append(found, line)
		}
	}
	return found
}

// TestPowersAreBounded: a role may say the same ten thousand times.
func TestPowersAreBounded(t *testing.T) {
	rules := strings.Repeat(`{apiGroups: [""], resources: [secrets], verbs: [get]},`, 10_000)
	role := factsOf(t, "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, rules: ["+rules+"]}").Role
	if len(role.Powers) != 1 || len(role.Powers[0].Uses) > 100 {
		t.Errorf("%d powers, the first with %d uses", len(role.Powers), len(role.Powers[0].Uses))
	}
	if got := role.Rules[9_999].Powers; !cmp.Equal(got, []string{"read-secrets"}) {
		t.Errorf("the last rule gives %v", got)
	}
}
