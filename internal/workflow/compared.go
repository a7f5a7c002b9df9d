package workflow

import (
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// valueType is what is known of the type of a value.
type valueType int

const (
	typeUnknown valueType = iota
	typeText
	typeBoolean
)

// documentTypes knows the types of what expressions of a document read.
type documentTypes struct {
	inputs map[string]valueType            // by name in lower case
	matrix map[string]map[string]valueType // by job and key in lower case
	action bool
}

// jobTypes are the types as one job sees them.
type jobTypes struct {
	*documentTypes
	job string
}

func (d *documentTypes) at(path source.Path) jobTypes {
	if len(path) > 2 && path[0] == "jobs" {
		job, _ := path[1].(string)
		return jobTypes{d, job}
	}
	return jobTypes{documentTypes: d}
}

func typesOf(doc *source.Document, w *Workflow) *documentTypes {
	d := &documentTypes{inputs: map[string]valueType{}, matrix: map[string]map[string]valueType{}, action: w.IsAction}
	on := object(object(doc.Value)["on"])
	for _, event := range []string{"workflow_dispatch", eventWorkflowCall} {
		for name, input := range object(object(on[event])["inputs"]) {
			d.declare(strings.ToLower(name), text(object(input)["type"]))
		}
	}
	for i := range w.Jobs {
		d.matrix[w.Jobs[i].ID] = matrixTypes(object(object(w.Jobs[i].value)["strategy"])["matrix"])
	}
	return d
}

// declare notes the type of an input; declared twice and otherwise, it is not known.
func (d *documentTypes) declare(name, declared string) {
	t := typeUnknown
	switch declared {
	case "boolean":
		t = typeBoolean
	case "", "string", "choice", "environment":
		t = typeText
	}
	if before, twice := d.inputs[name]; twice && before != t {
		t = typeUnknown
	}
	d.inputs[name] = t
}

// matrixTypes gives the keys of a matrix whose values all have one type; none where an expression decides what they are.
func matrixTypes(value any) map[string]valueType {
	types := keyTypes{}
	matrix := object(value)
	for _, key := range sortedKeys(matrix) {
		list, isList := matrix[key].([]any)
		switch {
		case key == "exclude":
		case !isList:
			return nil
		case key == "include":
			for _, item := range list {
				for name, v := range object(item) {
					types.note(name, v)
				}
			}
		default:
			for _, v := range list {
				types.note(key, v)
			}
		}
	}
	return types
}

// keyTypes holds the types of a matrix's keys, in lower case.
type keyTypes map[string]valueType

// note adds one of the values of a key; values of two types make it unknown.
func (k keyTypes) note(key string, value any) {
	key = strings.ToLower(key)
	t := typeUnknown
	switch v := value.(type) {
	case bool:
		t = typeBoolean
	case string:
		if !strings.Contains(v, "${{") {
			t = typeText
		}
	}
	if before, seen := k[key]; seen && before != t {
		t = typeUnknown
	}
	k[key] = t
}

// of is the type of what an expression yields.
func (t jobTypes) of(n *expression.Node) valueType {
	switch n.Kind {
	case expression.Call:
		switch n.Name {
		case "contains", "startswith", "endswith", "success", "always", "failure", "cancelled":
			return typeBoolean
		case "format", "join", "tojson", "hashfiles":
			return typeText
		}
	case expression.Operator:
		if n.Name != "&&" && n.Name != "||" {
			return typeBoolean
		}
	case expression.Context:
		return t.ofAccess(n.Path)
	}
	return typeUnknown
}

func (t jobTypes) ofAccess(path []string) valueType {
	switch {
	case path[0] == "inputs" && len(path) == 2:
		if t.action {
			return typeText // an action's inputs are text, whatever they are called with
		}
		return t.inputs[path[1]]
	case path[0] == "matrix" && len(path) == 2:
		return t.matrix[t.job][path[1]]
	case slices.Contains([]string{"env", "vars", "secrets", "runner"}, path[0]) && len(path) == 2:
		return typeText
	case slices.Contains([]string{"steps", "needs"}, path[0]) && len(path) == 4 && path[2] == "outputs":
		return typeText
	case slices.Contains([]string{"steps", "needs"}, path[0]) && len(path) == 3 && path[2] != "outputs":
		return typeText
	}
	switch joined := strings.Join(path, "."); {
	case strings.HasPrefix(joined, "github.event.inputs.") && len(path) == 4:
		return typeText // the event has them all as text
	case joined == "github.event.pull_request.draft", joined == "github.event.pull_request.merged",
		joined == "github.event.release.prerelease", joined == "github.event.release.draft",
		joined == "github.event.repository.fork", joined == "github.event.repository.private",
		strings.HasSuffix(joined, ".head.repo.fork"):
		return typeBoolean
	}
	return typeUnknown
}

// compared reads a comparison whose sides have types that never agree. GitHub makes numbers of both: true is 1, and 'true'
// no number at all, which equals nothing.
func (t jobTypes) compared(n *expression.Node) *Flaw {
	value, literal := n.Args[0], n.Args[1]
	if value.Kind == expression.Literal {
		value, literal = literal, value
	}
	if literal.Kind != expression.Literal {
		return nil
	}
	var never bool
	switch t.of(value) {
	case typeBoolean:
		_, err := strconv.ParseFloat(literal.Name, 64)
		never = literal.Quoted && strings.TrimSpace(literal.Name) != "" && err != nil
	case typeText:
		never = !literal.Quoted && literal.Name == "true"
	}
	if !never {
		return nil
	}
	f := &Flaw{Kind: FlawTypes, Subject: value.String(), Value: literal.String(), Outcome: "false"}
	if n.Name == "!=" {
		f.Outcome = "true"
	}
	switch word := strings.ToLower(literal.Name); {
	case !literal.Quoted:
		f.Instead = value.String() + " " + n.Name + " '" + word + "'"
	case word == "true" || word == "false":
		f.Instead = value.String() + " " + n.Name + " " + word
	}
	return f
}

// comparedBothWays reports whether an expression compares one value with a boolean and with the text of the same word:
// whoever wrote both did not know the type, and one of them answers whatever it is.
func comparedBothWays(root *expression.Node, subject string) bool {
	quoted, bare := map[string]bool{}, map[string]bool{}
	root.Walk(func(n *expression.Node) {
		if n.Kind != expression.Operator || n.Name != "==" && n.Name != "!=" {
			return
		}
		for i, side := range n.Args {
			if other := n.Args[1-i]; side.Kind == expression.Literal && other.Kind == expression.Context && other.String() == subject {
				words := bare
				if side.Quoted {
					words = quoted
				}
				words[n.Name+strings.ToLower(side.Name)] = true
			}
		}
	})

	for word := range bare {
		if quoted[word] {
			return true
		}
	}
	return false
}
