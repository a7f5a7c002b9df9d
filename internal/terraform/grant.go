package terraform

import (
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Grant gives somebody everything, or all of one service.
type Grant struct {
	Place
	Cloud string `json:"cloud"` // "AWS", "Google Cloud" or "Azure"
	What  string `json:"what"`  // the action, policy or role as it is written
	// All is true where the grant makes an administrator: of the account, project or subscription. Else it is every action
	// of one service on every resource.
	All bool `json:"all"`
}

// administrators are AWS's own policies that make one. IAMFullAccess is enough: who may write policies may have all.
var administrators = regexp.MustCompile(`^arn:(?:aws[\w-]*|\$\{[^}]*\}):iam::aws:policy/(?:AdministratorAccess|IAMFullAccess)$`)

// maxDepth is how deep the values of a file are looked through.
const maxDepth = 32

func grantsOf(top source.Node, statements []statement) []Grant {
	var found []Grant
	for _, s := range statements {
		found = append(found, s.grants()...)
	}
	for _, group := range []string{"resource", "module"} {
		found = attached(found, top.Key(group), 0)
	}
	for _, b := range blocks(top, "resource", "google_") {
		if g, ok := googleGrant(b); ok {
			found = append(found, g)
		}
	}
	for _, b := range blocks(top, "resource", "azurerm_role_assignment") {
		role, scope := b.Key("role_definition_name"), b.Key("scope").Text()
		if slices.Contains([]string{"Owner", "User Access Administrator"}, role.Text()) && isSubscription(scope) {
			found = append(found, Grant{Place{Path: role.Path}, "Azure", role.Text(), true})
		}
	}
	return found
}

// grants reads a statement of an identity's policy. A resource's own policy, which names principals, gives that resource.
func (s statement) grants() []Grant {
	i := slices.IndexFunc(s.resources, func(w word) bool { return w.text == "*" })
	if s.effect != "Allow" || s.negated || s.hasPrincipals || !s.isIAM || i < 0 || len(s.conditions) > 0 {
		return nil
	}
	var found []Grant
	for _, a := range s.actions {
		service, action, _ := strings.Cut(a.text, ":")
		switch {
		case a.text == "*" || a.text == "*:*" || strings.EqualFold(service, "iam") && action == "*":
			found = append(found, Grant{a.at, "AWS", a.text, true})
		case action == "*":
			found = append(found, Grant{a.at, "AWS", a.text, false})
		}
	}
	return found
}

// attached finds administrators' policies wherever a resource or a module names them.
func attached(found []Grant, n source.Node, depth int) []Grant {
	if depth > maxDepth {
		return found
	}
	if administrators.MatchString(n.Text()) && !slices.ContainsFunc(n.Path, isBoundary) {
		return append(found, Grant{Place{Path: n.Path}, "AWS", n.Text()[strings.LastIndexByte(n.Text(), '/')+1:], true})
	}
	for _, child := range slices.Concat(n.Keys(), n.Items()) {
		found = attached(found, child, depth+1)
	}
	return found
}

// isBoundary knows keys whose policies give nothing: a boundary is the most that others may give.
func isBoundary(step any) bool {
	key, _ := step.(string)
	return strings.Contains(key, "boundary")
}

var googleScope = regexp.MustCompile(`^google_(?:project|folder|organization)_iam_(?:member|binding)$`)

func googleGrant(b block) (Grant, bool) {
	role := b.Key("role")
	ok := googleScope.MatchString(b.kind) && (role.Text() == "roles/owner" || role.Text() == "roles/editor")
	return Grant{Place{Path: role.Path}, "Google Cloud", role.Text(), true}, ok
}

// isSubscription reports whether a scope is all of a subscription, or of a group of them.
func isSubscription(scope string) bool {
	scope = strings.Trim(scope, "/")
	reference := strings.HasPrefix(scope, "${data.azurerm_subscription.") && strings.HasSuffix(scope, ".id}")
	return reference || strings.Contains(scope, "managementGroups/") ||
		strings.HasPrefix(scope, "subscriptions/") && strings.Count(scope, "/") == 1
}
