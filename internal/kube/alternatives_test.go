package kube_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/kube"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestAlternativesOfOneDirectory: files that each hold the whole are joined each with itself, and one binding is told once.
func TestAlternativesOfOneDirectory(t *testing.T) {
	const whole = rbacHead + "kind: ClusterRole\nmetadata: {name: r}\nrules: []\n---\n" +
		rbacHead + "kind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {kind: ClusterRole, name: r}\n" +
		"subjects: [{kind: ServiceAccount, name: a, namespace: n}]\n---\n" +
		"apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: n}\n"
	var objects []kube.Object
	for _, path := range []string{"one.yaml", "two.yaml"} {
		docs, faults := parse.File(&source.File{Path: path, Kind: source.Manifest, Data: []byte(whole)})
		if len(faults) > 0 {
			t.Fatal(faults[0])
		}
		for _, doc := range docs {
			o, _ := kube.ObjectOf(doc, len(objects))
			objects = append(objects, o)
		}
	}
	unit := kube.NewUnit(objects)
	var got []string
	for _, i := range []int{0, 3} {
		for _, g := range unit.Join(objects[i]).Role.Grants {
			got = append(got, fmt.Sprintf("role %d by %d to %d", i, g.Doc, g.Subject.Object.Doc))
		}
		got = append(got, fmt.Sprintf("binding %d of role %d", i+1, unit.Join(objects[i+1]).Binding.Role.Object.Doc))
	}
	want := []string{"role 0 by 1 to 2", "binding 1 of role 0", "role 3 by 4 to 5", "binding 4 of role 3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
