package kube

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Power is one of the grave things that a role may allow, by all the rules of the role that do.
type Power struct {
	Name string `json:"name"` // see powers
	Uses []Use  `json:"uses"` // at least one; those about all objects come first
}

// Use is a rule of a role that gives a power.
type Use struct {
	Path source.Path `json:"path"` // of the resource that the rule names; of the verb where that is what gives it
	// What says resources and verbs in short, secrets:get,list.
	What string `json:"what"`
	// Names are the only objects that it is about; all where empty. A "*" among them is a name like any other, and no
	// name keeps anybody from creating: the request doesn't have one yet.
	Names []string `json:"names"`
	// ClusterScoped is true where the objects are in no namespace, so that a RoleBinding gives none of it.
	ClusterScoped bool `json:"clusterScoped,omitempty"`
}

// powersOf finds what the rules of a role, which are as the items say, allow among the powers. A rule about every resource is left out: it says
// itself that it gives everything. See https://kubernetes.io/docs/concepts/security/rbac-good-practices/.
func powersOf(role *Role, items []view) []Power {
	found := []Power{}
	for _, row := range powers {
		if row.clusterScoped && !role.Cluster {
			continue
		}
		i := slices.IndexFunc(found, func(p Power) bool { return p.Name == row.name })
		for r := range role.Rules {
			use, ok := row.use(&role.Rules[r], items[r])
			if !ok {
				continue
			}
			if i < 0 {
				found, i = append(found, Power{Name: row.name}), len(found)
			}
			role.Rules[r].Powers = addText(role.Rules[r].Powers, row.name)
			found[i].add(use)
		}
	}
	for _, p := range found {
		slices.SortStableFunc(p.Uses, func(a, b Use) int { return compareBool(len(a.Names) > 0, len(b.Names) > 0) })
	}
	return found
}

// maxUses is how many rules are told that give one power.
const maxUses = 20

// add notes a use; one that the same place was found to be already adds nothing.
func (p *Power) add(use Use) {
	same := func(u Use) bool { return u.Path.String() == use.Path.String() && u.ClusterScoped == use.ClusterScoped }
	if len(p.Uses) < maxUses && !slices.ContainsFunc(p.Uses, same) {
		p.Uses = append(p.Uses, use)
	}
}

func addText(list []string, text string) []string {
	if slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// use says how a rule gives the power; false where it doesn't. It decides as Kubernetes' authorizer does: "*" stands for every
// group, resource or verb, "*/exec" for that subresource of every resource, and "pods/*" for nothing at all.
func (row power) use(rule *Rule, item view) (Use, bool) {
	anyResource := slices.Contains(row.resources, "…")
	if !covers(rule.APIGroups, row.group, !anyResource) || len(row.only) > 0 && !overlap(rule.ResourceNames, row.only) {
		return Use{}, false
	}
	resources := positions(rule.Resources, func(r string) bool {
		return slices.ContainsFunc(row.resources, func(wanted string) bool { return names(r, wanted) })
	})
	// Whoever creates an object asks without its name, but not whoever creates what is below one.
	named := len(rule.ResourceNames) > 0 && !slices.ContainsFunc(resources, func(i int) bool { return strings.Contains(rule.Resources[i], "/") })
	given := slices.DeleteFunc(slices.Clone(row.verbs), func(v string) bool { return named && (v == "create" || v == "deletecollection") })
	verbs := positions(rule.Verbs, func(v string) bool { return slices.Contains(given, v) || v == "*" && len(given) > 0 })
	if len(resources) == 0 || len(verbs) == 0 {
		return Use{}, false
	}
	use := Use{
		Path:          item.texts("resources")[resources[0]].Path,
		What:          short(rule.Resources, resources) + ":" + short(rule.Verbs, verbs),
		Names:         row.about(rule.ResourceNames),
		ClusterScoped: row.clusterScoped,
	}
	if row.verbTells && rule.Verbs[verbs[0]] != "*" {
		use.Path = item.texts("verbs")[verbs[0]].Path
	}
	return use, true
}

// about are those of a rule's names that the power is about; of one that is about any name these are all.
func (row power) about(names []string) []string {
	if len(row.only) == 0 {
		return names
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !slices.Contains(row.only, name) })
}

// covers reports whether a list of groups takes one in, by name or, where that counts, by "*".
func covers(list []string, want string, wildcards bool) bool {
	return wildcards && slices.Contains(list, "*") || slices.Contains(list, want)
}

// names reports whether a resource of a rule is the one that is wanted, other than by standing for every resource. The keys
// of userextras are the subresources that there are.
func names(resource, wanted string) bool {
	if parent, all := strings.CutSuffix(wanted, "/…"); all {
		return strings.HasPrefix(resource, parent+"/") || resource == parent
	}
	if wanted == "…" {
		return resource != "*" && !strings.Contains(resource, "/")
	}
	_, sub, found := strings.Cut(wanted, "/")
	return resource == wanted || found && resource == "*/"+sub
}

// positions are those of the texts that are wanted.
func positions(texts []string, wanted func(string) bool) []int {
	var out []int
	for i, text := range texts {
		if wanted(text) {
			out = append(out, i)
		}
	}
	return out
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// maxShort is how many texts of a list are told.
const maxShort = 3

// short lists the texts at some positions, a, b and how many more there are.
func short(texts []string, positions []int) string {
	var out []string
	for _, i := range positions {
		if len(out) == maxShort {
			return strings.Join(out, ",") + ",…"
		}
		out = addText(out, texts[i])
	}
	return strings.Join(out, ",")
}
