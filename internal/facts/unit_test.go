package facts_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestVariantsAreJoinedApart: a role that only some variants bind is judged once for those and once for the others.
func TestVariantsAreJoinedApart(t *testing.T) {
	rendered := func(text string, variants ...string) *source.Document {
		doc := read(t, "a.yaml", source.Manifest, text)
		doc.Origin = &source.Origin{Renderer: "helm", Root: "charts/a", Variants: variants}
		return doc
	}
	unit := facts.Together([]*source.Document{
		rendered("{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r}}", "a", "b", "c"),
		rendered("{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: x}, roleRef: {kind: Role, name: r}, subjects: [{kind: User, name: u}]}", "a", "c"),
		rendered("{apiVersion: v1, kind: ConfigMap, metadata: {name: m}}", "a", "b"),
	})
	type way struct {
		Variants []string
		Grants   int
	}
	var got []way
	for _, in := range unit.Of(0, facts.In(nil)) {
		got = append(got, way{in.Variants, len(in.Facts.Kube.Role.Grants)})
	}
	if diff := cmp.Diff([]way{{[]string{"a", "c"}, 1}, {[]string{"b"}, 0}}, got); diff != "" {
		t.Errorf("role (-want +got):\n%s", diff)
	}
	rest := unit.Of(2, facts.In(nil))
	if len(rest) != 1 || !cmp.Equal(rest[0].Variants, []string{"a", "b"}) {
		t.Errorf("what nothing is joined to: %d ways, the first in %v", len(rest), rest[0].Variants)
	}
}
