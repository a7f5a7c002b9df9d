package token

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/shell"
)

// plainCommands neither call GitHub nor run what the repository says, whatever their arguments.
var plainCommands = set(`
	: [ [[ addgroup alias apk apt apt-get aptitude arch awk b2sum base64 basename bc break brew cat cd chgrp chmod chown choco
	cksum clang clang-format cmp column comm command continue cp cut date dd declare df dig dirname dos2unix dpkg du echo egrep
	exit export expr false fgrep file fold free function g++ gawk gcc getconf getopts gpg grep groups groupadd gunzip gzip hash
	head hexdump hostname hostnamectl id ifconfig install ip ipcs iptables journalctl jq kill killall last ldconfig ldd
	let ln local locale-gen ls lsb_release lscpu lsmod lsof md5sum mkdir mkfifo mknod mktemp modprobe mount mv nc netstat nproc
	nslookup nm objdump od openssl paste patch pgrep ping pip pip3 popd printf printenv ps pushd pwd read readarray readlink
	readelf realpath return rev rm rmdir rpm rustup sed seq set sha1sum sha256sum sha512sum shasum shellcheck shift shopt shred
	shuf sleep sort split ss stat strings strip stty su swapoff swapon sync sysctl systemctl tac tail tar tee test touch tr trap
	tree true truncate type tzselect ufw ulimit umask umount unalias uname uniq unset unxz unzip update-alternatives
	update-ca-certificates uptime useradd usermod vmstat wait wc whereis which who whoami xmllint xxd xz yamllint yes yq yum
	zcat zip zstd microdnf dnf zypper apt-key add-apt-repository dpkg-query debconf-set-selections mapfile getent timedatectl
	docker-compose kind minikube k3d kubectl hadolint actionlint shfmt gofmt gofumpt golangci-lint misspell staticcheck govulncheck
	codespell flake8 black isort mypy pylint ruff rustfmt rustc cmake python-config fuser losetup mkfs mkfs.ext4 lsblk blkid fallocate`)

// plainSubcommands are those of other tools that do not either; "" is the tool without one.
var plainSubcommands = map[string][]string{
	"cargo":     {"clean", "fetch", "fmt", "install", "metadata", "tree", "update", "audit", "deny"},
	"corepack":  {"enable", "prepare", "install"},
	"docker":    {"build", "buildx", "context", "cp", "image", "images", "info", "inspect", "kill", "load", "logs", "network", "ps", "rm", "rmi", "save", "stop", "system", "tag", "version", "volume", "wait", "create"},
	"dotnet":    {"clean", "format", "tool", "new"},
	"gcloud":    {"config", "info", "components"},
	"git":       strings.Fields("add am apply blame branch bundle cat-file check-ignore checkout cherry-pick clean commit commit-tree config describe diff diff-index for-each-ref format-patch gc grep hash-object init log ls-files ls-tree merge merge-base mv name-rev notes read-tree rebase reflog remote reset restore rev-list rev-parse rm shortlog show show-ref sparse-checkout stash status switch symbolic-ref tag update-index update-ref version worktree write-tree archive"),
	"go":        {"build", "clean", "env", "fix", "fmt", "get", "install", "list", "mod", "tool", "version", "vet", "work"},
	"helm":      {"dependency", "dep", "lint", "list", "package", "repo", "search", "show", "template", "version", "env", "plugin", "install", "upgrade", "uninstall", "get", "status"},
	"npm":       {"audit", "ls", "config", "pack", "version", "view", "cache", "outdated", "set"},
	"pnpm":      {"audit", "store", "fetch", "config", "list"},
	"poetry":    {"config", "lock", "check", "version", "show"},
	"terraform": {"fmt", "validate", "version"},
	"uv":        {"pip", "venv", "lock", "python", "cache", "tool"},
	"yarn":      {"config", "cache", "set", "why"},
}

// buildCommands run code of the repository to build or test it. They are taken not to push anything with credentials
// that others left, but tests may use the variables that they are given, and OIDC.
var buildCommands = set(`bats ctest gradlew jest meson mocha mvn mvnw ninja nox phpunit pytest rspec tox vitest`)

// buildSubcommands are those of other tools that do so too.
var buildSubcommands = map[string][]string{
	"bundle": {"install"},
	"cargo":  {"bench", "build", "check", "clippy", "doc", "nextest", "test"},
	"docker": {"compose", "exec", "start"},
	"dotnet": {"build", "pack", "restore", "test"},
	"go":     {"test", "generate"},
	"gradle": {"assemble", "build", "check", "test"},
	"npm":    {"ci", "i", "install", "t", "test"},
	"pnpm":   {"i", "install", "test"},
	"poetry": {"build", "install"},
	"uv":     {"build", "sync"},
	"yarn":   {"", "install", "test"},
}

// commandClass says what a command that is not in the table of knowledge may do with what it finds.
type commandClass int

const (
	mayDoAnything commandClass = iota
	buildsOnly                 // runs code of the repository, which may use its variables and OIDC
	harmless
)

// classOf judges a command by its words.
func classOf(words []string) commandClass {
	words = launched(words)
	name := path.Base(words[0])
	switch {
	case plainCommands[name], len(words) == 2 && slices.Contains([]string{"--version", "version", "--help", "-V"}, words[1]):
		return harmless
	case slices.Contains(words, "--push"), slices.Contains(words, "publish"), slices.Contains(words, "deploy"), slices.Contains(words, "release"):
		return mayDoAnything
	case buildCommands[name]:
		return buildsOnly
	}
	sub := subcommand(words)
	switch {
	case slices.Contains(plainSubcommands[name], sub):
		return harmless
	case slices.Contains(buildSubcommands[name], sub):
		return buildsOnly
	}
	return mayDoAnything
}

func subcommand(words []string) string {
	for i := 1; i < len(words); i++ {
		switch w := words[i]; {
		case takesValue[w]:
			i++
		case !strings.HasPrefix(w, "-"):
			return w
		}
	}
	return ""
}

// takesValue are flags before a subcommand whose value is the next word.
var takesValue = set(`-C -c --prefix --cwd --dir --namespace -n`)

// packageScript reads the script of a package.json that npm run, pnpm run or yarn runs.
func (s *scriptReader) packageScript(at site, c shell.Command, words []string) bool {
	if len(words) < 2 || !slices.Contains([]string{"npm", "pnpm", "yarn", "bun"}, words[0]) || c.Dir == shell.Outside {
		return false
	}
	name := words[1]
	if name == "run" || name == "run-script" {
		if len(words) < 3 {
			return false
		}
		name = words[2]
	}
	var manifest struct {
		Scripts map[string]string `json:"scripts"`
	}
	if json.Unmarshal(s.repo.Files().Read(path.Join(c.Dir, "package.json")), &manifest) != nil {
		return false
	}
	found := false
	for _, stage := range []string{"pre" + name, name, "post" + name} {
		if text, ok := manifest.Scripts[stage]; ok {
			found = found || stage == name
			s.nested(at, c, shell.Parse(text).Script(c.Dir, s.at.frame.envText(s.at.step)))
		}
	}
	return found
}
