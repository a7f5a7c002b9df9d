package kube

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Role is a Role or ClusterRole.
type Role struct {
	Cluster bool `json:"cluster"` // a ClusterRole: its rules can be granted in every namespace
	// Aggregated is true where the control plane writes the rules, from the ClusterRoles that aggregationRule selects.
	Aggregated bool   `json:"aggregated,omitempty"`
	Rules      []Rule `json:"rules"`
	// Powers are the grave things that the role allows by naming their resources, in the order of the table of powers.
	Powers []Power `json:"powers"`
	// AggregatesTo are the user-facing roles, view, edit or admin, that the labels of a ClusterRole make it a part of.
	AggregatesTo []string `json:"aggregatesTo"`
	// Grants are the subjects that bindings of the same unit grant it to, at most maxGrants; MoreGrants how many are left out.
	Grants     []Grant `json:"grants"`
	MoreGrants int     `json:"moreGrants,omitempty"`
}

// Rule is one rule of a role: what may be done to what. Its lists are never nil.
type Rule struct {
	Path            source.Path `json:"path"`
	APIGroups       []string    `json:"apiGroups"` // "" is the core group
	Resources       []string    `json:"resources"`
	Verbs           []string    `json:"verbs"`
	ResourceNames   []string    `json:"resourceNames"` // the only objects that the rule is about; all where empty
	NonResourceURLs []string    `json:"nonResourceURLs"`
	// Extension is true where the rule is about groups of custom resources alone, none that Kubernetes itself serves.
	Extension bool `json:"extension,omitempty"`
	// Wildcards are the "*" that stand for every group, resource or verb, in the order resources, verbs, apiGroups.
	// A rule about nonResourceURLs has none: it gives no object away.
	Wildcards []Wildcard `json:"wildcards"`
	// Powers are the names of those that the rule gives by naming their resources; never nil.
	Powers []string `json:"powers"`
}

// Wildcard is a "*" in a rule.
type Wildcard struct {
	Field string      `json:"field"` // "resources", "verbs" or "apiGroups"
	Path  source.Path `json:"path"`
}

// Binding is a RoleBinding or ClusterRoleBinding.
type Binding struct {
	Cluster  bool      `json:"cluster"` // a ClusterRoleBinding: what it grants holds in every namespace
	Role     RoleRef   `json:"role"`
	Subjects []Subject `json:"subjects"`
}

// RoleRef names the role that a binding grants.
type RoleRef struct {
	Kind string      `json:"kind"`
	Name string      `json:"name"`
	Path source.Path `json:"path"` // of the name
	// Object is the role, where the unit has it.
	Object *Place `json:"object,omitempty"`
	// Tame is true where the unit has the role, and it gives no power and nothing by wildcard.
	Tame bool `json:"tame,omitempty"`
	// Elsewhere is true where the role stands in another directory of the repository than the binding.
	Elsewhere bool `json:"elsewhere,omitempty"`
}

// Subject is who is granted a role.
type Subject struct {
	Kind string `json:"kind"` // User, Group or ServiceAccount
	Name string `json:"name"`
	// Namespace of a service account. Where the subject doesn't name one it is the binding's.
	Namespace string      `json:"namespace,omitempty"`
	Path      source.Path `json:"path"` // of the name
	// Crowd says that many people are behind it: "anybody" who reaches the API server, everybody "authenticated", all
	// "pods", or all pods of a "namespace".
	Crowd string `json:"crowd,omitempty"`
	// Object is the ServiceAccount, where the unit has it.
	Object *Place `json:"object,omitempty"`
}

// isRBAC reports whether an API group holds roles and bindings in Kubernetes' form.
func isRBAC(group string) bool {
	return group == "rbac.authorization.k8s.io" || group == "authorization.openshift.io"
}

func roleOf(kind string, object view) *Role {
	role := &Role{Cluster: kind == "ClusterRole", Rules: []Rule{}, AggregatesTo: []string{}, Grants: []Grant{}}
	if role.Cluster {
		role.AggregatesTo = aggregatesTo(object.child("metadata").labels())
		_, role.Aggregated = object.value["aggregationRule"].(map[string]any)
	}
	for _, item := range object.items("rules") {
		role.Rules = append(role.Rules, ruleOf(item))
	}
	role.Powers = powersOf(role, object.items("rules"))
	return role
}

func ruleOf(item view) Rule {
	rule := Rule{
		Path:            item.path,
		APIGroups:       values(item.texts("apiGroups")),
		Resources:       values(item.texts("resources")),
		Verbs:           values(item.texts("verbs")),
		ResourceNames:   values(item.texts("resourceNames")),
		NonResourceURLs: values(item.texts("nonResourceURLs")),
		Wildcards:       []Wildcard{},
		Powers:          []string{},
	}
	rule.Extension = len(rule.APIGroups) > 0 && !slices.ContainsFunc(rule.APIGroups, takesInServed)
	if len(rule.Resources) == 0 {
		return rule
	}
	for _, field := range []string{"resources", "verbs", "apiGroups"} {
		texts := item.texts(field)
		if i := slices.IndexFunc(texts, isWildcard); i >= 0 {
			rule.Wildcards = append(rule.Wildcards, Wildcard{Field: field, Path: texts[i].Path})
		}
	}
	return rule
}

// servedGroups are the API groups that a Kubernetes API server serves without extensions, those of old releases included.
var servedGroups = []string{
	"", "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps",
	"authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch", "certificates.k8s.io",
	"coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "extensions", "flowcontrol.apiserver.k8s.io",
	"internal.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io", "policy", "rbac.authorization.k8s.io",
	"resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io", "storagemigration.k8s.io",
}

func takesInServed(group string) bool { return group == "*" || slices.Contains(servedGroups, group) }

func isWildcard(s Setting[string]) bool { return s.Value == "*" }

func values(settings []Setting[string]) []string {
	out := make([]string, 0, len(settings))
	for _, s := range settings {
		out = append(out, s.Value)
	}
	return out
}

func bindingOf(f *Facts, object view) *Binding {
	ref := object.child("roleRef")
	binding := &Binding{
		Cluster:  f.Kind == "ClusterRoleBinding",
		Role:     RoleRef{Kind: ref.text("kind"), Name: ref.text("name"), Path: ref.path.Append("name")},
		Subjects: []Subject{},
	}
	for _, item := range object.items("subjects") {
		subject := Subject{
			Kind:      item.text("kind"),
			Name:      item.text("name"),
			Namespace: item.text("namespace"),
			Path:      item.path.Append("name"),
			Crowd:     crowd(item.text("kind"), item.text("name")),
		}
		if subject.Kind == "ServiceAccount" && subject.Namespace == "" {
			subject.Namespace = f.Namespace
		}
		binding.Subjects = append(binding.Subjects, subject)
	}
	return binding
}
