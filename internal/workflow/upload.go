package workflow

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// upload is what a step stores where others can read it: an artifact, which whoever can read the repository downloads, or
// a cache, which the runs of its branches and, from the default branch, those of forks' pull requests restore.
type upload struct {
	what   string
	path   source.Path // of the step's path input
	roots  []string    // directories and files of the workspace
	not    []string    // those left out again
	hidden bool        // what begins with a dot goes with them
}

// uploads lists what a step stores.
func (s *Step) uploads(doc *source.Document) []upload {
	var u upload
	switch s.Action() {
	case "actions/upload-artifact":
		u.what, u.hidden = "artifact", s.uploadsHidden(doc)
	case "actions/cache", "actions/cache/save":
		u.what, u.hidden = "cache", true
	default:
		return nil
	}
	text, path := s.Input("path")
	u.path = path
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		left, isLeft := strings.CutPrefix(line, "!")
		dir := shell.InDir("", globRoot(left))
		switch {
		case line == "" || dir == shell.Outside || strings.Contains(dir, "${{"):
		case isLeft:
			u.not = append(u.not, dir)
		default:
			u.roots = append(u.roots, dir)
		}
	}
	if len(u.roots) == 0 {
		return nil
	}
	return []upload{u}
}

// uploadsHidden: since v4.4 upload-artifact leaves out what is hidden unless it is told to take it.
func (s *Step) uploadsHidden(doc *source.Document) bool {
	if asked, _ := s.Input("include-hidden-files"); asked != "" {
		return strings.EqualFold(asked, "true")
	}
	major, minor, known := majorMinor(versionOf(doc, s))
	return known && (major < 4 || major == 4 && minor < 4)
}

// globRoot is a pattern that matches everything below a directory as that directory; any other stands for itself.
func globRoot(pattern string) string {
	for _, all := range []string{"/**/*", "/**", "/*"} {
		if root, found := strings.CutSuffix(pattern, all); found {
			return root
		}
	}
	if pattern == "**" || pattern == "*" || pattern == "**/*" {
		return "."
	}
	return pattern
}

// covers reports whether a file of the workspace is stored.
func (u upload) covers(file string) bool {
	for _, dir := range u.not {
		if shell.Within(file, dir) {
			return false
		}
	}
	for _, dir := range u.roots {
		if shell.Within(file, dir) && (u.hidden || !hasHidden(strings.TrimPrefix(file, dir))) {
			return true
		}
	}
	return false
}

func hasHidden(path string) bool { return strings.HasPrefix(path, ".") || strings.Contains(path, "/.") }
