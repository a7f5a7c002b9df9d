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

const rbacHead = "apiVersion: rbac.authorization.k8s.io/v1\n"

// unitOf makes a unit of the documents of a text, and gives its objects.
func unitOf(t *testing.T, text string) (*kube.Unit, []kube.Object) {
	t.Helper()
	docs, faults := parse.File(&source.File{Path: "all.yaml", Kind: source.Manifest, Data: []byte(text)})
	if len(faults) > 0 {
		t.Fatal(faults[0])
	}
	var objects []kube.Object
	for i, doc := range docs {
		if o, ok := kube.ObjectOf(doc, i); ok {
			objects = append(objects, o)
		}
	}
	return kube.NewUnit(objects), objects
}

// granted says who is granted each role of a text, by the role's name.
func granted(t *testing.T, text string) map[string][]string {
	t.Helper()
	unit, objects := unitOf(t, text)
	got := map[string][]string{}
	for _, o := range objects {
		if o.Facts.Role == nil {
			continue
		}
		role := unit.Join(o).Role
		for _, g := range role.Grants {
			line := fmt.Sprintf("%s %s/%s by %s of doc %d", g.Subject.Kind, g.Subject.Namespace, g.Subject.Name, g.Name, g.Doc)
			if g.Cluster {
				line += " everywhere"
			}
			if g.Via != "" {
				line += " via " + g.Via
			}
			if g.Subject.Object != nil {
				line += fmt.Sprintf(", made in doc %d", g.Subject.Object.Doc)
			}
			got[o.Facts.Name] = append(got[o.Facts.Name], line)
		}
	}
	return got
}

var grantCases = []struct {
	name string
	docs []string
	want map[string][]string
}{
	{
		"a binding and the account",
		[]string{
			rbacHead + "kind: ClusterRole\nmetadata: {name: r}\nrules: []",
			rbacHead + "kind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {kind: ClusterRole, name: r}\nsubjects: [{kind: ServiceAccount, name: a, namespace: web}]",
			"apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: web}",
		},
		map[string][]string{"r": {"ServiceAccount web/a by b of doc 1 everywhere, made in doc 2"}},
	},
	{
		"roles of a namespace",
		[]string{
			rbacHead + "kind: Role\nmetadata: {name: r}\nrules: []",
			rbacHead + "kind: Role\nmetadata: {name: other, namespace: web}\nrules: []",
			rbacHead + "kind: RoleBinding\nmetadata: {name: b, namespace: default}\nroleRef: {kind: Role, name: r}\nsubjects: [{kind: User, name: u}]",
			rbacHead + "kind: RoleBinding\nmetadata: {name: b}\nroleRef: {kind: Role, name: other}\nsubjects: [{kind: User, name: u}]",
			rbacHead + "kind: RoleBinding\nmetadata: {name: b}\nroleRef: {kind: ClusterRole, name: r}\nsubjects: [{kind: User, name: v}]",
		},
		map[string][]string{"r": {"User /u by b of doc 2"}},
	},
	{
		"crowds first, then the whole cluster",
		[]string{
			rbacHead + "kind: ClusterRole\nmetadata: {name: r}\nrules: []",
			rbacHead + "kind: RoleBinding\nmetadata: {name: b, namespace: web}\nroleRef: {kind: ClusterRole, name: r}\nsubjects: [{kind: User, name: u}]",
			rbacHead + "kind: ClusterRoleBinding\nmetadata: {name: c}\nroleRef: {kind: ClusterRole, name: r}\nsubjects: [{kind: User, name: v}, {kind: Group, name: 'system:authenticated'}]",
		},
		map[string][]string{"r": {
			"Group /system:authenticated by c of doc 2 everywhere", "User /v by c of doc 2 everywhere", "User /u by b of doc 1",
		}},
	},
	{
		"through aggregation, and through that again",
		[]string{
			rbacHead + "kind: ClusterRole\nmetadata: {name: part, labels: {team: a}}\nrules: []",
			rbacHead + "kind: ClusterRole\nmetadata: {name: whole, labels: {of: all}}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {team: b}}, {matchExpressions: [{key: team, operator: In, values: [a]}]}]}",
			rbacHead + "kind: ClusterRole\nmetadata: {name: all, labels: {team: a}}\naggregationRule: {clusterRoleSelectors: [{matchExpressions: [{key: of, operator: Exists}, {key: no, operator: DoesNotExist}]}]}",
			rbacHead + "kind: ClusterRole\nmetadata: {name: none}\naggregationRule: {clusterRoleSelectors: [{matchExpressions: [{key: team, operator: NotIn, values: [a]}, {key: of, operator: Like}]}]}",
			rbacHead + "kind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {kind: ClusterRole, name: all}\nsubjects: [{kind: User, name: u}]",
		},
		map[string][]string{
			"part": {"User /u by b of doc 4 everywhere via all"}, "whole": {"User /u by b of doc 4 everywhere via all"},
			"all": {"User /u by b of doc 4 everywhere"},
		},
	},
	{
		"through the roles that every cluster has",
		[]string{
			rbacHead + "kind: ClusterRole\nmetadata: {name: part, labels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}}\nrules: []",
			rbacHead + "kind: RoleBinding\nmetadata: {name: b}\nroleRef: {kind: ClusterRole, name: edit}\nsubjects: [{kind: User, name: u}]",
		},
		map[string][]string{"part": {"User /u by b of doc 1 via edit"}},
	},
}

