package actions

import (
	"path"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
)

// plainOf is the plain spelling of a reference that holds steps which lead nowhere; "" where it is plain. The slash that a
// path of this repository may end in is plain, and what leads out of the workspace, ./../action, has no plainer name.
func plainOf(raw string) string {
	written, ref, versioned := strings.Cut(strings.TrimSpace(raw), "@")
	if written == "" || strings.Contains(raw, "${{") {
		return ""
	}
	plain := refs.ActionName(raw)
	for _, own := range []string{"./", "$/"} {
		if within, found := strings.CutPrefix(written, own); found {
			plain = plainPath(own, within)
		}
	}
	switch {
	case plain == "" || plain == written:
		return ""
	case versioned:
		return plain + "@" + ref
	}
	return plain
}

// plainPath is the plain spelling of a path within this repository, "" where it has none.
func plainPath(own, within string) string {
	within = strings.TrimSuffix(within, "/")
	clean := path.Clean(within)
	if within == "" || clean == within || clean == "." || strings.HasPrefix(clean, "..") {
		return ""
	}
	return own + clean
}
