package token

import (
	"path"
	"slices"
	"strings"
)

// commandFile is the form of data/commands.yaml.
type commandFile struct {
	// Flags are, by command, those in front of a subcommand that take the next word as their value.
	Flags map[string][]string `yaml:"flags"`
	// Harmless commands do nothing with a token, whatever their words.
	Harmless []string          `yaml:"harmless"`
	Commands []commandFileItem `yaml:"commands"`
}

// commandFileItem is one fact about commands.
type commandFileItem struct {
	Run     []string   `yaml:"run"`     // "gh pr create|edit": the command, and its subcommands with what may stand in their place
	With    []string   `yaml:"with"`    // one of these flags must be there
	Without []string   `yaml:"without"` // none of these may be
	Host    string     `yaml:"host"`    // a word must begin with this host, as an image at a registry does
	Other   string     `yaml:"other"`   // with this flag it is about another repository
	Token   Token      `yaml:"token"`
	Needs   []needFile `yaml:"needs"`
	Calls   string     `yaml:"calls"` // of gh: the requests and mutations that it makes …
	Code    string     `yaml:"code"`  // … by this file of its source, at a commit
	Source  string     `yaml:"source"`
	Basis   Basis      `yaml:"basis"`
	Checked string     `yaml:"checked"`
}

// commandEntry is one pattern of a commandFileItem.
type commandEntry struct {
	subs  [][]string // the alternatives of each subcommand
	item  *commandFileItem
	needs []ConditionedNeed
}

// Command gives what one simple command of a script needs, by its words: quotes removed, a variable as $NAME. Known is
// false where what it does with a token in its environment cannot be told: a script, a build, a query in GraphQL. The
// needs say how the command gets the token.
func (k *Knowledge) Command(words []string) (needs []ConditionedNeed, known bool) {
	words = launched(withoutXargs(words))
	if len(words) == 0 {
		return nil, true
	}
	name := path.Base(words[0])
	switch {
	case strings.HasPrefix(words[0], "./") || strings.HasPrefix(words[0], "$"):
		return nil, false
	case name == "gh" && sub(words, 1) == "api":
		return k.ghAPI(words[2:])
	case name == "curl" || name == "wget":
		return k.curl(words[1:])
	}
	best, rest := -1, k.subcommands(name, words[1:])
	for _, e := range k.commands[name] {
		if !e.matches(rest) || len(e.subs) < best {
			continue
		}
		if len(e.subs) > best {
			best, needs = len(e.subs), nil
		}
		needs = append(needs, e.needsFor(words)...)
	}
	if name == "git" {
		needs = gitByURL(words, needs)
	}
	return needs, best >= 0
}

// gitByURL gives the needs of git where one of its words holds the token: the URL of a remote, or a header. Such a
// remote may be pushed to by a later command that does not show it.
func gitByURL(words []string, needs []ConditionedNeed) []ConditionedNeed {
	for _, w := range words[1:] {
		named := strings.Contains(w, "@github.com") || strings.Contains(strings.ToLower(w), "authorization:")
		if !named || !open(w) {
			continue
		}
		needs = append(slices.Clone(needs), ConditionedNeed{Need: Need{
			Scope: "contents", Level: LevelWrite, Optional: true, Basis: BasisDocs, Why: "git is given the token, and may push with it",
		}})
		return by(Token{Words: true, Env: variables(nil, w)}, needs)
	}
	return needs
}

func sub(words []string, i int) string {
	if i < len(words) {
		return words[i]
	}
	return ""
}

// launchers run the command that follows them.
var launchers = []string{
	"npx", "bunx", "uvx", "pnpm dlx", "pnpm exec", "yarn dlx", "yarn exec", "npm exec", "uv run", "uv tool run",
	"poetry run", "pipx run", "python -m", "python3 -m", "bundle exec",
}

// withoutXargs gives the command that xargs runs, to which it adds words that only the run knows.
func withoutXargs(words []string) []string {
	if len(words) == 0 || words[0] != "xargs" {
		return words
	}
	words = words[1:]
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		if slices.Contains([]string{"-n", "-I", "-P", "-L", "-d", "-s", "-a", "-E"}, words[0]) && len(words) > 1 {
			words = words[1:]
		}
		words = words[1:]
	}
	return words
}

