package fetch

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// scope is what expressions and variables stand for somewhere.
type scope struct {
	envs   []source.Node // the env: that hold, nearest first
	matrix source.Node
	inputs []source.Node // declarations with their defaults
}

// in is the scope within a further env:.
func (s scope) in(env source.Node) scope {
	s.envs = append([]source.Node{env}, s.envs...)
	return s
}

// env gives the text that a variable is set to, expressions as written; "" where it is not set.
func (s scope) env(name string) string {
	for _, env := range s.envs {
		m, _ := env.Value.(map[string]any)
		if _, found := m[name]; found {
			return textOf(keyOf(env, name))
		}
	}
	return ""
}

// choice is one text that something can be.
type choice struct {
	text string
	path source.Path // of the literal that makes the difference; nil where that is the text itself, or several are
}

// Bounds of what a text can be.
const (
	maxChoices = 100
	maxDepth   = 5 // definitions followed: an env of an input of …
)

// choices gives what a text can be: expressions replaced by the literals of the matrix, the environment, the defaults of
// inputs, and the leaves of `a && b || c`. What is not known stands as an expression.
func (s scope) choices(text string) []choice { return s.expand(text, 0) }

func (s scope) expand(text string, depth int) []choice {
	exprs := expression.Find(text)
	if len(exprs) == 0 || depth > maxDepth {
		return []choice{{text: text}}
	}
	out, at := []choice{{}}, 0
	for _, e := range exprs {
		options := s.options(e.Root, depth)
		if len(options) == 0 {
			options = []choice{{text: e.Text}}
		}
		var next []choice
		for _, c := range out {
			for _, o := range options {
				if joined := c.text + text[at:e.Offset] + o.text; len(next) < maxChoices && len(joined) < maxText {
					next = append(next, choice{joined, o.path})
				}
			}
		}
		out, at = next, e.Offset+len(e.Text)
	}
	for i := range out {
		out[i].text += text[at:]
		if len(exprs) > 1 {
			out[i].path = nil
		}
	}
	return out
}

// maxText bounds a text that expressions are put into, in bytes.
const maxText = 4000

// options are what an expression can be; none where nothing is known of it.
func (s scope) options(n *expression.Node, depth int) []choice {
	switch {
	case n == nil || depth > maxDepth:
		return nil
	case n.Kind == expression.Literal:
		return []choice{{text: n.Name}}
	case n.Kind == expression.Context:
		return s.context(n.Path, depth)
	case n.Kind == expression.Operator && n.Name == "&&":
		return s.options(n.Args[1], depth)
	case n.Kind == expression.Operator && n.Name == "||":
		left, right := s.options(n.Args[0], depth), s.options(n.Args[1], depth)
		if n.Args[0].Kind == expression.Call {
			return nil // what a function gives is hardly ever empty
		}
		if len(left) == 0 && n.Args[0].Kind == expression.Context {
			left = []choice{{text: "${{ " + strings.Join(n.Args[0].Path, ".") + " }}"}}
		}
		return bounded(append(truthy(left), right...))
	}
	return nil
}

// truthy drops the empty: `” || x` is x.
func truthy(choices []choice) []choice {
	var out []choice
	for _, c := range choices {
		if c.text != "" && c.text != "false" {
			out = append(out, c)
		}
	}
	return out
}

func bounded(choices []choice) []choice { return choices[:min(len(choices), maxChoices)] }

// context gives the literals that an access leads to.
func (s scope) context(path []string, depth int) []choice {
	var out []choice
	for _, n := range s.literals(path) {
		if textOf(n) == "" {
			continue
		}
		for _, c := range s.expand(textOf(n), depth+1) {
			if c.path == nil {
				c.path = n.Path
			}
			out = append(out, c)
		}
	}
	return bounded(out)
}

// literals are the scalars that an access leads to.
func (s scope) literals(path []string) []source.Node {
	var found []source.Node
	switch {
	case len(path) >= 2 && path[0] == "matrix":
		return s.fromMatrix(path[1:])
	case len(path) == 2 && path[0] == "env":
		for _, env := range s.envs {
			if value := keyOf(env, path[1]); value.Value != nil {
				return []source.Node{value}
			}
		}
	case len(path) == 2 && path[0] == "inputs":
		for _, declared := range s.inputs {
			if value := keyOf(keyOf(declared, path[1]), "default"); textOf(value) != "" {
				found = append(found, value)
			}
		}
	}
	return found
}

// fromMatrix gives the values of a matrix variable: those of its own list, and those of the included combinations. A map
// where a text is asked for stands for its image, as in `container: ${{ matrix.container }}`.
func (s scope) fromMatrix(path []string) []source.Node {
	candidates := keyOf(s.matrix, path[0]).Items()
	for _, combination := range keyOf(s.matrix, "include").Items() {
		candidates = append(candidates, keyOf(combination, path[0]))
	}
	var out []source.Node
	for _, v := range candidates {
		for _, step := range path[1:] {
			v = keyOf(v, step)
		}
		if _, isMap := v.Value.(map[string]any); isMap {
			v = keyOf(v, "image")
		}
		if v.Value != nil && len(out) < maxChoices {
			out = append(out, v)
		}
	}
	return out
}
