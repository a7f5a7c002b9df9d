package token

import (
	"fmt"
	"slices"
	"strings"
)

// ghToken is how gh gets the token. https://cli.github.com/manual/gh_help_environment
var ghToken = Token{Env: []string{"GH_TOKEN", "GITHUB_TOKEN"}}

// ghAPI reads the words after gh api. https://cli.github.com/manual/gh_api
func (k *Knowledge) ghAPI(words []string) ([]ConditionedNeed, bool) {
	verb, path, posts := "", "", false
	for i := 0; i < len(words); i++ {
		w := words[i]
		name, value, inline := strings.Cut(w, "=")
		switch {
		case !strings.HasPrefix(w, "-"):
			if path == "" {
				path = w
			}
			continue
		case strings.HasPrefix(w, "-X") && len(w) > 2:
			verb = strings.TrimPrefix(w[2:], "=")
			continue
		case !slices.Contains(ghAPIFlags, name):
			continue
		case !inline:
			i++
			value = sub(words, i)
		}
		switch name {
		case "-X", "--method":
			verb = value
		case "-f", "-F", "--field", "--raw-field", "--input":
			posts = true
		}
	}
	if verb == "" {
		verb = "GET"
		if posts {
			verb = "POST"
		}
	}
	needs, known := k.Request(verb, path)
	return by(ghToken, needs), known
}

// ghAPIFlags are the flags of gh api that take a value.
var ghAPIFlags = []string{
	"-X", "--method", "-f", "-F", "--field", "--raw-field", "--input", "-H", "--header", "-q", "--jq", "-t", "--template",
	"--cache", "-p", "--preview", "--hostname",
}

// curl reads the words after curl or wget. Nothing but a request of GitHub's API with an Authorization needs anything.
func (k *Knowledge) curl(words []string) ([]ConditionedNeed, bool) {
	request, known := curlRequest(words)
	switch {
	case !known:
		return nil, !request.token.Words
	case !request.token.Words:
		return nil, true
	}
	needs, known := k.Request(request.verb, request.url)
	return by(request.token, needs), known
}

type curlCall struct {
	verb, url string
	token     Token
}

// curlRequest reads a request of GitHub's API; false where its host is another one, or is not known.
func curlRequest(words []string) (curlCall, bool) {
	call := curlCall{verb: "GET"}
	method, isAPI := "", false
	for i := 0; i < len(words); i++ {
		w := words[i]
		name, value, inline := strings.Cut(w, "=")
		for _, short := range []string{"-X", "-H", "-d"} {
			if rest, glued := strings.CutPrefix(w, short); glued && rest != "" {
				name, value, inline = short, rest, true
			}
		}
		if slices.Contains(curlFlags, name) && !inline {
			i++
			value = sub(words, i)
		}
		switch {
		case name == "-X" || name == "--request" || name == "--method":
			method = value
		case name == "-d" || strings.HasPrefix(name, "--data") || name == "--json" || name == "-T" || name == "--post-data":
			call.verb = "POST"
		case name == "-H" || name == "--header" || name == "-u" || name == "--user":
			call.token = credentials(call.token, value)
		case !strings.HasPrefix(w, "-") && isAPIURL(w):
			call.url, isAPI = w, true
		}
	}
	if method != "" {
		call.verb = method
	}
	return call, isAPI
}

// curlFlags are the flags of curl and wget that take a value and are of concern here.
var curlFlags = []string{
	"-X", "--request", "--method", "-H", "--header", "-d", "--data", "--data-raw", "--data-binary", "--json", "--data-urlencode", "-o",
	"--output", "-O", "-u", "--user", "-w", "--write-out", "-T", "--upload-file", "--retry", "--max-time", "-m", "--connect-timeout", "--post-data", "-A", "--user-agent",
}

func isAPIURL(word string) bool {
	return slices.ContainsFunc(apiHosts, func(h string) bool { return strings.HasPrefix(word, h) })
}

// credentials adds the variables or the expression of a header that says who asks.
func credentials(token Token, value string) Token {
	lower := strings.ToLower(value)
	header := strings.Contains(lower, ":") && !strings.HasPrefix(lower, "authorization")
	if header && !strings.Contains(lower, "token") {
		return token
	}
	token.Words = true
	token.Env = variables(token.Env, value)
	return token
}

// variables adds the names of the variables that stand in a word.
func variables(names []string, word string) []string {
	for rest := word; ; {
		_, after, found := strings.Cut(rest, "$")
		if !found {
			return names
		}
		rest = strings.TrimPrefix(after, "{")
		end := strings.IndexFunc(rest, func(r rune) bool { return !isNameRune(r) })
		if end < 0 {
			end = len(rest)
		}
		if end > 0 {
			names = append(names, rest[:end])
		}
	}
}

func isNameRune(r rune) bool {
	return r == '_' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' || '0' <= r && r <= '9'
}

func by(token Token, needs []ConditionedNeed) []ConditionedNeed {
	for i := range needs {
		needs[i].Token = token
	}
	return needs
}

func (k *Knowledge) loadCommands() error {
	var file commandFile
	if err := decode("data/commands.yaml", &file); err != nil {
		return err
	}
	k.globals = file.Flags
	for _, name := range file.Harmless {
		k.commands[name] = append(k.commands[name], commandEntry{item: &commandFileItem{}})
	}
	for i := range file.Commands {
		item := &file.Commands[i]
		needs, err := needsOf(item.Needs, item.Basis)
		if err != nil {
			return fmt.Errorf("data/commands.yaml: %v: %w", item.Run, err)
		}
		for _, pattern := range item.Run {
			words := strings.Fields(pattern)
			if len(words) == 0 {
				return fmt.Errorf("data/commands.yaml: a pattern without words, beside %v", item.Run)
			}
			e := commandEntry{item: item, needs: by(item.Token, slices.Clone(needs))}
			for _, w := range words[1:] {
				e.subs = append(e.subs, strings.Split(w, "|"))
			}
			k.commands[words[0]] = append(k.commands[words[0]], e)
		}
	}
	return nil
}
