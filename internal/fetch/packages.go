package fetch

import (
	"bytes"
	"encoding/json"
	"path"
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
)

// pipValues are the flags of pip install that take a value.
var pipValues = set(`-r --requirement -c --constraint -t --target -i --index-url --extra-index-url -f --find-links --platform --python-version
	--implementation --abi --root --prefix --src -b --build-option --global-option --config-settings --progress-bar --log --proxy --timeout
	--retries --trusted-host --cert --cache-dir --upgrade-strategy --no-binary --only-binary --python -p --group --report -e --editable
	--resolution --index --exclude-newer`)

// pip reads pip install. Hashes fix what is installed; without them a version alone does not fix what it depends on.
func (in *installer) pip(args []shell.Word) {
	if has(args, "--require-hashes") || has(args, "--no-index") {
		return
	}
	constrained := len(flagValues(args, "-c", "--constraint")) > 0 || has(args, "--no-deps")
	in.requirements(args)
	for _, w := range positionals(args, func(flag string) bool { return pipValues[flag] }) {
		switch value := w.Value(); {
		case strings.Contains(value, "git+"):
			in.pipGit(w, value)
		case constrained && strings.Contains(value, "=="):
		default:
			in.pythonPackage("pip", w, value, false)
		}
	}
}

// pipGit judges name@git+https://host/path@ref.
func (in *installer) pipGit(w shell.Word, value string) {
	_, url, _ := strings.Cut(value, "git+")
	_, ref, _ := strings.Cut(afterHost(url), "@")
	ref, _, _ = strings.Cut(ref, "#")
	if pin, _ := refs.GitRefPin(ref); known(value) && pin != refs.PinDigest {
		in.add("pip", w, value, refs.PinBranch, false, "whatever the repository holds then is built")
	}
}

func afterHost(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	_, file, _ := strings.Cut(rest, "/")
	return file
}

var pythonSpec = regexp.MustCompile(`^([A-Za-z0-9][\w.-]*(?:\[[\w,. -]*\])?)\s*(.*)$`)

// pythonPackage judges a requirement such as name, name==1.2.3, name>=1 or, for uvx, name@1.2.3.
func (in *installer) pythonPackage(manager string, w shell.Word, value string, runs bool) {
	m := pythonSpec.FindStringSubmatch(value)
	if m == nil || strings.ContainsAny(m[1], "/\\") || strings.HasPrefix(m[2], "/") || strings.Contains(m[2], "://") ||
		strings.HasSuffix(m[1], ".whl") || strings.HasSuffix(m[1], ".tar.gz") {
		return // a path, a URL, or a file
	}
	specifier := strings.TrimSpace(m[2])
	specifier, _, _ = strings.Cut(specifier, ";")
	switch version, exact := strings.CutPrefix(specifier, "=="); {
	case strings.HasPrefix(specifier, "@"):
		if pin, reason := judgeVersion(specifier[1:]); pin != refs.PinUnknown {
			in.add(manager, w, value, pin, runs, reason)
		}
	case specifier == "":
		if !in.isOwn(m[1]) {
			in.add(manager, w, value, refs.PinNone, runs, newest)
		}
	case !known(specifier):
	case exact && !strings.ContainsAny(version, "*,<>~!"):
		in.add(manager, w, value, refs.PinExact, runs, "its version is fixed, but no hash fixes its content or what it depends on")
	case strings.ContainsAny(specifier[:1], "=<>~!"):
		in.add(manager, w, value, refs.PinFloating, runs, "whatever is newest among "+specifier+" is taken")
	}
}

// isOwn reports whether a name is that of a directory in the repository: `pip install name` with a slash left out.
func (in *installer) isOwn(name string) bool {
	return in.repo != nil && in.c.Dir != shell.Outside && in.repo.Has(path.Join(in.c.Dir, name, "pyproject.toml"))
}

// requirements judges the files that pip is given.
func (in *installer) requirements(args []shell.Word) {
	for i, w := range args {
		if (w.Text == "-r" || w.Text == "--requirement") && i+1 < len(args) {
			in.requirementsFile(args[i+1])
		}
	}
}

