// Package expression reads the expressions of GitHub Actions, ${{ … }} and the value of an `if:`, and tells what they say of
// themselves: what they can yield, whether a condition can hold, which text one always comes to. It knows no workflow around
// them. Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions.
package expression

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Expression is one ${{ … }} of a text.
type Expression struct {
	Text   string // as written, from "${{" to "}}"
	Offset int    // of Text in the scalar's value, in bytes
	Root   *Node  // nil where it cannot be parsed
}

// Find finds each ${{ … }} of a text, in order. One that is not closed is none.
func Find(text string) []Expression {
	var found []Expression
	for at := 0; ; {
		i := strings.Index(text[at:], "${{")
		if i < 0 {
			return found
		}
		start := at + i
		size := bodyLen(text[start+3:])
		if size < 0 {
			return found
		}
		end := start + 3 + size + 2
		root, err := Parse(text[start+3 : end-2])
		if err != nil {
			root = nil // not an expression that GitHub would take either: the rule workflow/syntax tells
		}
		found = append(found, Expression{Text: text[start:end], Offset: start, Root: root})
		at = end
	}
}

// bodyLen is the length of an expression up to its "}}", which does not count inside a string; -1 where it has none.
func bodyLen(text string) int {
	quoted := false
	for i := range len(text) {
		switch {
		case text[i] == '\'':
			quoted = !quoted
		case !quoted && strings.HasPrefix(text[i:], "}}"):
			return i
		}
	}
	return -1
}

// ParseCondition reads the value of an `if:`, where ${{ }} may be left out; nil where it cannot be parsed.
func ParseCondition(text string) *Node {
	text = strings.TrimSpace(text)
	if body, found := strings.CutPrefix(text, "${{"); found {
		if size := bodyLen(body); size >= 0 && size == len(body)-2 {
			text = body[:size]
		}
	}
	root, err := Parse(text)
	if err != nil {
		return nil
	}
	return root
}

// Parse parses what stands between "${{" and "}}".
func Parse(text string) (*Node, error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := parser{tokens: tokens}
	root, err := p.binary(0)
	if err != nil {
		return nil, err
	}
	if p.at < len(p.tokens) {
		return nil, fmt.Errorf("unexpected %q", p.peek())
	}
	return root, nil
}

// maxNesting bounds an expression; GitHub's own bound is 50.
const maxNesting = 100

var errDeep = errors.New("the expression is nested too deeply")

type parser struct {
	tokens []token
	at     int
	depth  int
}

// levels are the binary operators, loosest first.
var levels = [][]string{{"||"}, {"&&"}, {"==", "!="}, {"<", "<=", ">", ">="}}

func (p *parser) peek() string {
	if p.at < len(p.tokens) && p.tokens[p.at].kind != tokString {
		return p.tokens[p.at].text
	}
	return ""
}

func (p *parser) take(symbol string) bool {
	if p.peek() != symbol {
		return false
	}
	p.at++
	return true
}

func (p *parser) binary(level int) (*Node, error) {
	if level == len(levels) {
		return p.unary()
	}
	left, err := p.binary(level + 1)
	if err != nil {
		return nil, err
	}
	for {
		op := p.peek()
		if op == "" || !slices.Contains(levels[level], op) {
			return left, nil
		}
		p.at++
		right, err := p.binary(level + 1)
		if err != nil {
			return nil, err
		}
		left = &Node{Kind: Operator, Name: op, Args: []*Node{left, right}}
	}
}

func (p *parser) unary() (*Node, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxNesting {
		return nil, errDeep
	}
	if p.take("!") {
		arg, err := p.unary()
		if err != nil {
			return nil, err
		}
		return &Node{Kind: Operator, Name: "!", Args: []*Node{arg}}, nil
	}
	base, err := p.primary()
	if err != nil {
		return nil, err
	}
	return p.members(base)
}

func (p *parser) primary() (*Node, error) {
	if p.at >= len(p.tokens) {
		return nil, errors.New("the expression ends too early")
	}
	t := p.tokens[p.at]
	p.at++
	switch {
	case t.kind == tokString || t.kind == tokNumber:
		return &Node{Kind: Literal, Name: t.text, Quoted: t.kind == tokString}, nil
	case t.kind == tokName && p.take("("):
		args, err := p.args()
		return &Node{Kind: Call, Name: strings.ToLower(t.text), Args: args}, err
	case t.kind == tokName && slices.Contains([]string{"true", "false", "null"}, t.text):
		return &Node{Kind: Literal, Name: t.text}, nil
	case t.kind == tokName:
		return &Node{Kind: Context, Path: []string{strings.ToLower(t.text)}}, nil
	case t.text == "(":
		inner, err := p.binary(0)
		if err == nil && !p.take(")") {
			err = errors.New("a parenthesis is not closed")
		}
		return inner, err
	}
	return nil, fmt.Errorf("unexpected %q", t.text)
}

func (p *parser) args() ([]*Node, error) {
	var args []*Node
	if p.take(")") {
		return args, nil
	}
	for {
		arg, err := p.binary(0)
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
		if p.take(")") {
			return args, nil
		}
		if !p.take(",") {
			return nil, errors.New("an argument list is not closed")
		}
	}
}

// members reads what follows a value: .name, .*, ['name'], [0], [expression].
func (p *parser) members(base *Node) (*Node, error) {
	for {
		var (
			step     string
			computed *Node
		)
		switch {
		case p.take("."):
			if p.at >= len(p.tokens) || p.tokens[p.at].kind != tokName && p.peek() != "*" {
				return nil, errors.New("a name is missing after the dot")
			}
			step = strings.ToLower(p.tokens[p.at].text)
			p.at++
		case p.take("["):
			var err error
			if step, computed, err = p.index(); err != nil {
				return nil, err
			}
		default:
			return base, nil
		}
		if base.Kind != Context && base.Kind != Member {
			base = &Node{Kind: Member, Args: []*Node{base}}
		}
		base.Path = append(base.Path, step)
		if computed != nil {
			base.Indexes = append(base.Indexes, computed)
		}
	}
}

// index reads an index up to its bracket: as a step, and as an expression where it is computed.
func (p *parser) index() (step string, computed *Node, err error) {
	step = AnyStep
	if p.at < len(p.tokens) && p.tokens[p.at].kind == tokString {
		step = strings.ToLower(p.tokens[p.at].text)
	}
	if !p.take("*") {
		n, err := p.binary(0)
		if err != nil {
			return "", nil, err
		}
		if n.Kind != Literal {
			step, computed = AnyStep, n
		}
	}
	if !p.take("]") {
		return "", nil, errors.New("an index is not closed")
	}
	return step, computed, nil
}
