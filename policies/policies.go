// Package policies embeds the rules that Plimsoll ships with, and their generated pages.
package policies

import "embed"

// FS holds main.rego, the METADATA of the builtin rules, and a directory for each rule: rules/<category>/<name>.
//
//go:embed main.rego builtin rules
var FS embed.FS
