package fetch

import (
	"path"
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Install is a package that a script installs, or fetches and runs, without a lock or hash that fixes its content.
type Install struct {
	Place
	Manager string   `json:"manager"` // pip, npm, npx, go, cargo, helm, …
	Package string   `json:"package"` // as named, with its version; a file of requirements; "" for those that a manifest lists
	Pin     refs.Pin `json:"pin"`     // none, floating, branch or exact
	Runs    bool     `json:"runs"`    // it is run at once: npx, uvx, go run
	Reason  string   `json:"reason"`  // a clause: what is taken instead
}

// installer reads the installs of one command.
type installer struct {
	script script
	unit   *unit
	repo   *source.Repository
	c      shell.Command
	found  []Install
}

// installs finds what a script installs from package registries.
func installs(s script, u *unit, repo *source.Repository) []Install {
	in := installer{script: s, unit: u, repo: repo}
	for _, c := range s.commands {
		in.c = c
		in.command(c.Name(), c.Words[1:])
	}
	return in.found
}

// command reads a command by its name. Distributions sign what apt, dnf and apk install, so those are not read.
func (in *installer) command(name string, args []shell.Word) {
	if name == "cargo" {
		args = withoutToolchain(args)
	}
	first, second := wordAt(args, 0), wordAt(args, 1)
	switch name = path.Base(name); name {
	case "python", "python3":
		if first == "-m" && strings.HasPrefix(second, "pip") {
			in.command(second, args[2:])
		}
	case "npm", "yarn", "pnpm", "bun":
		in.node(name, first, args)
	case "npx", "bunx":
		in.npx(name, args)
	case "uvx":
		in.python(name, args, true)
	case "helm":
		in.helm(first, args)
	default:
		for _, verb := range []string{name + " " + first, name + " " + first + " " + second} {
			if read, known := readers[strings.ToLower(verb)]; known {
				read(in, args[strings.Count(verb, " "):])
			}
		}
	}
}

// readers read what stands behind a command and its verb.
var readers = map[string]func(*installer, []shell.Word){
	"pip install":          (*installer).pip,
	"pip3 install":         (*installer).pip,
	"uv pip install":       (*installer).pip,
	"uv tool install":      func(in *installer, args []shell.Word) { in.python("uv tool", args, false) },
	"uv tool run":          func(in *installer, args []shell.Word) { in.python("uv tool", args, true) },
	"pipx install":         func(in *installer, args []shell.Word) { in.python("pipx", args, false) },
	"pipx run":             func(in *installer, args []shell.Word) { in.python("pipx", args, true) },
	"go install":           func(in *installer, args []shell.Word) { in.golang("install", args) },
	"go run":               func(in *installer, args []shell.Word) { in.golang("run", args) },
	"go get":               func(in *installer, args []shell.Word) { in.golang("get", args) },
	"cargo install":        (*installer).cargo,
	"cargo binstall":       (*installer).cargo,
	"gem install":          (*installer).gem,
	"dotnet tool install":  func(in *installer, args []shell.Word) { in.versionFlag("dotnet tool", args, "--version") },
	"dotnet tool update":   func(in *installer, args []shell.Word) { in.versionFlag("dotnet tool", args, "--version") },
	"choco install":        func(in *installer, args []shell.Word) { in.versionFlag("choco", args, "--version") },
	"nuget install":        func(in *installer, args []shell.Word) { in.versionFlag("nuget", args, "-Version", "-version") },
	"gh extension install": func(in *installer, args []shell.Word) { in.versionFlag("gh extension", args, "--pin") },
}

func wordAt(words []shell.Word, i int) string {
	if i < len(words) {
		return words[i].Text
	}
	return ""
}

// add records an install that is named by a word.
func (in *installer) add(manager string, w shell.Word, name string, pin refs.Pin, runs bool, reason string) {
	in.found = append(in.found, Install{Place: in.script.place(w), Manager: manager, Package: name, Pin: pin, Runs: runs, Reason: reason})
}

// whole records an install that the command itself is.
func (in *installer) whole(manager string, pin refs.Pin, reason string) {
	in.found = append(in.found, Install{Place: in.script.at(in.c), Manager: manager, Pin: pin, Reason: reason})
}

// file reads a file that the command names, relative to where it runs; nil where there is none.
func (in *installer) file(name string) []byte {
	if in.repo == nil || in.c.Dir == shell.Outside || path.IsAbs(name) || strings.Contains(name, "$") {
		return nil
	}
	return in.repo.Read(path.Join(in.c.Dir, name))
}

// has reports whether one of the files lies where the command runs, or above.
func (in *installer) has(names ...string) bool {
	if in.repo == nil || in.c.Dir == shell.Outside || strings.Contains(in.c.Dir, "$") {
		return true // not known: it may
	}
	for dir := in.c.Dir; ; dir = path.Dir(dir) {
		for _, name := range names {
			if in.repo.Has(path.Join(dir, name)) {
				return true
			}
		}
		if dir == "" || dir == "." {
			return false
		}
	}
}

// known reports whether a text holds no variable and no expression, so that it can be judged.
func known(text string) bool { return !strings.ContainsAny(text, "$`") && text != "" }

const newest = "whatever is newest is taken"

// judgeVersion is the pin of a version that stands behind a package's name, and why it does not hold.
func judgeVersion(version string) (refs.Pin, string) {
	switch {
	case version == "" || version == "latest" || version == "*":
		return refs.PinNone, newest
	case !known(version):
		return refs.PinUnknown, ""
	case exactVersion.MatchString(version):
		return refs.PinExact, "its version is fixed, but no lock fixes what it depends on"
	}
	if strings.Trim(version, "abcdefghijklmnopqrstuvwxyz-") == "" {
		return refs.PinFloating, "what the tag " + version + " names moves"
	}
	return refs.PinFloating, "whatever is newest among " + version + " is taken"
}

var exactVersion = regexp.MustCompile(`^[=v]*\d+(\.\d+){1,3}([-+._]?[0-9A-Za-z][0-9A-Za-z.+-]*)?$`)

// versioned records the packages of a list whose version stands behind a separator.
func (in *installer) versioned(manager string, words []shell.Word, separator string, runs bool) {
	for _, w := range words {
		value := w.Value()
		if !known(strings.TrimLeft(value, "@")) && !known(strings.SplitN(value+separator, separator, 2)[0]) || strings.ContainsAny(value, "/\\") && !strings.HasPrefix(value, "@") {
			continue // a path, a URL, or not known
		}
		at := strings.LastIndex(value, separator)
		name, version := value, ""
		if at > 0 {
			name, version = value[:at], value[at+len(separator):]
		}
		if !packageName.MatchString(name) {
			continue
		}
		if pin, reason := judgeVersion(version); pin != refs.PinUnknown {
			in.add(manager, w, value, pin, runs, reason)
		}
	}
}

var packageName = regexp.MustCompile(`^@?[A-Za-z0-9][\w.+-]*(/[\w.+-]+)?(\[[\w,.-]*\])?$`)

// versionFlag reads commands that take the version of what they install as a flag of their own.
func (in *installer) versionFlag(manager string, args []shell.Word, flags ...string) {
	if len(flagValues(args, flags...)) > 0 {
		return
	}
	takes := valued("--tool-path", "--add-source", "--source", "-s", "--configfile", "-Source", "--framework", "-OutputDirectory", "-Scope",
		"-Repository", "--params", "--package-parameters", "-Name", "--ia", "--install-arguments", "-ia", "-o", "--repository")
	for _, w := range positionals(args, takes) {
		if value := w.Value(); known(value) && !strings.HasSuffix(value, ".config") && !strings.HasPrefix(value, ".") && !strings.HasSuffix(value, ".sln") {
			in.add(manager, w, value, refs.PinNone, false, newest)
			return
		}
	}
}

// golang reads go install, go run and go get of a package at a version. The checksum database fixes what a version holds.
func (in *installer) golang(verb string, args []shell.Word) {
	for _, w := range positionals(args, valued("-ldflags", "-tags", "-C", "-o", "-mod", "-gcflags", "-exec", "-p")) {
		name, version, found := strings.Cut(w.Value(), "@")
		switch {
		case !found && verb != "get" && strings.Contains(name, ".") && strings.Contains(name, "/") && !strings.HasPrefix(name, ".") && !in.has("go.mod"):
			in.add("go", w, w.Value(), refs.PinNone, verb == "run", newest)
		case !found || !known(name) || !strings.Contains(name, "/"):
		case version == "latest" || version == "upgrade" || version == "patch":
			in.add("go", w, w.Value(), refs.PinNone, verb == "run", newest)
		case goRef.MatchString(version):
			in.add("go", w, w.Value(), refs.PinExact, verb == "run", version+" is a tag of Git's and no version of Go's, so the checksum database does not fix it")
		case known(version) && !goVersion.MatchString(version) && !refs.IsCommit(version) && version != "none":
			in.add("go", w, w.Value(), goPin(version), verb == "run", "what "+version+" names moves")
		}
		if verb == "run" {
			return // the rest is for the program
		}
	}
}

var (
	goVersion = regexp.MustCompile(`^v\d+\.\d+\.\d+`)
	goRange   = regexp.MustCompile(`^[<>=]*v\d+(\.\d+)?$`)
	goCommit  = regexp.MustCompile(`^[0-9a-f]{12,40}$`)
	// goRef is a tag that Go's tools take for a name of Git's, not for a version: 1.2.3 without the v.
	goRef = regexp.MustCompile(`^\d+\.\d+\.\d+$`)
)

func goPin(version string) refs.Pin {
	switch {
	case goRange.MatchString(version):
		return refs.PinFloating
	case goCommit.MatchString(version):
		return refs.PinExact
	}
	return refs.PinBranch
}

func (in *installer) cargo(args []shell.Word) {
	for i, w := range args {
		if w.Text != "--git" || i+1 == len(args) {
			continue
		}
		if url := args[i+1]; len(flagValues(args, "--rev", "--tag")) == 0 && known(url.Value()) {
			in.add("cargo", url, url.Value(), refs.PinBranch, false, "what its branch holds is built")
		}
		return
	}
	if len(flagValues(args, "--path")) > 0 {
		return
	}
	if version := flagValues(args, "--version", "--vers"); len(version) > 0 {
		if pin, reason := judgeVersion(version[0][0]); pin == refs.PinNone || pin == refs.PinFloating && strings.ContainsAny(version[0][0], "^~*<>") {
			in.whole("cargo", pin, reason)
		}
		return
	}
	takes := valued("--features", "-F", "--root", "--target", "--registry", "--index", "--profile", "-j", "--jobs", "--bin", "--locked-version",
		"--targets", "--strategies", "--disable-strategies", "--install-path", "--pkg-url", "--github-token", "--config", "--target-dir")
	in.versioned("cargo", positionals(args, takes), "@", false)
}

func withoutToolchain(words []shell.Word) []shell.Word {
	var out []shell.Word
	for _, w := range words {
		if !strings.HasPrefix(w.Text, "+") {
			out = append(out, w)
		}
	}
	return out
}

func (in *installer) gem(args []shell.Word) {
	if v := flagValues(args, "-v", "--version"); len(v) > 0 {
		return
	}
	names := positionals(args, valued("-i", "--install-dir", "-n", "--bindir", "-s", "--source", "-P", "--trust-policy", "-g", "--file"))
	var gems []shell.Word
	for _, w := range names {
		if !strings.HasSuffix(w.Value(), ".gem") {
			gems = append(gems, w)
		}
	}
	in.versioned("gem", gems, ":", false)
}

// helm reads helm install and its kin with a chart of a registry or repository, and plugins.
func (in *installer) helm(verb string, args []shell.Word) {
	takes := func(flag string) bool { return !helmSwitches[flag] }
	words := positionals(args, takes)
	if len(words) == 0 {
		return
	}
	switch verb {
	case "plugin":
		if len(words) > 2 && words[1].Text == "install" && len(flagValues(args, "--version")) == 0 && strings.Contains(words[2].Value(), "://") && known(words[2].Value()) {
			in.add("helm plugin", words[2], words[2].Value(), refs.PinBranch, false, "what its default branch holds is taken")
		}
		return
	case "repo":
		return
	case "install", "upgrade", "template", "pull", "fetch":
	default:
		return
	}
	chart := words[len(words)-1]
	name := chart.Value()
	repository := len(flagValues(args, "--repo")) > 0
	oci := strings.HasPrefix(name, "oci://")
	alias, _, _ := strings.Cut(name, "/")
	if !known(name) || len(words) < 2 || !repository && !oci && !in.unit.helmRepositories()[alias] || strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".tgz") {
		return
	}
	version := flagValues(args, "--version")
	switch {
	case strings.Contains(name, "@sha256:"):
	case len(version) == 0 && oci && hasTag(name):
		in.add("helm", chart, name, refs.PinExact, false, "whoever can push to the registry can change what its tag names")
	case len(version) == 0:
		in.add("helm", chart, name, refs.PinNone, false, newest)
	case len(version[0]) == 1:
		if pin, reason := refs.RangePin(version[0][0]); pin != refs.PinExact && known(version[0][0]) {
			in.add("helm", chart, name, pin, false, reason)
		}
	}
}

