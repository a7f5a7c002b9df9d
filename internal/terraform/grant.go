package terraform

import (
	"path"
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
	// All is true where the grant makes an administrator: of the account, project or subscription. Else, unless it spreads,
	// it is every action of one service on every resource.
	All bool `json:"all"`
	// Spreads is true for an action that writes or attaches the policies of whomever it likes: who may do that can make an
	// administrator.
	Spreads bool `json:"spreads,omitempty"`
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
			found = append(found, Grant{Place: Place{Path: role.Path}, Cloud: "Azure", What: role.Text(), All: true})
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
	spreads := false
	for _, a := range s.actions {
		service, action, _ := strings.Cut(a.text, ":")
		switch {
		case a.text == "*" || a.text == "*:*" || strings.EqualFold(service, "iam") && action == "*":
			found = append(found, Grant{Place: a.at, Cloud: "AWS", What: a.text, All: true})
		case strings.EqualFold(service, "iam") && !spreads && writesPolicies(action):
			spreads = true // one of a statement says it
			found = append(found, Grant{Place: a.at, Cloud: "AWS", What: a.text, Spreads: true})
		case action == "*":
			found = append(found, Grant{Place: a.at, Cloud: "AWS", What: a.text})
		}
	}
	return found
}

// policyWriters are the actions of IAM that give rights to users, groups and roles, in lower case. See
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html.
func policyWriters() []string {
	return []string{
		"attachgrouppolicy", "attachrolepolicy", "attachuserpolicy", "createpolicyversion", "putgrouppolicy", "putrolepolicy",
		"putuserpolicy",
	}
}

// writesPolicies reports whether an action, which may have wildcards, is one of them.
func writesPolicies(action string) bool {
	return slices.ContainsFunc(policyWriters(), func(writer string) bool {
		ok, err := path.Match(strings.ToLower(action), writer)
		return ok && err == nil
	})
}

// attached finds administrators' policies wherever a resource or a module names them.
func attached(found []Grant, n source.Node, depth int) []Grant {
	if depth > maxDepth {
		return found
	}
	if administrators.MatchString(n.Text()) && !slices.ContainsFunc(n.Path, isBoundary) {
		policy := n.Text()[strings.LastIndexByte(n.Text(), '/')+1:]
		return append(found, Grant{Place: Place{Path: n.Path}, Cloud: "AWS", What: policy, All: true})
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
	return Grant{Place: Place{Path: role.Path}, Cloud: "Google Cloud", What: role.Text(), All: true}, ok
}

// isSubscription reports whether a scope is all of a subscription, or of a group of them.
func isSubscription(scope string) bool {
	scope = strings.Trim(scope, "/")
	reference := strings.HasPrefix(scope, "${data.azurerm_subscription.") && strings.HasSuffix(scope, ".id}")
	return reference || strings.Contains(scope, "managementGroups/") ||
		strings.HasPrefix(scope, "subscriptions/") && strings.Count(scope, "/") == 1
}
