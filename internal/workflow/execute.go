package workflow

import (
	"slices"
	"strings"
)

// executes says what of the tree at root a command runs; "" where it runs nothing of it.
func (c command) executes(root string) string {
	name := c.words[0].text
	switch {
	case c.asksVersion():
		return ""
	case strings.Contains(name, "/"):
		if within(inDir(c.dir, name), root) && !strings.Contains(name, "://") {
			return name
		}
		return ""
	case interpreters[name]:
		return c.interprets(root)
	case !c.touches(root):
		return ""
	case alwaysBuild[name]:
		return name
	}
	sub := c.subcommand()
	for _, s := range buildCommands[name] {
		if sub == s || s != "" && strings.HasPrefix(sub, s+" ") {
			return c.unlessHarmless(name, s, root)
		}
	}
	return ""
}

// unlessHarmless passes over the forms of a build command that run nothing of the tree.
func (c command) unlessHarmless(name, sub, root string) string {
	what := strings.TrimSpace(name + " " + sub)
	switch {
	case c.has("--ignore-scripts") && oneOf(sub, []string{"", "ci", "install", "i"}):
		return ""
	case (name == "npm" || name == "pnpm" || name == "bun") && oneOf(sub, []string{"install", "i"}) && c.onlyNamed():
		return "" // npm install -g NAME: not the tree's dependencies
	case name == "kubectl" && !c.appliesTree(root):
		return ""
	case strings.HasPrefix(what, "pip") && !c.installsTree(), what == "uv pip install" && !c.installsTree():
		return ""
	}
	return what
}

// appliesTree reports whether a kubectl command puts something of the tree into the cluster: a file of it, or what a
// command that reads the tree pipes into it.
func (c command) appliesTree(root string) bool {
	for i, w := range c.words {
		value, found := manifestFlag(w.text)
		if found && value == "" && i+1 < len(c.words) {
			value = c.words[i+1].text
		}
		switch {
		case !found || strings.Contains(value, "://"):
		case value == "-":
			return !c.fed
		case strings.HasPrefix(value, "$") || within(inDir(c.dir, value), root):
			return true
		}
	}
	return false
}

// manifestFlag splits a flag of kubectl that names a file or directory from its value, which may be the next word.
func manifestFlag(text string) (value string, found bool) {
	for _, flag := range []string{"--filename", "--kustomize", "-f", "-k"} {
		if rest, is := strings.CutPrefix(text, flag); is && (rest == "" || rest[0] == '=' || len(flag) == 2) {
			return strings.TrimPrefix(rest, "="), true
		}
	}
	return "", false
}

func (c command) onlyNamed() bool {
	return c.has("-g") || c.has("--global") || c.has("--location=global")
}

// installsTree reports whether a pip command installs the tree itself or what one of its files lists.
func (c command) installsTree() bool {
	for _, w := range c.words[1:] {
		t := w.text
		if t == "." || strings.HasPrefix(t, ".[") || strings.HasPrefix(t, "./") || t == "-e" || t == "--editable" ||
			strings.HasPrefix(t, "-r") || strings.HasPrefix(t, "--requirement") {
			return true
		}
	}
	return false
}

// interprets names the file of the tree that an interpreter is given.
func (c command) interprets(root string) string {
	for i := 1; i < len(c.words); i++ {
		t := c.words[i].text
		switch {
		case t == "-" || strings.HasPrefix(t, "-") && t == codeFlags[c.words[0].text]:
			return "" // code of the workflow's own
		case t == "-m" && i+1 < len(c.words):
			return c.module(c.words[i+1].text, root)
		case strings.HasPrefix(t, "-"):
			continue
		case within(inDir(c.dir, t), root) && !strings.Contains(t, "$"):
			return c.words[0].text + " " + t
		default:
			return ""
		}
	}
	return ""
}

// module judges python -m NAME.
func (c command) module(name, root string) string {
	if !c.touches(root) {
		return ""
	}
	switch {
	case oneOf(name, []string{"build", "pytest", "unittest", "tox", "nox", "pre_commit"}):
		return "python -m " + name
	case name == "pip" && c.installsTree():
		return "python -m pip install"
	}
	return ""
}

// touches reports whether the command runs in the tree at root, or names something in it.
func (c command) touches(root string) bool {
	if within(c.dir, root) {
		return true
	}
	for _, w := range c.words[1:] {
		_, value, found := strings.Cut(w.text, "=")
		if !found {
			value = w.text
		}
		if within(inDir(c.dir, value), root) {
			return true
		}
	}
	return false
}

// subcommand is the words that are not flags, joined: "buildx build".
func (c command) subcommand() string {
	var subs []string
	for i := 1; i < len(c.words); i++ {
		switch t := c.words[i].text; {
		case takesValue[t]:
			i++
		case !strings.HasPrefix(t, "-") && !strings.HasPrefix(t, "+"):
			subs = append(subs, t)
		}
	}
	return strings.Join(subs, " ")
}

func (c command) has(flag string) bool {
	return slices.ContainsFunc(c.words, func(w word) bool { return w.text == flag })
}

func (c command) asksVersion() bool {
	return len(c.words) == 2 && (c.has("--version") || c.has("-v") || c.has("version") || c.has("-V") || c.has("--help"))
}

// executes says what of the tree at root the action that a step uses runs; "" where it runs nothing of it.
func (s *Step) executes(root string) string {
	action := s.Action()
	switch {
	case strings.HasPrefix(s.Uses, "./"):
		if within(inDir("", s.Uses), root) {
			return s.Uses
		}
		return ""
	case action == "docker/build-push-action":
		if dir, _ := s.Input("context"); dir != "" && within(inDir("", dir), root) {
			return "docker build"
		}
		return ""
	case action == "actions/github-script":
		if script, _ := s.Input("script"); root == "" && strings.Contains(script, "require('./") {
			return "a script that it requires"
		}
		return ""
	}
	input, known := treeActions[action]
	dir, _ := s.Input("working-directory")
	value, _ := s.Input(input)
	if !known || input != "" && (value == "" || value == "false") || !within(inDir("", dir), root) {
		return ""
	}
	return action
}

// commands lists the commands of the step's script, where its shell is one that can be read.
func (s *Step) commands(env func(string) string) []command {
	shell, _, _ := strings.Cut(s.Shell, " ")
	if s.Run == "" || !oneOf(shell, []string{"", "bash", "sh", "pwsh", "powershell", "cmd"}) {
		return nil
	}
	return commands(s.Run, inDir("", s.Directory), env)
}