func hasTag(oci string) bool { return strings.Contains(path.Base(oci), ":") }

// helmSwitches are the flags of helm install and its kin without a value.
var helmSwitches = set(`--install -i --wait --atomic --create-namespace --debug --dry-run --devel --force --no-hooks --replace
	--reset-values --reuse-values --reset-then-reuse-values --skip-crds --include-crds --dependency-update --render-subchart-notes --verify
	--wait-for-jobs --cleanup-on-fail --generate-name -g --insecure-skip-tls-verify --plain-http --untar --prov --pass-credentials
	--disable-openapi-validation --enable-dns --hide-notes --skip-tests --validate --is-upgrade --release-name --rollback-on-failure
	--skip-schema-validation --take-ownership -h --help`)

// helmRepositories are the names that the unit gives to chart repositories.
func (u *unit) helmRepositories() map[string]bool {
	if u.repos != nil {
		return u.repos
	}
	u.repos = map[string]bool{}
	for _, s := range u.scripts {
		for _, c := range s.commands {
			if w := c.Words; c.Name() == "helm" && len(w) > 4 && w[1].Text == "repo" && w[2].Text == "add" {
				if args := positionals(w[3:], valued("--username", "--password", "--ca-file", "--cert-file", "--key-file")); len(args) > 1 {
					u.repos[args[0].Value()] = true
				}
			}
		}
	}
	return u.repos
}
