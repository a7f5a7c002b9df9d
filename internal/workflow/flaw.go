package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// FlawKind says in what way an expression does not mean what it reads like.
type FlawKind string

// The kinds of flaw. See https://docs.github.com/en/actions/reference/workflows-and-actions/expressions for how
// GitHub compares and which values count as false.
const (
	FlawTextAround     FlawKind = "text-around"     // an `if:` of which ${{ }} is only a part: text that is not empty, so true
	FlawAlways         FlawKind = "always"          // an `if:` that holds whatever happens, though it asks something
	FlawNever          FlawKind = "never"           // an `if:` that cannot hold, though it asks something
	FlawImpliedSuccess FlawKind = "implied-success" // an `if:` about a needed job's failure, which success() is added to
	FlawTextAsList     FlawKind = "text-as-list"    // contains('a b', x) asks for a part of a text, not for a member of a list
	FlawPartOfName     FlawKind = "part-of-name"    // contains(github.actor, 'bot') lets other names through
	FlawFalsyMiddle    FlawKind = "falsy-middle"    // c && '' || d is always d
	FlawTypes          FlawKind = "types"           // a comparison of a boolean with text, which never agree
)

// Flaw is an expression that does not mean what it reads like.
type Flaw struct {
	Kind    FlawKind    `json:"kind"`
	Path    source.Path `json:"path"`    // of the scalar that it stands in
	Text    string      `json:"text"`    // of the expression, as written
	Subject string      `json:"subject"` // the access, call or comparison that it is about, in lower case
	Value   string      `json:"value"`   // the literal that it is about, with its quotes; of always and never the reason, as a clause
	Outcome string      `json:"outcome"` // what it comes to: "true", "false", or ""
	// Chosen: somebody who can push a branch, open a pull request or register a name chooses the subject's value.
	Chosen bool `json:"chosen"`
	// Instead is an expression that means what this one reads like; "" where that is not certain.
	Instead string `json:"instead,omitempty"`
}

// flaws lists what is wrong with the expressions of a document, in the order of their paths.
func (w *Workflow) flaws(doc *source.Document) []Flaw {
	found := []Flaw{}
	types := typesOf(doc, w)
	eachScalar(doc.Value, nil, func(path source.Path, value string) {
		if len(found) > maxExpressions {
			return
		}
		if isCondition(path) {
			found = append(found, conditionFlaws(path, value)...)
		}
		for _, e := range expressionsAt(path, value) {
			for _, f := range expressionFlaws(e.Root, types.at(path)) {
				f.Path, f.Text = path, e.Text
				found = append(found, f)
			}
		}
	})
	return found
}

// conditionFlaws judges an `if:` as a whole.
func conditionFlaws(path source.Path, value string) []Flaw {
	if instead, around := unwrapped(value); around {
		if len(conditionFlaws(path, instead)) > 0 {
			instead = "" // what it reads like is wrong as well
		}
		return []Flaw{{Kind: FlawTextAround, Path: path, Text: strings.TrimSpace(value), Outcome: "true", Instead: instead}}
	}
	root := expression.ParseCondition(value)
	if root == nil || isPlain(root) {
		return nil
	}
	flaw := Flaw{Path: path, Text: strings.TrimSpace(value)}
	constant, why := root.Outcome()
	switch {
	case constant == expression.Yes:
		flaw.Kind, flaw.Outcome, flaw.Value = FlawAlways, "true", why
	case constant == expression.No && !isSwitchedOff(root):
		flaw.Kind, flaw.Outcome, flaw.Value = FlawNever, "false", why
	case path[0] == "jobs" && len(path) == 3 && asksForFailure(root): // a step's success() is about the steps before it
		flaw.Kind, flaw.Outcome = FlawImpliedSuccess, "false"
	default:
		return nil
	}
	return []Flaw{flaw}
}

// unwrapped reports whether GitHub takes a condition for text: it does unless ${{ }} is all of it or not there at all. Not
// even a line break may stand beside it. The condition without the marks is given where it is an expression.
func unwrapped(value string) (instead string, around bool) {
	parts := expression.Find(value)
	if len(parts) == 0 || len(parts) == 1 && parts[0].Text == value {
		return "", false
	}
	var b strings.Builder
	at := 0
	for _, part := range parts {
		if part.Root == nil {
			return "", true
		}
		inner := strings.TrimSpace(part.Text[3 : len(part.Text)-2])
		if part.Root.Kind == expression.Operator && strings.TrimSpace(value) != part.Text {
			inner = "(" + inner + ")"
		}
		b.WriteString(value[at:part.Offset])
		b.WriteString(inner)
		at = part.Offset + len(part.Text)
	}
	b.WriteString(value[at:])
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	instead = strings.Join(lines, " ")
	if _, err := expression.Parse(instead); err != nil {
		return "", true
	}
	return instead, true
}

// isPlain reports whether a condition is what one writes to say always or never: a call or literal alone.
func isPlain(n *expression.Node) bool {
	return n.Kind == expression.Call && slices.Contains(statusCalls, n.Name) || n.Kind == expression.Literal && !n.Quoted
}

