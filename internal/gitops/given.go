package gitops

import (
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// placeholder is what an ApplicationSet puts a parameter of its generators in the place of: {{ .values.project }}, {{project}}.
var placeholder = regexp.MustCompile(`\{\{-?\s*\.?([\w.]+)[^}]*\}\}`)

// foreign is a text that the generators find elsewhere; nil where it stands in the object, be it in the elements of a list.
func foreign(text, generators source.Node) *Setting {
	s := settingAt(text)
	if s == nil || !strings.Contains(s.Value, "{{") {
		return nil
	}
	found := placeholder.FindAllStringSubmatch(s.Value, -1)
	for _, m := range found {
		if !given(generators, strings.Split(m[1], "."), 0) {
			return s
		}
	}
	if len(found) == 0 {
		return s
	}
	return nil
}

// given reports whether generators themselves write a parameter: in the elements of a list, or in their values.
// See https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators/.
func given(generators source.Node, parameter []string, depth int) bool {
	for _, g := range generators.Items() {
		for _, element := range g.Key("list").Key("elements").Items() {
			if isWritten(element, parameter) {
				return true
			}
		}
		for _, generator := range g.Keys() {
			if parameter[0] == "values" && isWritten(generator.Key("values"), parameter[1:]) {
				return true
			}
		}
		for _, key := range []string{"matrix", "merge"} {
			if depth < maxNested && given(g.Key(key).Key("generators"), parameter, depth+1) {
				return true
			}
		}
	}
	return false
}

// isWritten reports whether a text without placeholders stands at a path below a node.
func isWritten(n source.Node, steps []string) bool {
	for _, step := range steps {
		n = n.Key(step)
	}
	text := n.Text()
	return text != "" && !strings.Contains(text, "{{")
}