// launched takes a launcher and its flags away, and the version of what it launches: npx -y semantic-release@24.
func launched(words []string) []string {
	for _, launcher := range launchers {
		l := strings.Fields(launcher)
		if len(words) <= len(l) || !slices.Equal(words[:len(l)], l) {
			continue
		}
		rest := words[len(l):]
		for len(rest) > 0 && strings.HasPrefix(rest[0], "-") {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return words
		}
		name := rest[0]
		if at := strings.LastIndex(name, "@"); at > 0 {
			name = name[:at]
		}
		return append([]string{name}, rest[1:]...)
	}
	return words
}

// subcommands is the words without flags, and without the values of the flags that stand in front of a subcommand.
func (k *Knowledge) subcommands(name string, words []string) []string {
	var subs []string
	for i := 0; i < len(words); i++ {
		switch w := words[i]; {
		case slices.Contains(k.globals[name], w):
			i++
		case !strings.HasPrefix(w, "-"):
			subs = append(subs, w)
		}
	}
	return subs
}

func (e *commandEntry) matches(words []string) bool {
	if len(words) < len(e.subs) {
		return false
	}
	for i, alternatives := range e.subs {
		if !slices.Contains(alternatives, words[i]) {
			return false
		}
	}
	return true
}

// needsFor is what the command needs with these words.
func (e *commandEntry) needsFor(words []string) []ConditionedNeed {
	open := false // only the run knows which host, or what a flag says
	switch {
	case len(e.item.With) > 0 && !hasFlag(words, e.item.With), hasFlag(words, e.item.Without):
		return nil
	case e.item.Host != "" && !slices.ContainsFunc(words, func(w string) bool { return namesHost(w, e.item.Host) }):
		if !slices.ContainsFunc(words[1:], startsOpen) {
			return nil
		}
		open = true
	}
	if e.item.Other != "" && aboutAnother(words, e.item.Other) {
		open = true
	}
	needs := slices.Clone(e.needs)
	for i := range needs {
		needs[i].Optional = needs[i].Optional || open
		if e.item.Host != "" {
			needs[i].Token.Registry = e.item.Host
		}
	}
	return needs
}

// namesHost reports whether a word is at a host: ghcr.io/a/b, oci://ghcr.io/a, --tag=ghcr.io/a, type=image,name=ghcr.io/a.
func namesHost(word, host string) bool {
	return slices.ContainsFunc(addresses(word), func(a string) bool { return a == host || strings.HasPrefix(a, host+"/") })
}

// startsOpen reports whether only the run knows at which host a word is: $IMAGE, docker://$IMAGE, type=image,name=$IMAGE.
func startsOpen(word string) bool {
	return strings.Contains(word, expressionMark) || slices.ContainsFunc(addresses(word), func(a string) bool { return strings.HasPrefix(a, "$") })
}

// addresses are the parts of a word that may be one of an image, without their schemes.
func addresses(word string) []string {
	parts := strings.FieldsFunc(word, func(r rune) bool { return r == '=' || r == ',' || r == '"' })
	for i, part := range parts {
		if _, after, found := strings.Cut(part, "://"); found {
			parts[i] = after
		}
	}
	return parts
}

// hasFlag reports whether one of the flags stands among the words: --push, --push=true, not --push=false.
func hasFlag(words, flags []string) bool {
	for _, w := range words[1:] {
		name, value, _ := strings.Cut(w, "=")
		if slices.Contains(flags, w) || slices.Contains(flags, name) && value != "false" {
			return true
		}
	}
	return false
}

// aboutAnother reports whether a flag names a repository that is written out, and so may be another one.
func aboutAnother(words []string, flags string) bool {
	for i, w := range words {
		name, value, inline := strings.Cut(w, "=")
		if !slices.Contains(strings.Fields(flags), name) {
			continue
		}
		if !inline {
			value = sub(words, i+1)
		}
		return !open(value)
	}
	return false
}
