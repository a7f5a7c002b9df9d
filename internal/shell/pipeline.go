package shell

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
)

// surroundings are what a command gets from the statements around it; see Command.
type surroundings struct {
	fed      bool
	ignored  bool
	input    []*expression.Node
	verbatim []int
	output   string
}

func (s surroundings) describe(c *Command) {
	c.Fed, c.Ignored, c.Input, c.Output, c.Verbatim = s.fed, s.ignored, s.input, s.output, s.verbatim
}

func (r *reader) with(around surroundings, read func()) {
	before := r.around
	r.around = around
	read()
	r.around = before
}

// statement notes where a statement takes its input from and puts its output; of a simple command, all redirections.
func (r *reader) statement(n *syntax.Stmt) bool {
	_, simple := n.Cmd.(*syntax.CallExpr)
	if simple {
		r.redirs = n.Redirs
	}
	if n.Cmd == nil {
		return true
	}
	around := r.around
	for _, redirect := range n.Redirs {
		switch redirect.Op {
		case syntax.RdrOut, syntax.AppOut, syntax.RdrClob, syntax.AppClob, syntax.RdrAll, syntax.AppAll:
			if redirect.N == nil || redirect.N.Value == "1" {
				around.output = r.quietly(redirect.Word).Text
			}
		case syntax.Hdoc, syntax.DashHdoc:
			around.fed, around.input, around.verbatim = true, r.word(redirect.Hdoc).Exprs, r.verbatim(redirect)
		case syntax.WordHdoc:
			around.fed, around.input = true, r.quietly(redirect.Word).Exprs
		}
	}
	r.with(around, func() { r.read(n.Cmd) })
	for _, redirect := range n.Redirs {
		if !simple && redirect.Word != nil {
			r.word(redirect.Word) // done < <(command)
		}
	}
	return false
}

// verbatim lists where in the script the expressions stand of a here-document in which the shell reads nothing: one whose
// delimiter is quoted.
func (r *reader) verbatim(redirect *syntax.Redirect) []int {
	if redirect.Hdoc == nil || !strings.ContainsAny(wordSource(redirect.Word), `'"\\`) {
		return nil
	}
	var found []int
	for _, part := range redirect.Hdoc.Parts {
		start, end := r.original(part.Pos().Offset()), r.original(part.End().Offset())
		for _, e := range r.exprs {
			if start <= e.Offset && e.Offset < end {
				found = append(found, e.Offset)
			}
		}
	}
	return found
}

// binary reads a | b and a || b; false when that was all there is to read.
func (r *reader) binary(n *syntax.BinaryCmd) bool {
	switch {
	case n.Op == syntax.Pipe || n.Op == syntax.PipeAll:
		r.pipeline(n)
		return false
	case n.Op == syntax.OrStmt && goesOn(n.Y):
		around := r.around
		around.ignored = true
		r.with(around, func() { r.read(n.X) })
		r.read(n.Y)
		return false
	}
	return true
}

// goesOn reports whether what follows || always succeeds: true, a colon, a message, exit 0.
func goesOn(stmt *syntax.Stmt) bool {
	call, is := stmt.Cmd.(*syntax.CallExpr)
	if !is || len(call.Args) == 0 {
		return false
	}
	switch call.Args[0].Lit() {
	case "true", ":", "echo", "printf":
		return true
	case "exit":
		return len(call.Args) == 2 && call.Args[1].Lit() == "0"
	}
	return false
}

// pipeline reads both sides of a |.
func (r *reader) pipeline(n *syntax.BinaryCmd) {
	before := r.pipe
	start := before[0]
	if start < 0 {
		start = len(r.found)
	}
	left, right := r.around, r.around
	left.output = OutputPipe
	r.tail = len(r.found)
	r.with(left, func() { r.read(n.X) }) // a pipeline there moves the tail to its last part
	right.fed, right.input, right.verbatim = r.around.fed || writesOwnText(n.X), nil, nil
	for _, c := range r.found[r.tail:] {
		if c.Output == OutputPipe {
			right.input = append(right.input, c.Prints()...)
		}
	}
	r.tail = len(r.found)
	r.pipe = [2]int{start, len(r.found)}
	r.with(right, func() { r.read(n.Y) })
	r.pipe = before
}

// Prints are the expressions in what a command prints, as far as it is known to print its words or its input.
func (c Command) Prints() []*expression.Node {
	switch c.Name() {
	case "echo", "printf":
		var printed []*expression.Node
		for _, w := range c.Words[1:] {
			printed = append(printed, w.Exprs...)
		}
		return printed
	case "cat", "tee", "base64", "openssl", "tr", "sed", "cut", "rev", "xxd", "od", "hexdump", "fold", "jq", "gunzip", "gzip", "head", "tail":
		return c.Input
	}
	return nil
}

// maxPipes is how many commands of a pipeline are gone back to find the one that its text comes from.
const maxPipes = 20

// writesOwnText reports whether what a statement puts out is text that is not the tree's: that of a here-document, or
// of a command that does not read the tree. In a pipeline the first command decides.
func writesOwnText(stmt *syntax.Stmt) bool {
	for range maxPipes {
		pipe, is := stmt.Cmd.(*syntax.BinaryCmd)
		if !is || pipe.Op != syntax.Pipe && pipe.Op != syntax.PipeAll {
			break
		}
		stmt = pipe.X
	}
	call, is := stmt.Cmd.(*syntax.CallExpr)
	return hasHereDocument(stmt) || is && len(call.Args) > 0 && writesNoTree(call.Args)
}

func hasHereDocument(stmt *syntax.Stmt) bool {
	return slices.ContainsFunc(stmt.Redirs, func(r *syntax.Redirect) bool {
		return r.Op == syntax.Hdoc || r.Op == syntax.DashHdoc || r.Op == syntax.WordHdoc
	})
}

// writesNoTree judges a command by its words. Of kubectl's only those read files that are told which.
func writesNoTree(words []*syntax.Word) bool {
	name := words[0].Lit()
	return ownText[name] || name == "kubectl" && !slices.ContainsFunc(words, func(w *syntax.Word) bool {
		_, found := manifestFlag(w.Lit())
		return found || w.Lit() == "kustomize"
	})
}