// requirementsFile judges one of them, where it is the repository's.
func (in *installer) requirementsFile(w shell.Word) {
	text := in.file(w.Value())
	if text == nil {
		return
	}
	pin := refs.PinDigest
	for line := range strings.Lines(joinLines(string(text))) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), " #")
		switch {
		case line == "" || line[0] == '#' || strings.HasPrefix(line, "--") || strings.HasPrefix(line, "-i") || strings.HasPrefix(line, "-c"):
		case strings.HasPrefix(line, "-") || strings.HasPrefix(line, "."):
			return // further files, or the tree itself: not followed
		case strings.Contains(line, "--hash="):
		case strings.Contains(line, "==") && !strings.Contains(line, "*"):
			if pin == refs.PinDigest {
				pin = refs.PinExact
			}
		case strings.Contains(line, "@") && commitInURL.MatchString(line):
		default:
			pin = refs.PinFloating
		}
	}
	name := w.Value()
	switch pin {
	case refs.PinExact:
		in.add("pip", w, name, refs.PinExact, false, "its versions are fixed, but no hash fixes their content or what they depend on")
	case refs.PinFloating:
		in.add("pip", w, name, refs.PinFloating, false, "not each of its lines names one version, and whatever is newest is taken")
	}
}

// joinLines joins lines that a backslash continues.
func joinLines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\\\n", " ")
}

// python reads pipx, uvx and uv tool, whose first word is the package, unless --from names it.
func (in *installer) python(manager string, args []shell.Word, runs bool) {
	for i, w := range args {
		if (w.Text == "--from" || w.Text == "--spec") && i+1 < len(args) {
			if value := args[i+1].Value(); !strings.Contains(value, "/") {
				in.pythonPackage(manager, args[i+1], value, runs)
			}
			return
		}
	}
	takes := valued("--python", "-p", "--with", "--index-url", "--index", "--default-index", "--extra-index-url", "--pip-args", "--suffix", "-c",
		"--constraints", "--directory", "--project", "--with-requirements", "-w", "--config-file", "--cache-dir")
	if has(args, "--generate-shell-completion") {
		return
	}
	if words := positionals(args, takes); len(words) > 0 {
		in.pythonPackage(manager, words[0], words[0].Value(), runs)
	}
}

// nodeValues are the flags of npm, yarn, pnpm and bun that take a value.
var nodeValues = valued("--prefix", "-C", "--cwd", "--dir", "--filter", "-F", "--registry", "--workspace", "-w", "--cache", "--omit", "--include",
	"--loglevel", "--network-timeout", "--cache-folder", "--mutex", "--modules-folder", "--save-prefix", "--tag", "--linker", "--backend",
	"--cache-dir", "--cpu", "--os", "--libc", "--min-release-age", "--minimum-release-age", "--node-linker", "--reporter", "--store-dir",
	"--network-concurrency", "--userconfig", "--install-strategy", "--fetch-retries", "--config", "-c")

// node reads npm, yarn, pnpm and bun.
func (in *installer) node(name, verb string, args []shell.Word) {
	words := positionals(args, nodeValues)
	if len(words) > 0 {
		verb = words[0].Text
	}
	switch {
	case verb == "dlx" || name == "bun" && verb == "x":
		if len(words) > 1 {
			in.versioned(name+" "+verb, words[1:2], "@", true)
		}
	case name == "npm" && (verb == "exec" || verb == "x"):
		in.npx("npm exec", args[1:])
	case name == "yarn" && verb == "global" && len(words) > 2 && words[1].Text == "add":
		in.versioned("yarn", words[2:], "@", false)
	case (verb == "install" || verb == "i" || verb == "add") && len(words) > 1:
		in.versioned(name, words[1:], "@", false)
	case verb == "install" || verb == "i" || verb == "" && name == "yarn" && len(args) == 0:
		in.lockless(name, args)
	}
}

// nodeLocks are the lock files of the managers.
var nodeLocks = map[string][]string{
	"npm": {"package-lock.json", "npm-shrinkwrap.json", "yarn.lock"}, "yarn": {"yarn.lock"}, "pnpm": {"pnpm-lock.yaml"}, "bun": {"bun.lock", "bun.lockb"},
}

// lockless judges an install of what package.json lists. With a lock file beside it, it holds but can be written anew.
func (in *installer) lockless(name string, args []shell.Word) {
	for _, flag := range []string{"-g", "--global", "--prefix", "--cwd", "-C", "--dir", "--frozen-lockfile", "--immutable"} {
		if has(args, flag) || len(flagValues(args, flag)) > 0 {
			return
		}
	}
	switch {
	case in.repo == nil || in.c.Dir == shell.Outside || !in.has("package.json"):
	case !in.has(nodeLocks[name]...):
		in.whole(name, refs.PinFloating, "no lock file lies beside it, and whatever is newest in its ranges is taken")
	case name == "npm":
		in.whole(name, refs.PinExact, "npm install may write package-lock.json anew, where npm ci keeps to it")
	}
}

