// Package policies embeds the rules that Plimsoll ships with, and their generated pages.
package policies

import (
	"embed"
	"strings"
)

// FS holds main.rego, what rules share in lib, the METADATA of the builtin rules, and a directory for each rule:
// rules/<category>/<name>.
//
//go:embed main.rego builtin lib rules
var FS embed.FS

// Page is where the generated page of a rule stands in FS, if the rule is one of ours: an ID with a category is a rule's,
// one without is that of a builtin rule about the linting itself.
func Page(id string) (path string, ok bool) {
	path = "builtin/" + id + "/README.md"
	if strings.Contains(id, "/") {
		path = "rules/" + id + "/README.md"
	}
	file, err := FS.Open(path)
	if err != nil {
		return "", false
	}
	return path, file.Close() == nil
}
