// Package updates reads how a repository keeps its dependencies up to date: what Dependabot and Renovate are told, and which
// of the repository's manifests nobody told them of.
package updates

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// manifest says which files make an ecosystem of Dependabot's. See
// https://docs.github.com/en/code-security/reference/supply-chain-security/dependabot-options-reference#package-ecosystem-.
type manifest struct {
	ecosystem string
	file      *regexp.Regexp // of the file's name
	// needs reports whether the file names something that could be updated; nil where that goes without saying.
	needs func(repo *source.Repository, file string) bool
	// nested: an entry for a folder also covers the folders below, as with modules that a parent lists.
	nested bool
}

// manifests are the files that are looked for. Where a manager has a lock file, the lock makes the project: a package.json
// without one is often a part of another or an example.
var manifests = []manifest{
	{"bun", name(`bun\.lockb?`), nil, false},
	{"bundler", name(`Gemfile\.lock|gems\.locked`), nil, false},
	{"cargo", name(`Cargo\.lock`), nil, false},
	{"composer", name(`composer\.lock`), nil, false},
	{"docker", name(`(?i:(?:.+\.)?(?:docker|container)file|(?:docker|container)file\.[\w-]+)`), matches(from), false},
	{"docker-compose", name(`(?:docker-)?compose\.ya?ml`), matches(imageTag), false},
	{"gitsubmodule", name(`\.gitmodules`), contains("url"), false},
	{"gomod", name(`go\.mod`), contains("require"), false},
	{"gradle", name(`build\.gradle(?:\.kts)?`), nil, true},
	{"helm", name(`Chart\.yaml`), dependsOnChart, false},
	{"maven", name(`pom\.xml`), nil, true},
	{"mix", name(`mix\.lock`), nil, false},
	{"npm", name(`package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml`), nil, false},
	{"nuget", name(`packages\.lock\.json|packages\.config|Directory\.Packages\.props`), nil, true},
	{"pip", name(`requirements\.txt|Pipfile\.lock|poetry\.lock|pdm\.lock`), nil, false},
	{"pre-commit", name(`\.pre-commit-config\.yaml`), hooksLeftAlone, false},
	{"pub", name(`pubspec\.lock`), nil, false},
	{"swift", name(`Package\.resolved`), nil, false},
	{"terraform", name(`\.terraform\.lock\.hcl`), nil, false},
	{"uv", name(`uv\.lock`), nil, false},
}

// alike are ecosystems of which one updates the other's manifests.
var alike = map[string]string{"opentofu": "terraform", "uv": "pip", "bun": "npm"}

func name(pattern string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + pattern + `)$`) }

func contains(text string) func(*source.Repository, string) bool {
	return func(repo *source.Repository, file string) bool {
		return strings.Contains(string(repo.Read(file)), text)
	}
}

func matches(pattern *regexp.Regexp) func(*source.Repository, string) bool {
	return func(repo *source.Repository, file string) bool { return pattern.Match(repo.Read(file)) }
}

var (
	// from and imageTag find images at a version that stands there in full. Dependabot leaves a variable, and a tag without a
	// number such as slim, where it is.
	from       = regexp.MustCompile(`(?mi)^\s*FROM\s+(?:--\S+\s+)*[^\s$:@]+(?::\d+/[^\s$:@]+)?(?::[^\s$@]*\d[^\s$@]*(?:@\S+)?|@sha256:\S+)(?:\s|$)`)
	imageTag   = regexp.MustCompile(`(?m)^\s*image:\s*["']?[^\s$"':@]+(?::\d+/[^\s$"':@]+)?(?::[^\s$"'@/]*\d|@sha256:)[^\s$"']*["']?\s*(?:#.*)?$`)
	dependency = regexp.MustCompile(`(?m)^dependencies:`)
	elsewhere  = regexp.MustCompile(`repository:\s*["']?(?:https?|oci)://`)
)

func dependsOnChart(repo *source.Repository, file string) bool {
	text := repo.Read(file)
	return dependency.Match(text) && elsewhere.Match(text)
}

// preCommitCI is the section for pre-commit.ci, which proposes updates of the hooks by itself: see https://pre-commit.ci/#configuration.
var preCommitCI = regexp.MustCompile(`(?m)^ci:`)

func hooksLeftAlone(repo *source.Repository, file string) bool {
	text := repo.Read(file)
	return bytes.Contains(text, []byte("rev:")) && !preCommitCI.Match(text)
}

// Use is one ecosystem that the repository uses in a folder.
type Use struct {
	Ecosystem string `json:"ecosystem"`
	Directory string `json:"directory"` // "" is the root; of github-actions it also stands for .github/workflows
	File      string `json:"file"`      // the first that shows it
	nested    bool
}

// maxUses bounds how many manifests are looked into.
const maxUses = 5000

// uses lists what the repository uses and ships, by ecosystem and folder. Folders of tests, examples and vendored code are
// left out: what stands there is often old on purpose.
func uses(repo *source.Repository) []Use {
	var found []Use
	seen := map[[2]string]bool{}
	for _, file := range repo.Paths {
		if len(found) == maxUses {
			break
		}
		use, ok := useOf(repo, file)
		key := [2]string{use.Ecosystem, use.Directory}
		if !ok || seen[key] || isAside(use.Directory) {
			continue
		}
		seen[key] = true
		found = append(found, use)
	}
	return found
}

func useOf(repo *source.Repository, file string) (Use, bool) {
	dir, base := path.Split(file)
	dir = strings.TrimSuffix(dir, "/")
	if base == "action.yml" || base == "action.yaml" || dir == ".github/workflows" && (strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml")) {
		if dir == ".github/workflows" {
			dir = ""
		}
		return Use{"github-actions", dir, file, false}, usesActions(repo, file)
	}
	for _, m := range manifests {
		if m.file.MatchString(base) {
			return Use{m.ecosystem, dir, file, m.nested}, m.needs == nil || m.needs(repo, file)
		}
	}
	return Use{}, false
}

// updated are the pins that have a newer version.
var updated = []refs.Pin{refs.PinDigest, refs.PinLocked, refs.PinExact, refs.PinFloating}

// usesActions reports whether a workflow or action names an action of another repository at a version. A branch is left as it is.
func usesActions(repo *source.Repository, file string) bool {
	doc := repo.Document(file)
	return doc != nil && slices.ContainsFunc(refs.Extract(doc), func(r refs.Ref) bool {
		return (r.Kind == refs.Action || r.Kind == refs.Reusable) && slices.Contains(updated, r.Pin)
	})
}

var asideWords = regexp.MustCompile(`(?i)^(?:_?(?:qa|examples?|samples?|demos?|tests?|testing|testdata|e2e|fixtures?|docs?|documentation|website|site|vendor|third_party|third-party|node_modules|templates?|hack|tutorials?|benchmarks?|contrib|archive|deprecated|playground|mocks?|codelabs?)|.*[-_](?:examples?|samples?|tests?|demo)|(?:examples?|samples?|tests?|demo|qa)[-_].*)$`)

// isAside reports whether a folder holds what is not shipped.
func isAside(dir string) bool {
	return slices.ContainsFunc(strings.Split(dir, "/"), func(part string) bool { return part != "" && asideWords.MatchString(part) })
}
