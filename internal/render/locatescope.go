package render

import (
	"slices"
	"strings"
	"text/template/parse"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// subject is what an expression of a template stands for, as far as it is known: the root of all, or an entry of the values.
type subject struct {
	known  bool
	values bool        // below .Values
	path   source.Path // of an entry of the values
}

// field is what a chain of fields of a subject stands for.
func (s subject) field(names []string) subject {
	for _, name := range names {
		switch {
		case !s.known:
			return subject{}
		case s.values:
			s.path = s.path.Append(name)
		case name == "Values":
			s.values = true
		default:
			return subject{}
		}
	}
	return s
}

// scope is what the dot and the variables of a template stand for.
type scope struct {
	dot  subject
	vars map[string]subject
}

func newScope(dot subject) scope {
	return scope{dot: dot, vars: map[string]subject{"$": dot}}
}

// declare notes what a pipeline's variables stand for; those that are set again may be either.
func (s scope) declare(pipe *parse.PipeNode, loop bool) {
	for _, v := range pipe.Decl {
		stands := subject{}
		if _, again := s.vars[v.Ident[0]]; !again && !loop && !pipe.IsAssign {
			stands = s.subjectOf(pipe)
		}
		s.vars[v.Ident[0]] = stands
	}
}

// subjectOf is what a pipeline stands for when it is a plain expression.
func (s scope) subjectOf(pipe *parse.PipeNode) subject {
	if pipe == nil || len(pipe.Cmds) != 1 || len(pipe.Cmds[0].Args) != 1 {
		return subject{}
	}
	return s.subject(pipe.Cmds[0].Args[0])
}

func (s scope) subject(n parse.Node) subject {
	switch n := n.(type) {
	case *parse.DotNode:
		return s.dot
	case *parse.FieldNode:
		return s.dot.field(n.Ident)
	case *parse.VariableNode:
		return s.vars[n.Ident[0]].field(n.Ident[1:])
	case *parse.ChainNode:
		return s.subject(n.Node).field(n.Field)
	case *parse.PipeNode:
		return s.subjectOf(n)
	}
	return subject{}
}

// reads lists the entries of the values that a pipeline names.
func (s scope) reads(pipe *parse.PipeNode) []source.Path {
	var out []source.Path
	var visit func(parse.Node)
	visit = func(n parse.Node) {
		if at := s.subject(n); at.values && len(at.path) > 0 {
			out = append(out, at.path)
			return
		}
		switch n := n.(type) {
		case *parse.PipeNode:
			for _, cmd := range n.Cmds {
				for _, arg := range cmd.Args {
					visit(arg)
				}
			}
		case *parse.ChainNode:
			visit(n.Node)
		}
	}
	if pipe != nil {
		visit(pipe)
	}
	return out
}

// included is the named template that a command includes, and its dot.
func (s scope) included(cmd *parse.CommandNode) (name string, dot subject, ok bool) {
	if function(cmd) != "include" || len(cmd.Args) != 3 {
		return "", subject{}, false
	}
	text, ok := cmd.Args[1].(*parse.StringNode)
	if !ok {
		return "", subject{}, false
	}
	return text.Text, s.subject(cmd.Args[2]), true
}

// function is the name of the function that a command calls, or "".
func function(cmd *parse.CommandNode) string {
	if id, ok := cmd.Args[0].(*parse.IdentifierNode); ok {
		return id.Ident
	}
	return ""
}

// onlyLaysOut reports whether the rest of a pipeline leaves a text's lines as they are but for blanks around them, or its
// keys and items where it reads the text as YAML and writes it again.
func onlyLaysOut(cmds []*parse.CommandNode) bool {
	return !slices.ContainsFunc(cmds, func(cmd *parse.CommandNode) bool {
		return !slices.Contains([]string{"nindent", "indent", "trim", "fromYaml", "toYaml"}, function(cmd))
	})
}

// newLine is the indentation of the new line that a pipeline begins with nindent.
func newLine(cmds []*parse.CommandNode) (int, bool) { return numberOf(cmds, "nindent") }

// indentOf is the indentation that a pipeline gives with indent.
func indentOf(cmds []*parse.CommandNode) int {
	n, _ := numberOf(cmds, "indent")
	return n
}

func numberOf(cmds []*parse.CommandNode, name string) (int, bool) {
	const most = 200 // columns
	for _, cmd := range cmds {
		if function(cmd) == name && len(cmd.Args) == 2 {
			if n, ok := cmd.Args[1].(*parse.NumberNode); ok && n.IsInt && n.Int64 >= 0 && n.Int64 <= most {
				return int(n.Int64), true
			}
		}
	}
	return 0, false
}

func trims(cmds []*parse.CommandNode) bool {
	return slices.ContainsFunc(cmds, func(cmd *parse.CommandNode) bool { return function(cmd) == "trim" })
}

// printed is the text that a pipeline writes, with holes: that of a format is known around its verbs.
func printed(cmds []*parse.CommandNode) string {
	if function(cmds[0]) != "printf" || len(cmds[0].Args) < 2 || len(cmds) > 1 && (len(cmds) > 2 || function(cmds[1]) != "quote") {
		return hole
	}
	format, ok := cmds[0].Args[1].(*parse.StringNode)
	if !ok || strings.ContainsAny(format.Text, "\n"+hole) {
		return hole
	}
	var b strings.Builder
	for text := format.Text; text != ""; {
		before, rest, verb := strings.Cut(text, "%")
		b.WriteString(before)
		if !verb {
			break
		}
		b.WriteString(hole)
		text = strings.TrimLeft(rest, "+-# 0123456789.*[]")
		text = text[min(1, len(text)):]
	}
	return b.String()
}
