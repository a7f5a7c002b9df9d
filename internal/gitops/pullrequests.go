package gitops

import (
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// PullRequests is a generator of an application for each open pull request.
type PullRequests struct {
	Host   string      `json:"host"`   // the key that names it: github, gitlab, gitea
	Labels bool        `json:"labels"` // only those with a label, which outsiders cannot give
	Commit bool        `json:"commit"` // what is deployed is read at the commit that the pull request proposes
	Path   source.Path `json:"path"`   // of the host's key
}

// hosts are the keys of a pull request generator that name where the pull requests are, and that of the labels to ask for.
// See https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Pull-Request/.
var hosts = []string{"azuredevops", "bitbucket", "bitbucketServer", "gitea", "github", "gitlab"}

// maxNested is how deep matrix and merge generators nest; Argo CD allows two levels.
const maxNested = 4

// pullRequests reads the generators of an ApplicationSet.
func (f *Facts) pullRequests(spec source.Node) {
	f.generators(spec.Key("generators"), atCommit(spec.Value), 0)
}

func (f *Facts) generators(list source.Node, commit bool, depth int) {
	for _, g := range list.Items() {
		for _, host := range hosts {
			at := g.Key("pullRequest").Key(host)
			if at.Value == nil {
				continue
			}
			labels, _ := at.Key("labels").Value.([]any)
			f.PullRequests = append(f.PullRequests, PullRequests{Host: host, Labels: len(labels) > 0, Commit: commit, Path: at.Path})
		}
		for _, key := range []string{"matrix", "merge"} {
			if depth < maxNested {
				f.generators(g.Key(key).Key("generators"), commit, depth+1)
			}
		}
	}
}

// patched is a revision in a templatePatch, which is a text.
var patched = regexp.MustCompile(`targetRevision["']?[ \t]*:.*head_sha`)

// atCommit reports whether something of an ApplicationSet is read at the commit of a pull request. A host gives that commit out as
// one of the repository itself, although it was pushed to a fork, whose branches are not to be had there.
func atCommit(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			if isCommit(key, inner) || atCommit(inner) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(value, atCommit)
	}
	return false
}

func isCommit(key string, value any) bool {
	text, _ := value.(string)
	switch key {
	case "targetRevision", "revision":
		return strings.Contains(text, "head_sha")
	case "templatePatch":
		return patched.MatchString(text)
	}
	return false
}
