// Package kube gives typed views of Kubernetes objects: the pod specs that any kind of object holds, the rules and
// bindings of RBAC, and service accounts. The views are tolerant: a value of the wrong type reads as absent, since the
// API server refuses it and nothing runs. They say what an object asks for, never whether that is good.
// A Unit joins an object with those that are deployed together with it.
package kube

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Facts is what is known about one Kubernetes object.
type Facts struct {
	APIVersion string `json:"apiVersion"`
	Group      string `json:"group"` // of the apiVersion; "" is the core group
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name"` // generateName where there is no name

	Pods []Pod `json:"pods"` // every pod spec, in the order of their paths
	// Containers are those with a security context that stand outside of a pod spec: a step or sidecar of a Tekton task,
	// a template of an Argo workflow, the image that an operator's object has run.
	Containers     []Container     `json:"containers"`
	Role           *Role           `json:"role,omitempty"`
	Binding        *Binding        `json:"binding,omitempty"`
	ServiceAccount *ServiceAccount `json:"serviceAccount,omitempty"`
	Misfits        []Misfit        `json:"misfits"` // of an object of Kubernetes' own kinds

	// Surroundings is what the objects that are deployed together say of the namespace of an object with pods.
	Surroundings *Surroundings `json:"surroundings,omitempty"`
}

// ServiceAccount is what pods run as.
type ServiceAccount struct {
	// AutomountServiceAccountToken is nil where the object doesn't say: then the token is mounted, unless the pod objects.
	AutomountServiceAccountToken *Setting[bool] `json:"automountServiceAccountToken,omitempty"`
}

// Setting is a value that stands in the object, and where. A nil *Setting is one that the object doesn't state.
type Setting[T any] struct {
	Value T           `json:"value"`
	Path  source.Path `json:"path"`
}

// FactsOf gives the facts of a document; nil where it isn't a Kubernetes object.
func FactsOf(doc *source.Document) *Facts {
	value, ok := doc.Value.(map[string]any)
	if !ok {
		return nil
	}
	object := view{value: value}
	metadata := object.child("metadata")
	f := &Facts{
		APIVersion: object.text("apiVersion"),
		Kind:       object.text("kind"),
		Namespace:  metadata.text("namespace"),
		Name:       metadata.text("name"),
	}
	if f.APIVersion == "" || f.Kind == "" {
		return nil
	}
	if f.Name == "" {
		f.Name = metadata.text("generateName")
	}
	if group, _, found := strings.Cut(f.APIVersion, "/"); found {
		f.Group = group
	}
	f.Pods, f.Containers = podsOf(f, object)
	f.Misfits = misfits(object)
	switch {
	case isRBAC(f.Group) && (f.Kind == "Role" || f.Kind == "ClusterRole"):
		f.Role = roleOf(f.Kind, object)
	case isRBAC(f.Group) && (f.Kind == "RoleBinding" || f.Kind == "ClusterRoleBinding"):
		f.Binding = bindingOf(f, object)
	case f.Group == "" && f.Kind == "ServiceAccount":
		f.ServiceAccount = &ServiceAccount{AutomountServiceAccountToken: setting[bool](object, "automountServiceAccountToken")}
	}
	return f
}