// npx reads a package that is fetched and run at once, unless the repository's own dependencies provide it.
func (in *installer) npx(manager string, args []shell.Word) {
	if has(args, "--no-install") || has(args, "--no") || has(args, "--offline") {
		return
	}
	var words []shell.Word
	for i, w := range args {
		if (w.Text == "-p" || w.Text == "--package") && i+1 < len(args) {
			words = append(words, args[i+1])
		} else if strings.HasPrefix(w.Text, "--package=") {
			return // rare enough
		}
	}
	if len(words) == 0 {
		if found := positionals(args, valued("-c", "--call", "--prefix", "-w", "--workspace")); len(found) > 0 {
			words = found[:1]
		}
	}
	for _, w := range words {
		if name := w.Value(); nameOf(name) != name || !in.provides(name) {
			in.versioned(manager, []shell.Word{w}, "@", true)
		}
	}
}

// provides reports whether a package is there already, so that npx takes that one: the job installs it by name, or installs
// what package.json or its lock lists, and that is among it or cannot be told.
func (in *installer) provides(name string) bool {
	byName, fromManifest := in.unit.nodeInstalls(name)
	if byName {
		return true
	}
	if in.repo == nil || in.c.Dir == shell.Outside || strings.Contains(in.c.Dir, "$") {
		return true // not known: it may
	}
	manifest := false
	for dir := in.c.Dir; ; dir = path.Dir(dir) {
		manifest = manifest || in.repo.Has(path.Join(dir, "package.json"))
		if in.listed(dir, name) {
			return true
		}
		if dir == "" || dir == "." {
			return !manifest && fromManifest
		}
	}
}

// nodeInstalls reports whether the unit installs a package by its name, and whether it installs what package.json lists.
func (u *unit) nodeInstalls(name string) (byName, manifest bool) {
	for _, s := range u.scripts {
		for _, c := range s.commands {
			if nodeLocks[c.Name()] == nil {
				continue
			}
			args := positionals(c.Words[1:], nodeValues)
			byName = byName || len(args) > 1 && anyWord(args[1:], func(w shell.Word) bool { return nameOf(w.Value()) == name })
			manifest = manifest || len(args) == 0 || len(args) == 1 && manifestInstalls[args[0].Text]
		}
	}
	return byName, manifest
}

var manifestInstalls = set("ci install i")

// nameOf is a package without the version behind it.
func nameOf(value string) string {
	if at := strings.LastIndex(value, "@"); at > 0 {
		return value[:at]
	}
	return value
}

// listed reports whether package.json or a lock file of a directory names a package, or a command of one, or whether the
// package is one of the repository's own workspaces.
func (in *installer) listed(dir, name string) bool {
	var manifest struct {
		Name                                                string
		Dependencies, DevDependencies, OptionalDependencies map[string]any
		Workspaces                                          any
	}
	if err := json.Unmarshal(in.repo.Read(path.Join(dir, "package.json")), &manifest); err != nil {
		return false // none, or not readable: it provides nothing
	}
	if manifest.Workspaces != nil || in.repo.Has(path.Join(dir, "pnpm-workspace.yaml")) {
		for _, file := range in.repo.Paths {
			if strings.HasSuffix(file, "/"+path.Base(name)+"/package.json") {
				return true
			}
		}
	}
	for _, list := range []map[string]any{manifest.Dependencies, manifest.DevDependencies, manifest.OptionalDependencies} {
		for dependency := range list {
			if dependency == name || path.Base(dependency) == name || commandOf[name] == dependency {
				return true
			}
		}
	}
	return manifest.Name == name || in.locked(dir, name)
}

// locked looks into lock files, where the packages stand that others depend on, and in npm's their commands too.
func (in *installer) locked(dir, name string) bool {
	for file, forms := range map[string][]string{
		"package-lock.json": {`"node_modules/%"`, `"%": "`}, "yarn.lock": {"\n%@", `"%@`}, "pnpm-lock.yaml": {"  %@", "  '%@", "/%@"}, "bun.lock": {`"%": [`},
	} {
		text := in.repo.Read(path.Join(dir, file))
		for _, form := range forms {
			if bytes.Contains(text, []byte(strings.ReplaceAll(form, "%", name))) {
				return true
			}
		}
	}
	return false
}

// commandOf are commands of npm packages that have another name.
var commandOf = map[string]string{
	"tsc": "typescript", "ng": "@angular/cli", "vue-cli-service": "@vue/cli-service", "playwright": "@playwright/test", "sb": "storybook",
	"changeset": "@changesets/cli", "tailwindcss": "@tailwindcss/cli", "redocly": "@redocly/cli", "commitlint": "@commitlint/cli",
	"semantic-release": "semantic-release", "biome": "@biomejs/biome", "lhci": "@lhci/cli", "web-ext": "web-ext", "hugo": "hugo-bin",
}

func has(words []shell.Word, flag string) bool {
	return anyWord(words, func(w shell.Word) bool { return w.Text == flag })
}
