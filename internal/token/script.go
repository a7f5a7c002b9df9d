package token

import (
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
)

// script reads a shell script; depth counts the scripts that run each other.
func (r *reader) script(at site, script shell.Script, depth int) {
	s := &scriptReader{reader: r, at: at, script: script, depth: depth, known: map[string]credential{}}
	for _, c := range script.Commands {
		if r.budget--; r.budget < 0 {
			break
		}
		s.command(c)
	}
	if !script.Whole || r.budget < 0 {
		held := max(s.reach(), at.frame.credential(at.step, at.step.Run))
		r.unknown(at, "not all of the script can be read", r.scopesWith(held))
	}
}

// scriptReader is a script that is being read.
type scriptReader struct {
	*reader

	at     site
	script shell.Script
	depth  int
	known  map[string]credential // variables, as far as they have been asked for
}

// command reads one command.
func (s *scriptReader) command(c shell.Command) {
	words := s.words(c)
	at := s.at
	if s.at.step.Run != "" && s.at.frame.caller == nil && s.depth == 0 {
		at.text = c.Text
	}
	at.by, at.fails = title(words), at.fails || c.Ignored
	if s.login(c, words) {
		return
	}
	if run := inner(c, words); len(run) > 0 {
		for _, one := range run {
			s.command(one)
		}
		return
	}
	s.notes(c, words)
	s.stores(c, words)
	needs, known := s.k.Command(words)
	switch {
	case known:
		s.needs(at, needs, func(t Token) credential { return s.token(c, words, t) })
		s.handed(at, c, words)
	case s.script.Functions[words[0]]:
	case classOf(words) == harmless:
		s.handed(at, c, words)
	case s.follow(at, c, words):
	default:
		held := max(s.reach(), s.wordsHold(c))
		scopes := s.scopesWith(held)
		if classOf(words) == buildsOnly && !held.reaches() {
			scopes = []string{scopeOIDC}
		}
		s.unknown(at, "what the command does is not known", scopes)
	}
}

// title is what a command is called: its name and, where it has some, its subcommands.
func title(words []string) string {
	name := path.Base(words[0])
	if strings.ContainsAny(name, "${}") {
		return "a program that a variable names"
	}
	end := 1
	for end < len(words) && end <= subcommands[name] && !strings.HasPrefix(words[end], "-") && !strings.ContainsAny(words[end], "$/.:{= ") {
		end++
	}
	return strings.Join(append([]string{name}, words[1:end]...), " ")
}

// subcommands is how many words of a command say what it does.
var subcommands = map[string]int{
	"bun": 2, "cargo": 1, "cosign": 1, "crane": 1, "docker": 1, "gh": 2, "git": 1, "go": 1, "helm": 1, "lerna": 1, "npm": 2,
	"oras": 1, "pnpm": 2, "podman": 1, "poetry": 1, "skopeo": 1, "twine": 1, "uv": 1, "yarn": 2,
}

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

// words gives the words of a command, with variables and expressions replaced by what they are set to as far as that is
// written down.
func (s *scriptReader) words(c shell.Command) []string {
	out := make([]string, 0, len(c.Words))
	for _, w := range c.Words {
		text := w.Text
		for _, name := range variablesIn(text) {
			if value := s.value(name); value != "" {
				text = strings.ReplaceAll(text, "$"+name, value)
			}
		}
		for _, e := range expression.Find(text) {
			if value := s.at.frame.resolve(s.at.step, e.Text); value != e.Text {
				text = strings.Replace(text, e.Text, value, 1)
			}
		}
		out = append(out, text)
	}
	return out
}

// value is what a variable is set to, where that is written down and all there is; else "". Other variables may stand in
// it: of an image whose tag only the run knows, the registry counts.
func (s *scriptReader) value(name string) string {
	switch sets := s.script.Sets[name]; {
	case len(sets) == 1 && !strings.HasPrefix(sets[0].Text, "$"):
		return sets[0].Text
	case len(sets) > 0:
		return ""
	}
	text, from, _ := s.at.frame.env(s.at.step, name)
	if s.at.frame.credential(s.at.step, text) != nobodys {
		return ""
	}
	return from.resolve(s.at.frame.stepIn(from, s.at.step), text)
}

