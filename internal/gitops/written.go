package gitops

import (
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// parameter is a template of one parameter and nothing else: {{team}}, {{ .values.team }}.
var parameter = regexp.MustCompile(`^\{\{-?\s*\.?([\w.-]+)\s*-?\}\}$`)

// written reports whether the value of a template stands in the ApplicationSet itself, whichever of its generators is at work.
func written(template string, generators source.Node) bool {
	m := parameter.FindStringSubmatch(strings.TrimSpace(template))
	return m != nil && everyGives(generators, strings.Split(m[1], "."), 0)
}

func everyGives(generators source.Node, name []string, depth int) bool {
	list := generators.Items()
	return len(list) > 0 && !slices.ContainsFunc(list, func(g source.Node) bool { return !gives(g, name, depth) })
}

// gives reports whether a generator has a parameter from the object: from each element of a list, or from the values that other
// generators add to what they find. One part of a matrix is enough; of a merge, the later parts replace what the first one gave.
// See https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators/.
func gives(g source.Node, name []string, depth int) bool {
	if depth > maxNested {
		return false
	}
	if parts := g.Key("merge").Key("generators"); parts.Value != nil {
		return everyGives(parts, name, depth+1)
	}
	for _, part := range g.Key("matrix").Key("generators").Items() {
		if gives(part, name, depth+1) {
			return true
		}
	}
	if elements := g.Key("list").Key("elements").Items(); len(elements) > 0 {
		return !slices.ContainsFunc(elements, func(e source.Node) bool { return !isWritten(e, name) })
	}
	return name[0] == "values" && slices.ContainsFunc(g.Keys(), func(kind source.Node) bool { return isWritten(kind, name) })
}

// isWritten reports whether a text that no template makes stands under the keys of a name.
func isWritten(n source.Node, name []string) bool {
	for _, key := range name {
		n = n.Key(key)
	}
	return n.Text() != "" && !strings.Contains(n.Text(), "{{")
}
