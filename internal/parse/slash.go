package parse

import (
	"bytes"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// YAML 1.2 has an escape for a slash, for the sake of JSON, which the library refuses. In its place stands that of a bell.
const (
	slashEscape = `\/`
	bellEscape  = `\a`
	bell        = "\a"
)

var escapedPair = regexp.MustCompile(`\\[\\/]`)

// coverSlashes writes each escaped slash of a text as a bell, and reports whether there is one. A text that has bells of
// its own stays as it is.
func coverSlashes(text []byte) ([]byte, bool) {
	if !bytes.Contains(text, []byte(slashEscape)) || bytes.Contains(text, []byte(bellEscape)) || bytes.Contains(text, []byte(bell)) {
		return text, false
	}
	return escapedPair.ReplaceAllFunc(text, func(pair []byte) []byte {
		if string(pair) == slashEscape {
			return []byte(bellEscape)
		}
		return pair
	}), true
}

// uncoverSlashes makes the bells slashes: in double quotes the escape was read, elsewhere it is text.
func uncoverSlashes(node *yaml.Node) {
	for _, child := range node.Content {
		uncoverSlashes(child)
	}
	if node.Style&yaml.DoubleQuotedStyle != 0 {
		node.Value = strings.ReplaceAll(node.Value, bell, "/")
	} else {
		node.Value = strings.ReplaceAll(node.Value, bellEscape, slashEscape)
	}
}
