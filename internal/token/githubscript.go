package token

import (
	"cmp"
	"path"
	"strings"
)

// javascript reads a script for actions/github-script.
func (r *reader) javascript(at site, text string, token credential) {
	pending := []string{}
	seen := map[string]bool{}
	calls := readJavaScript(text, false)
	for {
		r.scriptCalls(at, calls, token)
		token = min(token, uncertain) // not all that a module holds is called
		pending = append(pending, calls.requires...)
		if len(pending) == 0 || r.budget < 0 {
			return
		}
		next := path.Clean(pending[0])
		pending = pending[1:]
		if seen[next] {
			calls = scriptCalls{}
			continue
		}
		seen[next] = true
		source := r.moduleText(next)
		if source == nil {
			r.unknown(at, "it runs "+next+", which is not in the repository", nil)
			return
		}
		calls = readJavaScript(string(source), true)
		for i := range calls.requires {
			calls.requires[i] = "./" + path.Join(path.Dir(next), calls.requires[i])
		}
	}
}

// moduleText reads what require means by a path.
func (r *reader) moduleText(name string) []byte {
	for _, suffix := range []string{"", ".js", ".cjs", ".mjs", "/index.js"} {
		if text := r.repo.Files().Read(name + suffix); text != nil {
			return text
		}
	}
	return nil
}

// scriptCalls records what a script for actions/github-script needs.
func (r *reader) scriptCalls(at site, calls scriptCalls, token credential) {
	if calls.clients {
		token = min(token, uncertain)
	}
	for _, c := range calls.calls {
		if r.budget--; r.budget < 0 {
			break
		}
		needs, known := r.apiCall(c)
		called := at
		called.by, called.fails = cmp.Or(c.text(), at.by), at.fails || c.caught
		if !known {
			if token.reaches() {
				r.unknown(called, "what the call needs is not known", nil)
			}
			continue
		}
		r.needs(called, needs, func(Token) credential { return token })
	}
	if calls.oidc {
		r.need(at, Need{Scope: scopeOIDC, Level: LevelWrite, Why: "asks for an OIDC token", Basis: BasisAPI}, own, Yes)
	}
	if calls.opaque != "" && token.reaches() {
		r.unknown(at, calls.opaque, nil)
	}
	if calls.programs {
		r.unknown(at, "it starts programs", r.scopesWith(r.reach(at)))
	}
}

// apiCall gives what a call of GitHub's API in a script needs; false where that is not known.
func (r *reader) apiCall(c apiCall) ([]ConditionedNeed, bool) {
	if c.request == "" {
		return r.k.Call(c.namespace, c.method)
	}
	verb, path, _ := strings.Cut(c.request, " ")
	return r.k.Request(verb, strings.TrimSpace(path))
}
