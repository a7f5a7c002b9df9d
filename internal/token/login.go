package token

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/shell"
)

// login notes a login at a registry: docker login ghcr.io, helm registry login ghcr.io.
func (s *scriptReader) login(c shell.Command, words []string) bool {
	at := slices.Index(words, "login")
	if at < 1 || at > 3 || words[0] == "gh" || words[0] == "npm" {
		return false
	}
	for _, w := range words[at+1:] {
		host, _, _ := strings.Cut(strings.TrimPrefix(w, "https://"), "/")
		if strings.Contains(host, "$") {
			host = "ghcr.io" // it may be
		}
		if host == "ghcr.io" || strings.HasSuffix(host, ".pkg.github.com") {
			held := s.wordsHold(c)
			if held == nobodys {
				held = s.fed(c)
			}
			if w != host {
				held = min(held, uncertain)
			}
			s.registries[host] = either(s.registries[host], held)
		}
	}
	return true
}

// fed says whose token a command may read from its standard input: what stands there or, where that does not show it,
// whatever there is in the script.
func (s *scriptReader) fed(c shell.Command) credential {
	var found credential
	for _, before := range c.Piped {
		found = max(found, s.wordsHold(before))
	}
	for _, e := range c.Input {
		found = max(found, s.at.frame.credentialIn(s.at.step, e, 0))
	}
	if found == nobodys {
		return s.reach()
	}
	return found
}