// isSwitchedOff reports whether a condition has false in front, which is how a job is put to sleep.
func isSwitchedOff(n *expression.Node) bool {
	if n.Kind == expression.Operator && n.Name == "&&" {
		return isSwitchedOff(n.Args[0]) || isSwitchedOff(n.Args[1])
	}
	return n.Kind == expression.Literal && n.Name == "false"
}

// statusCalls are the functions that keep GitHub from adding success() to a condition.
var statusCalls = []string{"success", "always", "failure", "cancelled"}

// asksForFailure reports whether a condition holds only where a needed job has failed, and yet is asked only where all
// have succeeded.
func asksForFailure(n *expression.Node) bool {
	if n.Calls(statusCalls...) {
		return false
	}
	for _, part := range n.Operands("||") {
		if !slices.ContainsFunc(part.Operands("&&"), isFailedResult) {
			return false
		}
	}
	return true
}

// isFailedResult reads needs.x.result == 'failure' and contains(needs.*.result, 'failure').
func isFailedResult(n *expression.Node) bool {
	if len(n.Args) != 2 || n.Kind != expression.Call && n.Name != "==" || n.Kind == expression.Call && n.Name != "contains" {
		return false
	}
	access, value := n.Args[0], n.Args[1]
	if access.Kind == expression.Literal {
		access, value = value, access
	}
	return access.Kind == expression.Context && len(access.Path) == 3 && access.Path[0] == "needs" && access.Path[2] == "result" &&
		value.Kind == expression.Literal && slices.Contains([]string{"failure", "cancelled"}, strings.ToLower(value.Name))
}

// expressionFlaws judges the parts of an expression.
func expressionFlaws(root *expression.Node, types jobTypes) []Flaw {
	var found []Flaw
	add := func(f *Flaw) {
		if f != nil {
			found = append(found, *f)
		}
	}
	var visit func(n *expression.Node, negated bool)
	visit = func(n *expression.Node, negated bool) {
		if n == nil {
			return
		}
		switch {
		case n.Kind == expression.Call && n.Name == "contains" && len(n.Args) == 2:
			add(textAsList(n.Args[0], n.Args[1]))
			if !negated {
				add(partOfName(n.Args[0], n.Args[1]))
			}
		case n.Kind == expression.Operator && n.Name == "||":
			add(falsyMiddle(n))
		case n.Kind == expression.Operator && (n.Name == "==" || n.Name == "!="):
			add(types.compared(n))
		}
		for _, arg := range n.Args {
			visit(arg, negated != (n.Kind == expression.Operator && n.Name == "!"))
		}
	}
	visit(root, false)
	return slices.DeleteFunc(found, func(f Flaw) bool { return f.Kind == FlawTypes && comparedBothWays(root, f.Subject) })
}

// textAsList reads contains('a b', access).
func textAsList(list, member *expression.Node) *Flaw {
	if list.Kind != expression.Literal || !list.Quoted || member.Kind != expression.Context {
		return nil
	}
	f := &Flaw{Kind: FlawTextAsList, Subject: member.String(), Value: list.String(), Chosen: isChosen(member.Path)}
	if words := strings.FieldsFunc(list.Name, isSeparator); len(words) > 1 && !strings.ContainsAny(list.Name, `"'[]{}\`) {
		f.Instead = `contains(fromJSON('["` + strings.Join(words, `", "`) + `"]'), ` + member.String() + ")"
	}
	return f
}

func isSeparator(r rune) bool { return strings.ContainsRune(" ,;|\n", r) }

// partOfName reads contains(github.actor, 'name'). Where it asks for [bot], it asks for any app, and no comparison with
// one name says that.
func partOfName(text, part *expression.Node) *Flaw {
	if part.Name == "[bot]" || part.Kind != expression.Literal || !part.Quoted || text.Kind != expression.Context || text.Path[0] != "github" {
		return nil
	}
	last := text.Path[len(text.Path)-1]
	if !slices.Contains([]string{"actor", "triggering_actor", "login"}, last) {
		return nil
	}
	return &Flaw{Kind: FlawPartOfName, Subject: text.String(), Value: part.String(), Chosen: true, Instead: text.String() + " == " + part.String()}
}

// falsyMiddle reads condition && ” || other, whose middle counts as false, so that it is always the other.
func falsyMiddle(n *expression.Node) *Flaw {
	ternary, other := n.Args[0], n.Args[1]
	if ternary.Kind != expression.Operator || ternary.Name != "&&" {
		return nil
	}
	middle := ternary.Args[1]
	if middle.Kind != expression.Literal || middle.CountsAs() != expression.No || other.Kind == expression.Literal && other.CountsAs() == expression.No {
		return nil
	}
	return &Flaw{Kind: FlawFalsyMiddle, Subject: ternary.Args[0].String(), Value: middle.String()}
}

// isChosen reports whether somebody outside, or anybody who can push, chooses what an access gives.
func isChosen(path []string) bool {
	joined := strings.Join(path, ".")
	switch joined {
	case "github.ref", "github.ref_name", "github.head_ref", "github.actor", "github.triggering_actor":
		return true
	}
	last := path[len(path)-1]
	return strings.HasPrefix(joined, "github.event.") && slices.Contains([]string{"ref", "login", "head_branch", "title", "body", "message", "label", "email"}, last)
}
