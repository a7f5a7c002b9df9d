package shell

import (
	"path"
	"strings"
)

// Outside is a directory that is not known to be in the workspace.
const Outside = "/"

// InDir is the directory that a relative path leads to from dir, relative to the workspace: "" for
// its root, Outside where it is not known to stay there.
func InDir(dir, to string) string {
	for _, workspace := range []string{"$GITHUB_WORKSPACE", "${{ github.workspace }}", "${{github.workspace}}"} {
		if rest, found := strings.CutPrefix(to, workspace); found {
			dir, to = "", strings.TrimPrefix(rest, "/")
		}
	}
	if dir == Outside || path.IsAbs(to) || strings.HasPrefix(to, "~") || strings.HasPrefix(to, "$") || to == "-" {
		return Outside
	}
	joined := path.Join(dir, to)
	switch {
	case joined == "." || joined == "":
		return ""
	case strings.HasPrefix(joined, ".."):
		return Outside
	}
	return joined
}

// Within reports whether a directory, as InDir gives it, is the root or stands in it.
func Within(dir, root string) bool {
	return dir != Outside && (root == "" || dir == root || strings.HasPrefix(dir, root+"/"))
}