func TestGrants(t *testing.T) {
	for _, test := range grantCases {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, granted(t, strings.Join(test.docs, "\n---\n"))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestGrantsAreBounded: who hides a crowd behind a thousand others is told of the crowd.
func TestGrantsAreBounded(t *testing.T) {
	unit, objects := unitOf(t, rbacHead+"kind: ClusterRole\nmetadata: {name: r}\nrules: []\n---\n"+
		rbacHead+"kind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {kind: ClusterRole, name: r}\nsubjects: ["+
		strings.Repeat("{kind: User, name: u},", 1000)+"{kind: User, name: 'system:anonymous'}]")
	role := unit.Join(objects[0]).Role
	if got := len(role.Grants) + role.MoreGrants; got != 1001 || len(role.Grants) > 100 {
		t.Errorf("%d grants and %d more", len(role.Grants), role.MoreGrants)
	}
	if got := role.Grants[0].Subject.Crowd; got != "anybody" {
		t.Errorf("the first is %q", got)
	}
}

func TestPodsAreJoined(t *testing.T) {
	unit, objects := unitOf(t, `
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {containers: [{name: a, image: b}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: default}
automountServiceAccountToken: false
---
apiVersion: v1
kind: Namespace
metadata: {name: default, labels: {pod-security.kubernetes.io/enforce: baseline, n: 7}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: n}
---
apiVersion: v1
kind: Pod
metadata: {name: q, namespace: web}
spec: {serviceAccountName: web, containers: [{name: a, image: b}]}
`)
	first, last := unit.Join(objects[0]), unit.Join(objects[4])
	wantAccount := &kube.Account{
		Place:                        kube.Place{Doc: 1, Path: source.Path{"metadata", "name"}},
		AutomountServiceAccountToken: &kube.Setting[bool]{Path: source.Path{"automountServiceAccountToken"}},
	}
	if diff := cmp.Diff(wantAccount, first.Pods[0].Account); diff != "" {
		t.Errorf("account: %s", diff)
	}
	wantSurroundings := &kube.Surroundings{
		Namespace: &kube.Namespace{
			Place:  kube.Place{Doc: 2, Path: source.Path{"metadata", "name"}},
			Labels: map[string]string{"pod-security.kubernetes.io/enforce": "baseline"},
		},
		NetworkPolicies: 1,
	}
	if diff := cmp.Diff(wantSurroundings, first.Surroundings); diff != "" {
		t.Errorf("surroundings: %s", diff)
	}
	if last.Pods[0].Account != nil || last.Surroundings.Namespace != nil || last.Surroundings.NetworkPolicies != 0 {
		t.Errorf("another namespace took part: %+v", last)
	}
	if objects[0].Facts.Pods[0].Account != nil {
		t.Error("joining changed the object")
	}
}
