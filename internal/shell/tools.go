package shell

import "strings"

// alwaysBuild are tools that, whatever they are asked, run code that the tree brings along: scripts, plug-ins, build
// files, configuration that is code; or that put it into a cluster, where it runs.
var alwaysBuild = set(`
	ansible-playbook ant bunx cabal cmake ctest earthly eslint gmake gradle gradlew grunt gulp hatch helmfile jest just
	lein mage make meson mix mocha msbuild mvn mvnw ninja nix-build nix-shell nox npx phpunit pytest rake rspec sbt
	sphinx-build stack task terragrunt tilt tox vite vitest webpack`)

// buildCommands are tools that do so only with these subcommands; "" is the tool called without one.
var buildCommands = map[string][]string{
	"bazel":          {"build", "test", "run"},
	"bazelisk":       {"build", "test", "run"},
	"bun":            {"install", "i", "run", "test", "x", "build", "ci"},
	"bundle":         {"", "install", "exec"},
	"cargo":          {"build", "b", "test", "t", "run", "r", "check", "c", "clippy", "doc", "bench", "nextest", "xtask"},
	"composer":       {"install", "update", "run", "run-script", "test"},
	"deno":           {"run", "task", "test"},
	"docker":         {"build", "buildx build", "buildx bake", "compose up", "compose build", "compose run"},
	"docker-compose": {"up", "build", "run"},
	"dotnet":         {"build", "test", "run", "restore", "publish", "pack", "msbuild"},
	"go":             {"test", "run", "generate"},
	"helm":           {"install", "upgrade"},
	"kubectl":        {"apply", "create", "replace"},
	"mkdocs":         {"build", "gh-deploy", "serve"},
	"nix":            {"build", "develop", "run", "shell", "flake"},
	"npm": {
		"ci", "install", "i", "install-test", "run", "run-script", "test", "t", "start", "exec", "pack", "publish", "rebuild",
	},
	"pdm":        {"install", "run", "build", "sync"},
	"pip":        {"install", "wheel"},
	"pip3":       {"install", "wheel"},
	"pipenv":     {"install", "run", "sync"},
	"pnpm":       {"", "install", "i", "run", "test", "exec", "build", "start", "rebuild", "dlx"},
	"podman":     {"build"},
	"poetry":     {"install", "run", "build"},
	"pre-commit": {"run"},
	"pulumi":     {"up", "preview"},
	"skaffold":   {"build", "run", "deploy"},
	"swift":      {"build", "test", "run"},
	"terraform":  {"init", "plan", "apply"},
	"uv":         {"sync", "run", "build", "pip install"},
	"yarn":       {"", "install", "run", "test", "build", "start", "exec", "dlx", "workspaces", "workspace", "lint"},
	"zig":        {"build"},
}

// runsScripts are tools for which any other word than these is the name of a script of the tree, or of a program that its
// dependencies bring. Source: each tool's list of its own commands.
var runsScripts = map[string]map[string]bool{
	"bun": set("a add audit create info init link list outdated patch pm remove rm unlink up update upgrade version why"),
	"pnpm": set(`
		add approve-builds audit bin c cache cat-file cat-index completion config create dedupe deploy doctor env fetch
		find-hash get help import init install-completion la licenses link list ll ln ls outdated owner patch patch-commit
		patch-remove prune remove rm root search self-update server set setup store un uninstall unlink up update upgrade
		view whoami why version`),
	"yarn": set(`
		add audit autoclean bin cache check config constraints create dedupe explain generate-lock-entry global help import
		info init licenses link list login logout node npm outdated owner patch patch-commit plugin policies remove search
		set stage tag team unlink unplug up upgrade upgrade-interactive version versions whoami why`),
}

// runElsewhere are tools that run what the tree brings in a container or a cluster.
var runElsewhere = set("docker docker-compose helm helmfile kubectl podman skaffold tilt")

// ownText are commands whose output is not the tree's but the script's own or the network's.
var ownText = set("curl echo gcloud printf wget")

// interpreters run the file that is their first argument.
var interpreters = set("bash sh zsh dash ksh source . python python3 node ruby perl php pwsh tsx ts-node Rscript")

// codeFlags are the flags after which an interpreter takes code instead of a file.
var codeFlags = map[string]string{
	"bash": "-c", "sh": "-c", "zsh": "-c", "dash": "-c", "ksh": "-c", "python": "-c", "python3": "-c",
	"node": "-e", "ruby": "-e", "perl": "-e", "php": "-r", "pwsh": "-Command", "tsx": "-e",
	"ts-node": "-e", "Rscript": "-e",
}

// takesValue are flags before a subcommand whose value is the next word.
var takesValue = map[string]bool{
	"--prefix": true, "-C": true, "--cwd": true, "--dir": true, "--filter": true, "-f": true, "--file": true,
}

// set is a table of words.
func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}
