package token

import (
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/shell"
)

// handed records that a command which is known gives what it holds to something that is not: a container, a build, a
// cluster.
func (s *scriptReader) handed(at site, c shell.Command, words []string) {
	name := path.Base(words[0])
	if takesToken[name] || speaks[name] {
		return
	}
	held := s.argument(c, words)
	var scopes []string
	if containers[name] {
		held = max(held, s.passed(words))
		scopes = s.mounted(words)
	}
	switch {
	case held.reaches():
		s.unknown(at, "it is handed the token, and what for is not known", nil)
	case len(scopes) > 0:
		s.unknown(at, "what runs in the container is not known", scopes)
	}
}

var (
	takesToken = set(`curl gh git wget`)                                                             // their needs say what they do with it
	speaks     = set(`: [ [[ declare echo export local printf read readonly set test typeset unset`) // their output is looked at, by stores
	containers = set(`buildah docker nerdctl podman`)
)

// argument says whose token stands in the words of a command, but for what a flag gives to a registry to log in.
func (s *scriptReader) argument(c shell.Command, words []string) credential {
	var found credential
	for i := 1; i < len(c.Words); i++ {
		if !logsIn(words[i]) && !logsIn(words[i-1]) {
			found = max(found, s.held(c.Words[i]))
		}
	}
	return found
}

func logsIn(flag string) bool {
	name, _, _ := strings.Cut(flag, "=")
	return slices.Contains([]string{"--creds", "--src-creds", "--dest-creds", "--password", "-p", "--registry-password", "--registry-token"}, name)
}

// passed says whose token a container or build gets from the variables that are named to it: -e GH_TOKEN,
// --secret id=t,env=GH_TOKEN; from any, where a file names them.
func (s *scriptReader) passed(words []string) credential {
	if slices.ContainsFunc(words, func(w string) bool { return w == "compose" || w == "bake" || strings.HasPrefix(w, "--env-file") }) {
		return s.reach()
	}
	var found credential
	for _, w := range words[1:] {
		for _, name := range strings.FieldsFunc(w, func(r rune) bool { return r == '=' || r == ',' }) {
			found = max(found, s.variableHolds(name))
		}
	}
	return found
}

// mounted lists what a container can use that sees files of the job, or its variables for OIDC.
func (s *scriptReader) mounted(words []string) []string {
	var scopes []string
	for _, w := range words[1:] {
		switch flag, _, _ := strings.Cut(w, "="); {
		case strings.Contains(w, "ACTIONS_ID_TOKEN_REQUEST"):
			scopes = append(scopes, scopeOIDC)
		case flag == "-v" || flag == "--volume" || flag == "--mount":
			scopes = append(scopes, slices.DeleteFunc(s.scopesWith(nobodys), func(scope string) bool { return scope == scopeOIDC })...)
		}
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// stores notes a token that a command writes to a file, where any later program may find it.
func (s *scriptReader) stores(c shell.Command, words []string) {
	file := strings.Trim(c.Output, `"${}`)
	writes := c.Output != "" && c.Output != shell.OutputPipe && c.Output != shell.OutputCapture && file != "GITHUB_ENV" && file != "GITHUB_OUTPUT"
	if !writes && path.Base(words[0]) != "tee" {
		return
	}
	held := s.wordsHold(c)
	for _, e := range c.Input {
		held = max(held, s.at.frame.credentialIn(s.at.step, e, 0))
	}
	if held == nobodys && c.Fed {
		held = s.reach()
	}
	if held.reaches() {
		s.stored = uncertain
	}
}

// inner gives the commands that xargs and find run, to which they add words that only the run knows.
func inner(c shell.Command, words []string) []shell.Command {
	var out []shell.Command
	add := func(from, to int) {
		if from < to {
			one := c
			one.Words = c.Words[from:to]
			out = append(out, one)
		}
	}
	switch words[0] {
	case "xargs":
		add(len(words)-len(withoutXargs(words)), len(words))
	case "find":
		for i, w := range words {
			if slices.Contains([]string{"-exec", "-execdir", "-ok", "-okdir"}, w) {
				end := i + 1
				for end < len(words) && !slices.Contains([]string{";", `\;`, "+"}, words[end]) {
					end++
				}
				add(i+1, end)
			}
		}
	}
	return out
}