// variablesIn lists the variables that stand in a word, longest first.
func variablesIn(text string) []string {
	var names []string
	for i := strings.IndexByte(text, '$'); i >= 0; i = strings.IndexByte(text, '$') {
		text = text[i+1:]
		end := 0
		for end < len(text) && (text[end] == '_' || text[end] >= 'A' && text[end] <= 'Z' || text[end] >= 'a' && text[end] <= 'z' || end > 0 && text[end] >= '0' && text[end] <= '9') {
			end++
		}
		if end > 0 {
			names = append(names, text[:end])
		}
	}
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) })
	return names
}

// held says whose token a word holds, in itself or through its variables.
func (s *scriptReader) held(w shell.Word) credential {
	found := s.at.frame.credential(s.at.step, w.Text)
	for _, name := range variablesIn(w.Text) {
		found = max(found, s.variableHolds(name))
	}
	return found
}

// variableHolds says whose token a variable holds that is set by the script or before it.
func (s *scriptReader) variableHolds(name string) credential {
	if known, ok := s.known[name]; ok {
		return known
	}
	found := s.variable(s.at, name)
	s.known[name] = found // for one that is set from itself
	for _, w := range s.script.Sets[name] {
		found = either(found, s.held(w))
	}
	s.known[name] = found
	return found
}

// wordsHold says whose token a command is given in its words, or in what is assigned for it alone.
func (s *scriptReader) wordsHold(c shell.Command) credential {
	var found credential
	for _, w := range c.Words {
		found = max(found, s.held(w))
	}
	for _, w := range c.Env {
		found = max(found, s.held(w))
	}
	return found
}

// reach says whose tokens any program in the script can read.
func (s *scriptReader) reach() credential {
	found := s.reader.reach(s.at)
	for _, sets := range s.script.Sets {
		for _, w := range sets {
			found = max(found, s.held(w))
		}
	}
	return found
}

// token says whose token a command gets.
func (s *scriptReader) token(c shell.Command, words []string, t Token) credential {
	if t.Words {
		if held := s.wordsHold(c); held != nobodys {
			return held
		}
	}
	for i, w := range c.Words {
		if t.Checkout && strings.Contains(words[i], "://") && s.held(w) != nobodys {
			return s.held(w) // git push https://x-access-token:$TOKEN@github.com/…
		}
	}
	if t.Checkout {
		return s.gitToken() // what gh auth setup-git makes of the environment is in it
	}
	for _, name := range t.Env {
		found := s.variableHolds(name)
		if w, set := c.Env[name]; set {
			found = s.held(w)
		}
		if found != nobodys {
			return found // GH_TOKEN comes before GITHUB_TOKEN, and so does every first
		}
	}
	if t.Registry != "" {
		held := s.registries[t.Registry]
		if s.wordsHold(c).reaches() {
			held = max(held, uncertain) // skopeo copy --dest-creds x:$TOKEN logs in for itself
		}
		return held
	}
	switch {
	case words[0] == "gh" && s.gh != nobodys:
		return s.gh
	case t.Words, len(t.Env) > 0:
		return s.reach() // whichever way it got there
	}
	return nobodys
}

// notes keeps what a command leaves for later ones.
func (s *scriptReader) notes(c shell.Command, words []string) {
	held := s.wordsHold(c)
	switch name := words[0]; {
	case name == "git" && held != nobodys && len(words) > 1 && slices.Contains([]string{"config", "remote", "clone"}, words[1]):
		s.git = either(s.git, held)
	case name == "git" && len(words) > 1 && (words[1] == "config" || words[1] == "remote"):
		if strings.Contains(strings.Join(words, " "), "$(") && s.git != nobodys {
			s.git = either(s.git, uncertain)
		}
	case name == "gh" && len(words) > 2 && words[1] == "auth":
		s.gh = max(s.gh, s.reach(), held)
		if words[2] == "setup-git" {
			s.git = either(s.git, s.ghToken())
		}
	case name == "echo" || name == "printf":
		if text := strings.Join(words[1:], " "); held != nobodys && strings.Contains(text, "=") {
			variable, _, _ := strings.Cut(strings.TrimSpace(text), "=")
			s.exported[variable] = max(s.exported[variable], held)
		}
		if held.reaches() {
			s.gh = max(s.gh, uncertain) // it may be piped into gh auth login
			s.git = max(s.git, uncertain)
			if strings.Contains(strings.Join(words, " "), "ghcr.io") {
				s.registries["ghcr.io"] = max(s.registries["ghcr.io"], uncertain) // into the file of a login
			}
		}
	}
}

