package token

import (
	"maps"
	"slices"
	"strings"
)

// beyond records what an action may do with the token that its entry cannot tell: what is decided elsewhere, and what a
// token is for that the step hands over under a name that the entry does not know.
func (r *reader) beyond(at site, entry *ActionEntry, token credential) {
	if entry.Opaque {
		scopes := []string{scopeOIDC}
		if token.reaches() {
			scopes = nil
		}
		r.unknown(at, "what it does with the token cannot be told from its inputs", scopes)
		return
	}
	if name := givenAs(at, entry); name != "" {
		r.unknown(at, "it is given the token as "+name+", and what for is not known", nil)
	}
}

// givenAs is the first input or variable of the step that holds the token and that the entry does not list; "" for none.
// A build that is handed the token as a secret of its own is the usual case.
func givenAs(at site, entry *ActionEntry) string {
	for _, name := range slices.Sorted(maps.Keys(at.step.With)) {
		text, _ := at.step.Input(name)
		if !entry.takes(strings.ToLower(name)) && at.frame.credential(at.step, text).reaches() {
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

// takes reports whether the entry says what an input, in lower case, or a variable that holds the token is for.
func (e *ActionEntry) takes(name string) bool {
	lists := func(t Token) bool { return slices.Contains(t.Inputs, name) || slices.Contains(t.Env, name) }
	return name == e.Script || name == e.Route || slices.Contains(e.Commands, name) || lists(e.Token) ||
		slices.ContainsFunc(e.Needs, func(n ConditionedNeed) bool { return lists(n.Token) })
}
