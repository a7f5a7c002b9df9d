package expression

import (
	"strconv"
	"strings"
)

// Verdict is what is known of a condition without running it.
type Verdict int

// The verdicts.
const (
	Unknown Verdict = iota
	Yes
	No
)

func (v Verdict) not() Verdict {
	switch v {
	case Yes:
		return No
	case No:
		return Yes
	}
	return Unknown
}

// Outcome tells what a condition comes to where that is certain, and why, as a clause: "always() is true".
func (n *Node) Outcome() (Verdict, string) {
	switch {
	case n == nil:
		return Unknown, ""
	case n.Kind == Literal:
		v := n.CountsAs()
		if n.Quoted && v == Yes {
			return v, n.String() + " alone is text that is not empty, which counts as true"
		}
		return v, n.String() + " is written into it"
	case n.Kind == Call && n.Name == "always":
		return Yes, "always() is true"
	case n.Kind != Operator:
		return Unknown, ""
	}
	switch n.Name {
	case "!":
		v, why := n.Args[0].Outcome()
		return v.not(), why
	case "||":
		return chain(n.Operands("||"), Yes, "!=")
	case "&&":
		return chain(n.Operands("&&"), No, "==")
	}
	return Unknown, ""
}

// chain judges operands of which one alone can decide: true among those of ||, false among those of &&. Two comparisons of one
// access with different values decide too: it is always unlike one of them, and never like both.
func chain(operands []*Node, deciding Verdict, comparison string) (Verdict, string) {
	known := 0
	var last string
	for _, operand := range operands {
		v, why := operand.Outcome()
		if v == deciding {
			return v, why
		}
		if v != Unknown {
			known++
			last = why
		}
	}
	if a, b := contradiction(operands, comparison); a != "" {
		return deciding, a + " and " + b + " exclude each other"
	}
	if known == len(operands) {
		return deciding.not(), last
	}
	return Unknown, ""
}

// contradiction finds x != 'a' beside x != 'b', or x == 'a' beside x == 'b', and gives what is compared.
func contradiction(operands []*Node, comparison string) (first, second string) {
	values := map[string]string{}
	for _, n := range operands {
		if n.Kind != Operator || n.Name != comparison {
			continue
		}
		access, literal := n.Args[0], n.Args[1]
		if access.Kind == Literal {
			access, literal = literal, access
		}
		if access.Kind != Context || literal.Kind != Literal || strings.Contains(access.String(), AnyStep) {
			continue
		}
		name := access.String()
		before, seen := values[name]
		if seen && !strings.EqualFold(before, literal.String()) {
			return name + " == " + before, name + " == " + literal.String()
		}
		values[name] = literal.String()
	}
	return "", ""
}

// CountsAs is what a literal counts as in a condition: false, null, zero and the empty text are false.
func (n *Node) CountsAs() Verdict {
	if n.Quoted {
		if n.Name == "" {
			return No
		}
		return Yes
	}
	switch n.Name {
	case "true":
		return Yes
	case "false", "null":
		return No
	}
	number, err := strconv.ParseFloat(n.Name, 64)
	switch {
	case err != nil:
		return Unknown
	case number == 0:
		return No
	}
	return Yes
}
