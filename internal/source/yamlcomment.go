package source

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Comment is what stands in the comment behind the scalar at a path, on the line where the scalar ends, without the # and
// the blanks around it; "" where there is none, or the document is no YAML.
func (d *Document) Comment(path Path) string {
	l, ok := d.locator.(*yamlLocator)
	if !ok {
		return ""
	}
	_, node, indent := l.find(path)
	if node == nil || node.Kind != yaml.ScalarNode {
		return ""
	}
	data := l.yaml.text.Data
	rest := data[min(l.nodeSpan(node, indent).End.Offset, len(data)):]
	line, _, _ := bytes.Cut(rest, []byte{'\n'})
	behind := bytes.TrimLeft(line, " \t,}]") // what may close a flow around the scalar
	if len(behind) == len(line) || len(behind) == 0 || behind[0] != '#' {
		return ""
	}
	return strings.TrimSpace(string(behind[1:]))
}
