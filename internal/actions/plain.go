package actions

import (
	"path"
	"strings"
)

// plainOf is the plain spelling of a reference that holds steps which lead nowhere; "" where it is plain. The slash that a
// path of this repository may end in is plain, and what leads out of the workspace, ./../action, has no plainer name.
func plainOf(raw string) string {
	written, ref, versioned := strings.Cut(raw, "@")
	prefix := ""
	for _, own := range []string{"./", "$/"} {
		if strings.HasPrefix(written, own) {
			prefix, written = own, strings.TrimSuffix(written[len(own):], "/")
		}
	}
	clean := path.Clean(written)
	if written == "" || clean == written || clean == "." || strings.HasPrefix(clean, "..") || strings.Contains(raw, "${{") {
		return ""
	}
	if versioned {
		clean += "@" + ref
	}
	return prefix + clean
}
