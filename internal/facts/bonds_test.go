package facts

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// aRole is a role or cluster role.
func aRole(kind, namespace, name string) string {
	return fmt.Sprintf("apiVersion: rbac.authorization.k8s.io/v1\nkind: %s\nmetadata: {namespace: %q, name: %s}\nrules: []\n", kind, namespace, name)
}

// aBinding is a binding, and the role that it names.
func aBinding(kind, namespace, name, roleKind, role string) string {
	return fmt.Sprintf("apiVersion: rbac.authorization.k8s.io/v1\nkind: %s\nmetadata: {namespace: %q, name: %s}\nroleRef: {kind: %s, name: %s}\n", kind, namespace, name, roleKind, role)
}

var guestCases = []struct {
	name  string
	files map[string]string
	want  map[string][]string // by directory, file and object
}{
	{"in two directories", map[string]string{
		"a/role.yaml":    "apiVersion: v1\nkind: Namespace\n---\n" + aRole("ClusterRole", "", "ci"),
		"b/binding.yaml": aBinding("ClusterRoleBinding", "", "ci", "ClusterRole", "ci"),
	}, map[string][]string{"a": {"b/binding.yaml ClusterRoleBinding/ci"}, "b": {"a/role.yaml ClusterRole/ci"}}},
	{"in one directory", map[string]string{
		"a/role.yaml":    aRole("ClusterRole", "", "ci"),
		"a/binding.yaml": aBinding("ClusterRoleBinding", "", "ci", "ClusterRole", "ci"),
	}, nil},
	{"two roles of that name, one of them built", map[string]string{
		"a/role.yaml":     aRole("ClusterRole", "", "ci"),
		"b/binding.yaml":  aBinding("ClusterRoleBinding", "", "ci", "ClusterRole", "ci"),
		"built/role.yaml": aRole("ClusterRole", "", "ci"),
	}, nil},
	{"a role of a list", map[string]string{
		"a/role.yaml":    aRole("ClusterRole", "", "ci"),
		"b/binding.yaml": aBinding("ClusterRoleBinding", "", "ci", "ClusterRole", "ci"),
		"c/list.yaml":    "apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: ci}}\n",
	}, nil},
	{"a role that every cluster has", map[string]string{
		"a/role.yaml":    aRole("ClusterRole", "", "edit"),
		"b/binding.yaml": aBinding("ClusterRoleBinding", "", "ci", "ClusterRole", "edit"),
	}, nil},
	{"what is built", map[string]string{
		"a/role.yaml":        aRole("ClusterRole", "", "ci"),
		"built/binding.yaml": aBinding("ClusterRoleBinding", "", "ci", "ClusterRole", "ci"),
	}, nil},
	{"another namespace", map[string]string{
		"a/role.yaml":    aRole("Role", "web", "ci"),
		"b/binding.yaml": aBinding("RoleBinding", "api", "ci", "Role", "ci"),
	}, nil},
	{"no namespace", map[string]string{
		"a/role.yaml":    aRole("Role", "", "ci"),
		"b/binding.yaml": aBinding("RoleBinding", "", "ci", "Role", "ci"),
	}, nil},
	{"a test's binding", map[string]string{
		"a/role.yaml":           aRole("ClusterRole", "", "ci"),
		"testdata/binding.yaml": aBinding("ClusterRoleBinding", "", "ci", "ClusterRole", "ci"),
	}, nil},
	{"a test's role, too", map[string]string{
		"fixtures/role.yaml":    aRole("Role", "web", "ci"),
		"testdata/binding.yaml": aBinding("RoleBinding", "web", "ci", "Role", "ci"),
	}, map[string][]string{"fixtures": {"testdata/binding.yaml RoleBinding/web/ci"}, "testdata": {"fixtures/role.yaml Role/web/ci"}}},
}

func TestGuests(t *testing.T) {
	for _, c := range guestCases {
		t.Run(c.name, func(t *testing.T) {
			got, files := map[string][]string{}, []*source.File(nil)
			for path, text := range c.files {
				files = append(files, &source.File{Path: path, Kind: source.Manifest, Data: []byte(text)})
			}
			plain := func(path string) bool { return !strings.HasPrefix(path, "built/") }
			for dir, guests := range Guests(files, plain, &source.Repository{}) {
				for _, g := range guests {
					got[dir] = append(got[dir], g.File.Path+" "+g.Object.String())
				}
			}
			if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
