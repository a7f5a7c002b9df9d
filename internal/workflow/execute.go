package workflow

import (
	"slices"
	"strings"
)

// executes says what of the tree at root a command runs; "" where it runs nothing of it.
func (c Command) executes(root string) string {
	name := c.Words[0].Text
	switch {
	case c.asksVersion():
		return ""
	case strings.Contains(name, "/"):
		if within(inDir(c.Dir, name), root) && !strings.Contains(name, "://") {
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
	if first, _, _ := strings.Cut(sub, " "); first != "" && runsScripts[name] != nil && !runsScripts[name][first] {
		return name + " " + first
	}
	return ""
}

// unlessHarmless passes over the forms of a build command that run nothing of the tree.
func (c Command) unlessHarmless(name, sub, root string) string {
	what := strings.TrimSpace(name + " " + sub)
	switch {
	case c.has("--ignore-scripts") && slices.Contains([]string{"", "ci", "install", "i"}, sub):
		return ""
	case (name == "npm" || name == "pnpm" || name == "bun") && slices.Contains([]string{"install", "i"}, sub) && c.onlyNamed():
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
func (c Command) appliesTree(root string) bool {
	for i, w := range c.Words {
		value, found := manifestFlag(w.Text)
		if found && value == "" && i+1 < len(c.Words) {
			value = c.Words[i+1].Text
		}
		switch {
		case !found || strings.Contains(value, "://"):
		case value == "-":
			return !c.Fed
		case strings.HasPrefix(value, "$") || within(inDir(c.Dir, value), root):
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

func (c Command) onlyNamed() bool {
	return c.has("-g") || c.has("--global") || c.has("--location=global")
}

// installsTree reports whether a pip command installs the tree itself or what one of its files lists.
func (c Command) installsTree() bool {
	for _, w := range c.Words[1:] {
		t := w.Text
		if t == "." || strings.HasPrefix(t, ".[") || strings.HasPrefix(t, "./") || t == "-e" || t == "--editable" ||
			strings.HasPrefix(t, "-r") || strings.HasPrefix(t, "--requirement") {
			return true
		}
	}
	return false
}

// interprets names the file of the tree that an interpreter is given.
func (c Command) interprets(root string) string {
	for i := 1; i < len(c.Words); i++ {
		t := c.Words[i].Text
		switch {
		case t == "-" || strings.HasPrefix(t, "-") && t == codeFlags[c.Words[0].Text]:
			return "" // code of the workflow's own
		case t == "-m" && i+1 < len(c.Words):
			return c.module(c.Words[i+1].Text, root)
		case strings.HasPrefix(t, "-"):
			continue
		case within(inDir(c.Dir, t), root) && !strings.Contains(t, "$"):
			return c.Words[0].Text + " " + t
		default:
			return ""
		}
	}
	return ""
}

// module judges python -m NAME.
func (c Command) module(name, root string) string {
	if !c.touches(root) {
		return ""
	}
	switch {
	case slices.Contains([]string{"build", "pytest", "unittest", "tox", "nox", "pre_commit"}, name):
		return "python -m " + name
	case name == "pip" && c.installsTree():
		return "python -m pip install"
	}
	return ""
}

// touches reports whether the command runs in the tree at root, or names something in it.
func (c Command) touches(root string) bool {
	if within(c.Dir, root) {
		return true
	}
	for _, w := range c.Words[1:] {
		_, value, found := strings.Cut(w.Text, "=")
		if !found {
			value = w.Text
		}
		if within(inDir(c.Dir, value), root) {
			return true
		}
	}
	return false
}

// subcommand is the words that are not flags, joined: "buildx build".
func (c Command) subcommand() string {
	var subs []string
	for i := 1; i < len(c.Words); i++ {
		switch t := c.Words[i].Text; {
		case takesValue[t]:
			i++
		case !strings.HasPrefix(t, "-") && !strings.HasPrefix(t, "+"):
			subs = append(subs, t)
		}
	}
	return strings.Join(subs, " ")
}

func (c Command) has(flag string) bool {
	return slices.ContainsFunc(c.Words, func(w Word) bool { return w.Text == flag })
}

func (c Command) asksVersion() bool {
	return len(c.Words) == 2 && (c.has("--version") || c.has("-v") || c.has("version") || c.has("-V") || c.has("--help"))
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

// Commands lists the simple commands of the step's script in order, where its shell is one that can be read and as far as
// it can be. Env gives the text that a variable was set to, "" where that is not known; the expressions in it count as
// those of the words that use the variable. The script is never run.
func (s *Step) Commands(env func(string) string) []Command {
	text := s.shellScript()
	if text == nil {
		return nil
	}
	return text.commands(inDir("", s.Directory), env)
}
