package actions

import "regexp"

// releaseComment is what Dependabot, Renovate and pinact read as the version beside a commit: v1.2.3, tag=v1.2.3,
// @v1.2.3, name/v1.2.3, ratchet:owner/repo@v1.2.3; words may follow it.
var releaseComment = regexp.MustCompile(`^(?:renovate\s*:\s*)?(?:ratchet:[\w./-]+@|pin\s+@?|tag\s*[=:]\s*|@)?((?:[A-Za-z][\w.]*[-/])*v?\d+(?:\.\d+)*(?:[-+][\w.+-]+)?)(?:[\s,;:()]|$)`)

// branchComment is a commit of a branch, of which there is no release.
var branchComment = regexp.MustCompile(`^(?:ratchet:[\w./-]+@|branch\s*[=:]\s*|@)?(?:main|master|develop|trunk|HEAD|release/\S+)(?:[\s,;:()]|$)`)

// The forms of the comment beside a commit.
const (
	commentNone    = "none"
	commentRelease = "release" // names a version, in a form that update bots read
	commentBranch  = "branch"  // names a branch
	commentOther   = "other"   // says something else
)

// readComment tells the form of a comment, and the version that it names.
func readComment(text string) (form, version string) {
	if m := releaseComment.FindStringSubmatch(text); m != nil {
		return commentRelease, m[1]
	}
	switch {
	case text == "":
		return commentNone, ""
	case branchComment.MatchString(text):
		return commentBranch, ""
	}
	return commentOther, ""
}
