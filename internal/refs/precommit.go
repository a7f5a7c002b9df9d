package refs

import (
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// preCommit reads the repositories of a .pre-commit-config.yaml and what their hooks install beside them. "local" and "meta"
// are no repositories. See https://pre-commit.com/#repos-repo.
func (c *collector) preCommit(doc any) {
	for _, repo := range (source.Node{Value: doc}).Key("repos").Items() {
		at, rev := repo.Key("repo"), repo.Key("rev")
		if at.Text() != "" && at.Text() != "local" && at.Text() != "meta" {
			r := Ref{Kind: Hook, Raw: at.Text(), Name: hookName(at.Text()), Version: rev.Text()}
			pin, note := GitRefPin(rev.Text())
			if pin == PinDigest {
				r.Digest = rev.Text()
			}
			r.pin(pin, note)
			place := rev
			if rev.Value == nil {
				place = at
			}
			c.add(r, "pre-commit repository", place.Path)
		}
		for _, hook := range repo.Key("hooks").Items() {
			for _, dependency := range hook.Key("additional_dependencies").Items() {
				c.hookDependency(dependency)
			}
		}
	}
}

// hookName is the repository of a URL without what does not tell it apart: github.com/psf/black.
func hookName(url string) string {
	_, name, found := strings.Cut(url, "://")
	if !found {
		name = url
	}
	return strings.TrimSuffix(strings.TrimSuffix(name, "/"), ".git")
}

var (
	// A package at one version, as the installers of pre-commit's languages write it: pip's x==1.2, npm's and Go's x@1.2.3,
	// gem's and cargo's x:1.2.3.
	oneVersion = regexp.MustCompile(`^[^\s;]*(?:===?\s*[^*,\s;]+|[^:/]@v?\d+\.\d+\.\d+[^\s]*|:\d+(?:\.\d+)+)\s*(?:;.*)?$`)
	gitCommit  = regexp.MustCompile(`@([0-9a-f]{40})(?:#.*)?$`)
)

// hookDependency reads one of a hook's additional dependencies. A path is this repository's own.
func (c *collector) hookDependency(at source.Node) {
	text := strings.TrimSpace(at.Text())
	if text == "" || strings.HasPrefix(text, ".") || strings.HasPrefix(text, "-") {
		return
	}
	r := Ref{Kind: Hook, Raw: text, Name: packageName(text)}
	switch commit := gitCommit.FindStringSubmatch(text); {
	case commit != nil:
		r.Digest = commit[1]
		r.pin(PinDigest, "")
	case oneVersion.MatchString(text):
		r.pin(PinExact, "a version can be published again")
	case len(text) > len(r.Name):
		r.pin(PinFloating, "more than one release fits")
	default:
		r.pin(PinNone, "no version means the newest")
	}
	c.add(r, "additional dependency", at.Path)
}

var packageStart = regexp.MustCompile(`^(@?[^\s=<>~!;\[@]+?)(?:[\s=<>~!;\[@]|:\d|$)`)

// packageName is a dependency up to its version.
func packageName(text string) string {
	if m := packageStart.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return text
}
