package workflow

import (
	"strconv"
	"strings"
)

// verdict is what is known of a condition without running it.
type verdict int

const (
	unknown verdict = iota
	yes
	no
)

func (v verdict) not() verdict {
	switch v {
	case yes:
		return no
	case no:
		return yes
	}
	return unknown
}

// outcome tells what a condition comes to where that is certain, and why, as a clause.
func outcome(n *Node) (verdict, string) {
	switch {
	case n == nil:
		return unknown, ""
	case n.Kind == Literal:
		v := countsAs(n)
		if n.Quoted && v == yes {
			return v, show(n) + " alone is text that is not empty, which counts as true"
		}
		return v, show(n) + " is written into it"
	case n.Kind == Call && n.Name == "always":
		return yes, "always() is true"
	case n.Kind != Operator:
		return unknown, ""
	}
	switch n.Name {
	case "!":
		v, why := outcome(n.Args[0])
		return v.not(), why
	case "||":
		return chain(flatten(n, "||"), yes, "!=")
	case "&&":
		return chain(flatten(n, "&&"), no, "==")
	}
	return unknown, ""
}

// chain judges operands of which one alone can decide: true among those of ||, false among those of &&. Two comparisons of one
// access with different values decide too: it is always unlike one of them, and never like both.
func chain(operands []*Node, deciding verdict, comparison string) (verdict, string) {
	known := 0
	var last string
	for _, operand := range operands {
		v, why := outcome(operand)
		if v == deciding {
			return v, why
		}
		if v != unknown {
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
	return unknown, ""
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
		if access.Kind != Context || literal.Kind != Literal || strings.Contains(show(access), AnyStep) {
			continue
		}
		name := show(access)
		before, seen := values[name]
		if seen && !strings.EqualFold(before, show(literal)) {
			return name + " == " + before, name + " == " + show(literal)
		}
		values[name] = show(literal)
	}
	return "", ""
}

// countsAs is what a literal counts as: false, null, zero and the empty text are false.
func countsAs(n *Node) verdict {
	if n.Quoted {
		if n.Name == "" {
			return no
		}
		return yes
	}
	switch n.Name {
	case "true":
		return yes
	case "false", "null":
		return no
	}
	number, err := strconv.ParseFloat(n.Name, 64)
	switch {
	case err != nil:
		return unknown
	case number == 0:
		return no
	}
	return yes
}