func (s *scriptReader) ghToken() credential {
	for _, name := range []string{"GH_TOKEN", "GITHUB_TOKEN"} {
		if c := s.variableHolds(name); c != nobodys {
			return c
		}
	}
	return s.gh
}

// follow reads the script of the repository that a command runs; false where it runs none that can be read.
func (s *scriptReader) follow(at site, c shell.Command, words []string) bool {
	if s.depth >= maxFollowed {
		return false
	}
	if inline, ok := inlineScript(words); ok {
		s.nested(at, c, shell.Parse(inline).Script(c.Dir, s.at.frame.envText(s.at.step)))
		return true
	}
	file := scriptFile(words)
	if file == "" {
		return s.packageScript(at, c, words)
	}
	text := s.repo.Files().Read(s.locate(file, c.Dir))
	if text == nil || !isShell(string(text)) {
		return false
	}
	s.nested(at, c, shell.Parse(string(text)).Script(c.Dir, s.at.frame.envText(s.at.step)))
	return true
}

// nested reads a script that a command of this one runs, which sees the same variables.
func (s *scriptReader) nested(at site, c shell.Command, script shell.Script) {
	if script.Sets != nil {
		for name, w := range c.Env {
			script.Sets[name] = append(script.Sets[name], w)
		}
	}
	for name, words := range s.script.Sets {
		if script.Sets != nil {
			script.Sets[name] = append(script.Sets[name], words...)
		}
	}
	for name := range s.script.Functions {
		if script.Functions != nil {
			script.Functions[name] = true
		}
	}
	s.reader.script(at, script, s.depth+1)
}

// locate gives the path in the repository of a file that a script names.
func (s *scriptReader) locate(file, dir string) string {
	for _, own := range []string{"$GITHUB_ACTION_PATH/", "${{ github.action_path }}/", "${{github.action_path}}/"} {
		if rest, found := strings.CutPrefix(file, own); found {
			return path.Join(path.Dir(s.at.frame.file), rest)
		}
	}
	file = strings.TrimPrefix(file, "$GITHUB_WORKSPACE/")
	if strings.Contains(file, "$") || path.IsAbs(file) || dir == shell.Outside {
		return ""
	}
	return path.Join(dir, file)
}

// inlineScript gives the script of bash -c 'script'.
func inlineScript(words []string) (string, bool) {
	if !shells[words[0]] {
		return "", false
	}
	for i, w := range words[1:] {
		if strings.HasPrefix(w, "-") && !strings.HasPrefix(w, "--") && strings.HasSuffix(w, "c") && i+2 < len(words) {
			return words[i+2], true
		}
		if !strings.HasPrefix(w, "-") {
			break
		}
	}
	return "", false
}

var shells = set(`bash dash ksh sh zsh`)

// scriptFile gives the file that a command runs as a shell script: ./x.sh, bash x.sh, source x.sh; "" where it runs none.
func scriptFile(words []string) string {
	switch {
	case shells[words[0]] || words[0] == "source" || words[0] == ".":
		for _, w := range words[1:] {
			if !strings.HasPrefix(w, "-") && !strings.HasPrefix(w, "+") {
				return w
			}
		}
	case strings.Contains(words[0], "/"):
		return words[0]
	}
	return ""
}

func isShell(text string) bool {
	first, _, _ := strings.Cut(text, "\n")
	return !strings.HasPrefix(first, "#!") || strings.HasSuffix(first, "sh") || strings.Contains(first, "sh ")
}
