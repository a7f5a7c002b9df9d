package shell

import (
	"slices"
	"strings"
)

// Executes says what of the tree at root, a directory relative to the workspace, the command runs: "npm ci", "./x.sh"; "" where
// it runs nothing of it.
func (c Command) Executes(root string) string {
	name := c.Words[0].Text
	switch {
	case c.asksVersion():
		return ""
	case strings.Contains(name, "/"):
		if Within(InDir(c.Dir, name), root) && !strings.Contains(name, "://") {
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
	sub := c.Subcommand()
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

// RunsIn says what of a directory that only holds data a command runs. To be given a file of it is to read it, unless
// the command is a file of it, an interpreter that is given one, or is told to work there.
func (c Command) RunsIn(dir string) string {
	if dir == "" || Within(c.Dir, dir) || strings.Contains(c.Name(), "/") || interpreters[c.Name()] {
		return c.Executes(dir)
	}
	for flag := range takesValue {
		if value := c.ValueOf(flag, flag); value != "" && Within(InDir(c.Dir, value), dir) {
			return c.Executes(dir)
		}
	}
	return ""
}

// RunsElsewhere reports whether the command runs what the tree brings in a container or a cluster.
func (c Command) RunsElsewhere() bool { return runElsewhere[c.Name()] }

// unlessHarmless passes over the forms of a build command that run nothing of the tree.
func (c Command) unlessHarmless(name, sub, root string) string {
	what := strings.TrimSpace(name + " " + sub)
	switch {
	case c.Has("--ignore-scripts") && slices.Contains([]string{"", "ci", "install", "i"}, sub):
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
		case strings.HasPrefix(value, "$") || Within(InDir(c.Dir, value), root):
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
	return c.Has("-g") || c.Has("--global") || c.Has("--location=global")
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
		case Within(InDir(c.Dir, t), root) && !strings.Contains(t, "$"):
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
	if Within(c.Dir, root) {
		return true
	}
	for _, w := range c.Words[1:] {
		_, value, found := strings.Cut(w.Text, "=")
		if !found {
			value = w.Text
		}
		if Within(InDir(c.Dir, value), root) {
			return true
		}
	}
	return false
}

func (c Command) asksVersion() bool {
	return len(c.Words) == 2 && (c.Has("--version") || c.Has("-v") || c.Has("version") || c.Has("-V") || c.Has("--help"))
}
