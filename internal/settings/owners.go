package settings

import (
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// ownersFiles are where GitHub looks for CODEOWNERS; the first that is there counts. See
// https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners.
var ownersFiles = []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"}

// maxOwners is the largest CODEOWNERS file that GitHub loads, in bytes.
const maxOwners = 3 << 20

// Owners is what CODEOWNERS leaves without an owner.
type Owners struct {
	File      string   `json:"file"`      // "" where there is none
	Workflows []string `json:"workflows"` // files below .github without an owner, CODEOWNERS among them
	Deploys   []string `json:"deploys"`   // files that say what is built and deployed, without an owner
}

// ownersOf holds the files that matter against CODEOWNERS.
func ownersOf(files *source.Repository) *Owners {
	o := &Owners{Workflows: []string{}, Deploys: []string{}}
	if files == nil {
		return o
	}
	for _, file := range ownersFiles {
		if files.Has(file) {
			o.File = file
			break
		}
	}
	var rules []ownersRule
	if data := files.Read(o.File); len(data) <= maxOwners {
		rules = readOwners(string(data))
	}
	for _, file := range files.Paths {
		switch {
		case file != o.File && !governs(file) && !deploys(file), owned(rules, file):
		case deploys(file):
			o.Deploys = append(o.Deploys, file)
		default:
			o.Workflows = append(o.Workflows, file)
		}
	}
	return o
}

// governs reports whether a file says what runs with the repository's token and secrets, or who has to be asked.
func governs(file string) bool {
	return strings.HasPrefix(file, ".github/workflows/") || strings.HasPrefix(file, ".github/actions/") ||
		strings.HasPrefix(file, ".github/") && strings.HasPrefix(path.Base(file), "plimsoll.")
}

// deployed are names of files that say what is built and deployed.
var deployed = []string{"Chart.yaml", "kustomization.yaml", "kustomization.yml", "Kustomization", "Dockerfile", "helmfile.yaml"}

func deploys(file string) bool {
	return slices.Contains(deployed, path.Base(file)) || path.Ext(file) == ".tf"
}

// ownersRule is a line of CODEOWNERS.
type ownersRule struct {
	patterns []string // of which one has to match the whole path
	owned    bool
}

// readOwners reads the lines; a later one wins. A pattern without owners takes them from the files that it means.
func readOwners(text string) []ownersRule {
	var rules []ownersRule
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, " #")
		words := strings.Fields(strings.ReplaceAll(line, `\ `, "\x00"))
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		pattern := strings.ReplaceAll(words[0], "\x00", " ")
		rules = append(rules, ownersRule{globs(pattern), len(words) > 1})
	}
	return rules
}

// globs turns a pattern of CODEOWNERS into globs over whole paths. It is one of .gitignore's, without `!` and `[ ]`; what
// ends in /* means the files of that folder alone.
func globs(pattern string) []string {
	if strings.HasPrefix(pattern, "!") || strings.Contains(pattern, "[") {
		return nil // GitHub passes over such a line
	}
	rooted := strings.Contains(strings.TrimSuffix(pattern, "/"), "/")
	pattern, folder := strings.CutSuffix(strings.TrimPrefix(pattern, "/"), "/")
	if !rooted {
		pattern = "**/" + pattern
	}
	switch {
	case folder:
		return []string{pattern + "/**/*"}
	case rooted && strings.HasSuffix(pattern, "/*"):
		return []string{pattern}
	}
	return []string{pattern, pattern + "/**"}
}

// owned reports whether the last line that means a file gives it an owner.
func owned(rules []ownersRule, file string) bool {
	for _, rule := range slices.Backward(rules) {
		for _, glob := range rule.patterns {
			if doublestar.MatchUnvalidated(glob, file) {
				return rule.owned
			}
		}
	}
	return false
}
