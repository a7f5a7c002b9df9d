package kube

import (
	"cmp"
	"path"
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Object is an object of a unit.
type Object struct {
	Doc       int    // position of its document among all that are deployed together
	Facts     *Facts // never nil
	file      string // that the document stands in
	plain     bool   // as it stands there
	labels    map[string]string
	selectors []selector // of a role's aggregation rule
}

// Place is a path in one of the documents that are deployed together.
type Place struct {
	Doc  int         `json:"doc"` // position of the document among them
	Path source.Path `json:"path"`
}

// Unit is what is deployed together: the objects of one variant of a rendering, or of one directory of manifests. It
// joins the facts of one object with what the others say. An object without a namespace is in the one that it is
// deployed to, which renderers and people call default: both are the same here.
type Unit struct {
	accounts   map[name]alternatives
	namespaces map[string]alternatives
	policies   map[string]int // network policies by namespace; under everywhere those of the whole cluster
	roles      map[name]alternatives
	granted    map[name]*granted // by the role that bindings grant
	aggregates []Object          // ClusterRoles with an aggregation rule, at most maxAggregates
}

// maxAggregates is how many aggregation rules of a unit are followed. A cluster has a dozen.
const maxAggregates = 100

// name is what other objects call an object by. The namespace is "" for what is in none.
type name struct{ kind, namespace, name string }

// ObjectOf reads the object that a document is; it reports false where it is none.
func ObjectOf(doc *source.Document, position int) (Object, bool) {
	o := Object{Doc: position, Facts: FactsOf(doc), file: doc.File.Path, plain: doc.Origin == nil}
	if o.Facts == nil {
		return o, false
	}
	value, _ := doc.Value.(map[string]any)
	object := view{value: value}
	o.labels = object.child("metadata").labels()
	if o.Facts.Role != nil && o.Facts.Role.Aggregated {
		o.selectors = selectorsOf(object)
	}
	return o, true
}

// Connects reports whether other objects are joined to an object by what it is: a role, a binding, a service account, a
// namespace or a network policy.
func (o Object) Connects() bool {
	f := o.Facts
	return f.Role != nil || f.Binding != nil || f.ServiceAccount != nil ||
		f.Group == "" && f.Kind == "Namespace" || isNetworkPolicy(f) || isClusterPolicy(f)
}

// NewUnit indexes the objects that are deployed together. Of two that have the same name the one in the same file as what
// names it counts, else the first: files of one directory may be alternatives, each of them whole.
func NewUnit(objects []Object) *Unit {
	u := &Unit{
		accounts: map[name]alternatives{}, namespaces: map[string]alternatives{}, policies: map[string]int{},
		roles: map[name]alternatives{}, granted: map[name]*granted{},
	}
	for _, o := range objects {
		f := o.Facts
		switch {
		case f.Role != nil:
			add(u.roles, roleName(f), o)
			if f.Role.Aggregated && len(u.aggregates) < maxAggregates {
				u.aggregates = append(u.aggregates, o)
			}
		case f.ServiceAccount != nil:
			add(u.accounts, name{f.Kind, home(f.Namespace), f.Name}, o)
		case f.Group == "" && f.Kind == "Namespace":
			add(u.namespaces, f.Name, o)
		case isClusterPolicy(f):
			u.policies[everywhere]++
		case isNetworkPolicy(f):
			u.policies[home(f.Namespace)]++
		}
	}
	u.grant(objects)
	return u
}

// isNetworkPolicy reports whether an object limits who may speak to the pods of its namespace, for one of the network
// plugins that have policies of their own too.
func isNetworkPolicy(f *Facts) bool {
	switch f.Group {
	case "networking.k8s.io", "crd.projectcalico.org", "projectcalico.org":
		return f.Kind == "NetworkPolicy"
	case "cilium.io":
		return f.Kind == "CiliumNetworkPolicy"
	}
	return false
}

// isClusterPolicy reports whether an object does so for pods of every namespace.
func isClusterPolicy(f *Facts) bool {
	switch f.Group {
	case "policy.networking.k8s.io":
		return f.Kind == "AdminNetworkPolicy" || f.Kind == "BaselineAdminNetworkPolicy" || f.Kind == "ClusterNetworkPolicy"
	case "crd.projectcalico.org", "projectcalico.org":
		return f.Kind == "GlobalNetworkPolicy"
	case "cilium.io":
		return f.Kind == "CiliumClusterwideNetworkPolicy"
	}
	return false
}

// everywhere stands for all namespaces, where the name of one would.
const everywhere = ""

// alternatives are the objects of one kind and name: the first of each file, and under first the first of all.
type alternatives map[string]Object

const first = ""

func add[K comparable](m map[K]alternatives, key K, o Object) {
	if m[key] == nil {
		m[key] = alternatives{first: o}
	}
	if _, there := m[key][o.file]; !there {
		m[key][o.file] = o
	}
}

// near is the object that counts for what stands in a file; false where there is none.
func (a alternatives) near(file string) (Object, bool) {
	if o, ok := a[file]; ok {
		return o, true
	}
	o, ok := a[first]
	return o, ok
}

// home is the namespace that an object is in, where it says nothing too.
func home(namespace string) string { return cmp.Or(namespace, "default") }

// Joins reports whether the others of a unit may have anything to say of an object.
func (o Object) Joins() bool {
	return len(o.Facts.Pods) > 0 || o.Facts.Role != nil || o.Facts.Binding != nil
}

// Join gives the facts of an object of the unit together with what the others say of it. The object stays as it is.
func (u *Unit) Join(o Object) *Facts {
	f := *o.Facts
	switch {
	case f.Role != nil:
		role := *f.Role
		role.Grants, role.MoreGrants = u.grants(o)
		f.Role = &role
	case f.Binding != nil:
		f.Binding = u.bound(o)
	}
	if len(f.Pods) > 0 {
		f.Pods = slices.Clone(f.Pods)
		for i := range f.Pods {
			f.Pods[i].Account = u.account(o, f.Pods[i].ServiceAccountName)
		}
		f.Surroundings = u.surroundings(o)
	}
	return &f
}

// Account is the ServiceAccount object that a pod runs as.
type Account struct {
	Place
	// AutomountServiceAccountToken has its path in the account's document; nil where the account says nothing.
	AutomountServiceAccountToken *Setting[bool] `json:"automountServiceAccountToken,omitempty"`
}

// account finds the service account that a pod of an object runs as; nil where the unit doesn't have it.
func (u *Unit) account(pods Object, named *Setting[string]) *Account {
	called := "default"
	if named != nil && named.Value != "" {
		called = named.Value
	}
	o, ok := u.accounts[name{"ServiceAccount", home(pods.Facts.Namespace), called}].near(pods.file)
	if !ok {
		return nil
	}
	return &Account{Place: o.place(), AutomountServiceAccountToken: o.Facts.ServiceAccount.AutomountServiceAccountToken}
}

// Surroundings is what the unit says of the namespace that an object is in.
type Surroundings struct {
	Namespace       *Namespace `json:"namespace,omitempty"` // nil where the unit doesn't make it
	NetworkPolicies int        `json:"networkPolicies"`     // how many there are in the namespace, or for all of them
}

// Namespace is a Namespace object.
type Namespace struct {
	Place
	Labels map[string]string `json:"labels"`
}

func (u *Unit) surroundings(pods Object) *Surroundings {
	namespace := home(pods.Facts.Namespace)
	s := &Surroundings{NetworkPolicies: u.policies[namespace] + u.policies[everywhere]}
	if o, ok := u.namespaces[namespace].near(pods.file); ok {
		s.Namespace = &Namespace{Place: o.place(), Labels: o.labels}
	}
	return s
}

// elsewhere reports whether two objects that are deployed as they stand do so in different directories.
func (o Object) elsewhere(file string, plain bool) bool {
	return o.plain && plain && path.Dir(o.file) != path.Dir(file)
}

// place is where an object says its name.
func (o Object) place() Place { return Place{Doc: o.Doc, Path: source.Path{"metadata", "name"}} }
