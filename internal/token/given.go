package token

import (
	"maps"
	"slices"
	"strings"
)

// beyond records what an action may do with the token that its entry cannot tell: what is decided elsewhere, and what a
// token is for that the step hands over under a name that the entry does not know.
func (r *reader) beyond(at site, entry *ActionEntry, token credential) {
	const cannotTell = "what it does with the token cannot be told from its inputs"
	switch name := r.givenAs(at, entry); {
	case entry.Opaque && token.reaches(), entry.Environment && r.reach(at).reaches():
		r.unknown(at, cannotTell, nil)
	case name != "":
		r.unknown(at, "it is given the token as "+name+", and what for is not known", nil)
	case entry.Opaque:
		r.unknown(at, cannotTell, []string{scopeOIDC})
	}
}

// givenAs is the first input or variable of the step that holds the token and that the entry does not list; "" for none.
// A build that is handed the token as a secret of its own is the usual case.
func (r *reader) givenAs(at site, entry *ActionEntry) string {
	for _, name := range slices.Sorted(maps.Keys(at.step.With)) {
		text, _ := at.step.Input(name)
		if !entry.takes(strings.ToLower(name)) && max(at.frame.credential(at.step, text), r.named(at, text)).reaches() {
			return name
		}
	}
	for _, name := range slices.Sorted(maps.Keys(at.step.Env)) {
		text, _ := at.step.Env.Text(name)
		if !entry.takes(name) && at.frame.credential(at.step, text).reaches() {
			return name
		}
	}
	return ""
}

// named says whose token a variable holds that an input names: secret-envs: t=GITHUB_TOKEN.
func (r *reader) named(at site, text string) credential {
	var found credential
	for _, name := range at.frame.variables(at.step) {
		if strings.Contains(text, name) {
			found = max(found, r.variable(at, name))
		}
	}
	return found
}

// takes reports whether the entry says what an input, in lower case, or a variable that holds the token is for.
func (e *ActionEntry) takes(name string) bool {
	lists := func(t Token) bool { return slices.Contains(t.Inputs, name) || slices.Contains(t.Env, name) }
	return name == e.Script || name == e.Route || slices.Contains(e.Commands, name) || lists(e.Token) ||
		slices.ContainsFunc(e.Needs, func(n ConditionedNeed) bool { return lists(n.Token) })
}
