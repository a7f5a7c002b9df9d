package kube

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Grant is one subject that a binding of the unit grants a role to.
type Grant struct {
	Subject Subject `json:"subject"` // its path leads into the binding's document
	// Cluster is true where a ClusterRoleBinding grants it, in every namespace; otherwise it holds in Namespace alone.
	Cluster   bool   `json:"cluster"`
	Namespace string `json:"namespace,omitempty"` // of the RoleBinding; "" where it doesn't say
	Kind      string `json:"kind"`                // of the binding
	Name      string `json:"name"`                // of the binding
	Doc       int    `json:"doc"`                 // position of the binding's document in the unit
	// Via is the role that the binding names, where that one takes this one in by its aggregation rule; "" where it is this one.
	Via string `json:"via,omitempty"`
	// Elsewhere is true where the binding stands in another directory of the repository than the role.
	Elsewhere bool `json:"elsewhere,omitempty"`

	file   string  // of the binding
	plain  bool    // the binding is deployed as it stands in the file
	others []Grant // the same by the same binding in other files
}

// id tells grants apart: those of one binding to one subject are the same, in whatever file they stand.
func (g Grant) id() string {
	return fmt.Sprintf("%s/%s/%s %s/%s/%s", g.Kind, g.Namespace, g.Name, g.Subject.Kind, g.Subject.Namespace, g.Subject.Name)
}

// near is the grant as the file that asks has it, if it does.
func (g Grant) near(file string) Grant {
	i := slices.IndexFunc(g.others, func(other Grant) bool { return other.file == file })
	if g.file == file || i < 0 {
		return g
	}
	return g.others[i]
}

// maxGrants is how many subjects of a role are told. Nobody reads more.
const maxGrants = 50

// aggregationLabel is what roles carry that are to become part of a user-facing role, with that role's name after it.
const aggregationLabel = "rbac.authorization.k8s.io/aggregate-to-"

// aggregated are the roles that every cluster aggregates from labels, and the larger ones that each is a part of.
// See https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles.
var aggregated = map[string][]string{
	"view":  {"view", "edit", "admin"},
	"edit":  {"edit", "admin"},
	"admin": {"admin"},
}

// granted are the subjects that bindings grant a role to, and how many more there are than are told.
type granted struct {
	told []Grant
	more int
	at   map[string]int // where in told a grant is, by its id
}

// add notes a grant, or that another file has it too. A binding whose name the API server makes is another each time.
func (g *granted) add(grant Grant) {
	i, there := g.at[grant.id()]
	switch {
	case !there || grant.file == g.told[i].file:
		g.at[grant.id()], g.told = len(g.told), append(g.told, grant)
	case len(g.told[i].others) < maxGrants:
		g.told[i].others = append(g.told[i].others, grant)
	}
}

// grant indexes the bindings among objects by the role that each names.
func (u *Unit) grant(objects []Object) {
	for _, o := range objects {
		b := o.Facts.Binding
		if b == nil {
			continue
		}
		role := b.grants(o.Facts.Namespace)
		if u.granted[role] == nil {
			u.granted[role] = &granted{at: map[string]int{}}
		}
		for _, subject := range b.Subjects {
			u.granted[role].add(Grant{
				Subject: u.known(subject, o.file), Cluster: b.Cluster, Namespace: o.Facts.Namespace,
				Kind: o.Facts.Kind, Name: o.Facts.Name, Doc: o.Doc, file: o.file, plain: o.plain,
			})
		}
	}
	for _, g := range u.granted {
		g.told, g.more = gravestFirst(g.told)
	}
}

// gravestFirst puts those first that many people are behind, then those for the whole cluster, and cuts the list.
func gravestFirst(grants []Grant) (told []Grant, more int) {
	slices.SortStableFunc(grants, func(a, b Grant) int {
		return cmp.Or(compareBool(b.Subject.Crowd != "", a.Subject.Crowd != ""), compareBool(b.Cluster, a.Cluster))
	})
	most := min(len(grants), maxGrants)
	return slices.Clip(grants[:most]), len(grants) - most
}

