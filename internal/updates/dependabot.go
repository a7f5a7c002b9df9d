package updates

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Dependabot is what rules see of a dependabot.yml beside its text, as input.facts.dependabot.
type Dependabot struct {
	// Uncovered are the manifests of the repository that no entry updates, by ecosystem and folder; none where Renovate
	// is configured too, or the file cannot be understood.
	Uncovered []Uncovered `json:"uncovered"`
}

// Uncovered is a use that no entry updates.
type Uncovered struct {
	Use
	Known bool `json:"known"` // another folder's manifest of the same ecosystem is updated
}

// DependabotOf looks for what a dependabot.yml leaves out.
func DependabotOf(doc *source.Document, repo *source.Repository) *Dependabot {
	facts := &Dependabot{Uncovered: []Uncovered{}}
	entries, ok := entriesOf(doc.Value)
	if repo == nil || !ok || slices.ContainsFunc(repo.Paths, isRenovate) || slices.ContainsFunc(repo.Paths, runsUpdater(repo)) {
		return facts
	}
	for _, use := range uses(repo) {
		known, covered := false, false
		for _, e := range entries {
			known = known || e.updates(use.Ecosystem)
			covered = covered || e.covers(use)
		}
		if !covered {
			facts.Uncovered = append(facts.Uncovered, Uncovered{use, known})
		}
	}
	return facts
}

// entry is one element of updates.
type entry struct {
	ecosystem   string
	directories []string // patterns without slashes at their ends
}

// entriesOf reads the entries; false where the file has not the shape of one.
func entriesOf(value any) ([]entry, bool) {
	top, _ := value.(map[string]any)
	list, ok := top["updates"].([]any)
	var entries []entry
	for _, item := range list {
		fields, _ := item.(map[string]any)
		e := entry{ecosystem: text(fields["package-ecosystem"])}
		more, _ := fields["directories"].([]any)
		for _, dir := range append(more, fields["directory"]) {
			if d, is := dir.(string); is {
				e.directories = append(e.directories, strings.Trim(path.Clean("/"+d), "/"))
			}
		}
		entries = append(entries, e)
	}
	return entries, ok
}

func (e entry) updates(ecosystem string) bool {
	return e.ecosystem == ecosystem || canonical(e.ecosystem) == canonical(ecosystem)
}

func canonical(ecosystem string) string {
	if other, found := alike[ecosystem]; found {
		return other
	}
	return ecosystem
}

// covers reports whether the entry updates a manifest. Its folders may be globs.
func (e entry) covers(use Use) bool {
	return e.updates(use.Ecosystem) && slices.ContainsFunc(e.directories, func(pattern string) bool {
		if use.nested && (pattern == "" || strings.HasPrefix(use.Directory+"/", pattern+"/")) {
			return true
		}
		if use.Ecosystem == "github-actions" && use.Directory == "" && pattern == ".github/workflows" {
			return true
		}
		matched, err := doublestar.Match(pattern, use.Directory)
		return matched || err == nil && strings.HasPrefix(pattern, "**")
	})
}

// None reports whether nothing updates the repository's dependencies: asked of its first workflow alone, so that it is said
// once, and only where the workflow, or another, uses actions of other repositories.
func None(workflow string, repo *source.Repository) bool {
	if repo == nil {
		return false
	}
	first := slices.IndexFunc(repo.Paths, isWorkflow)
	if first < 0 || repo.Paths[first] != workflow || slices.ContainsFunc(repo.Paths, isUpdater) || slices.ContainsFunc(repo.Paths, runsUpdater(repo)) {
		return false
	}
	if strings.Contains(string(repo.Read("package.json")), `"renovate"`) {
		return false // where it can be configured as well
	}
	return slices.ContainsFunc(repo.Paths, func(file string) bool { return isWorkflow(file) && usesActions(repo, file) })
}

func isWorkflow(file string) bool {
	return path.Dir(file) == ".github/workflows" && (path.Ext(file) == ".yml" || path.Ext(file) == ".yaml")
}

// runsUpdater reports of a file whether it is a workflow that runs a bot itself, as an action or an image, which may have its
// configuration under any name.
func runsUpdater(repo *source.Repository) func(file string) bool {
	return func(file string) bool {
		if !isWorkflow(file) {
			return false
		}
		doc := repo.Document(file)
		return doc != nil && slices.ContainsFunc(refs.Extract(doc), func(r refs.Ref) bool {
			return botName.MatchString(r.Name)
		})
	}
}

// botName is part of the names of the bots' actions and images: renovatebot/github-action, updatecli/updatecli-action.
var botName = regexp.MustCompile(`(?i)\b(?:renovate(?:bot)?|updatecli)\b`)

// isUpdater reports whether a file configures a program that updates dependencies.
func isUpdater(file string) bool {
	dir, _, _ := strings.Cut(strings.TrimPrefix(file, ".github/"), "/")
	return isRenovate(file) || file == ".github/dependabot.yml" || file == ".github/dependabot.yaml" ||
		dir == "updatecli" || dir == "updatecli.d" || file == "updatecli.yaml"
}

// isRenovate reports whether a file configures Renovate. See https://docs.renovatebot.com/configuration-options/.
func isRenovate(file string) bool {
	switch strings.TrimPrefix(strings.TrimPrefix(file, ".github/"), ".gitlab/") {
	case "renovate.json", "renovate.json5", ".renovaterc", ".renovaterc.json", ".renovaterc.json5":
		return true
	}
	return false
}

func text(value any) string {
	s, _ := value.(string)
	return s
}