// grants are the subjects that hold a role by the bindings of the unit, and how many more there are than are told.
func (u *Unit) grants(o Object) (told []Grant, more int) {
	all, own := []Grant{}, roleName(o.Facts)
	for _, role := range u.holders(o) {
		g := u.granted[role]
		if g == nil {
			continue
		}
		more += g.more
		for _, grant := range g.told {
			grant = grant.near(o.file)
			grant.Elsewhere = o.elsewhere(grant.file, grant.plain)
			if role != own {
				grant.Via = role.name
			}
			all = append(all, grant)
		}
	}
	told, cut := gravestFirst(all)
	return told, more + cut
}

// compareBool puts false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// holders are the role itself and those that take it in by their aggregation rules, and these in turn by others'.
func (u *Unit) holders(o Object) []name {
	found := []name{roleName(o.Facts)}
	if !o.Facts.Role.Cluster {
		return found
	}
	var follow func(labels map[string]string)
	add := func(n name) {
		if !slices.Contains(found, n) {
			found = append(found, n)
			larger, _ := u.roles[n].near(o.file)
			follow(larger.labels)
		}
	}
	follow = func(labels map[string]string) {
		for _, to := range aggregatesTo(labels) {
			for _, larger := range aggregated[to] {
				add(name{"ClusterRole", "", larger})
			}
		}
		for _, aggregate := range u.aggregates {
			if aggregate.selects(labels) {
				add(roleName(aggregate.Facts))
			}
		}
	}
	follow(o.labels)
	return found
}

// aggregatesTo are the user-facing roles that a ClusterRole's labels make it a part of, the least first.
func aggregatesTo(labels map[string]string) []string {
	to := []string{}
	for _, role := range []string{"view", "edit", "admin"} {
		if labels[aggregationLabel+role] == "true" {
			to = append(to, role)
		}
	}
	return to
}

// roleName is what bindings call a role by.
func roleName(f *Facts) name {
	if f.Role.Cluster {
		return name{"ClusterRole", "", f.Name}
	}
	return name{"Role", home(f.Namespace), f.Name}
}

// grants is the role that a binding in a namespace names.
func (b *Binding) grants(namespace string) name {
	if b.Role.Kind == "Role" {
		return name{"Role", home(namespace), b.Role.Name}
	}
	return name{b.Role.Kind, "", b.Role.Name}
}

// bound joins a binding with the role and the service accounts that it names.
func (u *Unit) bound(o Object) *Binding {
	b := o.Facts.Binding
	joined := *b
	if role, ok := u.roles[b.grants(o.Facts.Namespace)].near(o.file); ok {
		place := role.place()
		joined.Role.Object, joined.Role.Tame = &place, role.Facts.Role.tame()
		joined.Role.Elsewhere = o.elsewhere(role.file, role.plain)
	}
	joined.Subjects = make([]Subject, len(b.Subjects))
	for i, subject := range b.Subjects {
		joined.Subjects[i] = u.known(subject, o.file)
	}
	return &joined
}

// tame reports whether a role gives no power and nothing by wildcard.
func (r *Role) tame() bool {
	return !r.Aggregated && len(r.Powers) == 0 &&
		!slices.ContainsFunc(r.Rules, func(rule Rule) bool { return len(rule.Wildcards) > 0 })
}

// known joins a subject that a file names with its service account.
func (u *Unit) known(s Subject, file string) Subject {
	if s.Kind != "ServiceAccount" {
		return s
	}
	if o, ok := u.accounts[name{s.Kind, home(s.Namespace), s.Name}].near(file); ok {
		place := o.place()
		s.Object = &place
	}
	return s
}

// crowd is what many people are behind a subject; "" where it is one, or a group of the cluster's own making. See
// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings.
func crowd(kind, name string) string {
	switch {
	case kind == "User" && name == "system:anonymous", kind == "Group" && name == "system:unauthenticated":
		return "anybody"
	case kind == "Group" && name == "system:authenticated":
		return "authenticated"
	case kind == "Group" && name == "system:serviceaccounts":
		return "pods"
	case kind == "Group" && strings.HasPrefix(name, "system:serviceaccounts:"):
		return "namespace"
	}
	return ""
}
