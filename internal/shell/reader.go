package shell

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// noPipe is the pipe of a command that stands in none.
var noPipe = [2]int{-1, -1}

// reader goes through a script from above and notes its commands.
type reader struct {
	*Text

	env    func(name string) string
	dir    string
	around surroundings
	tail   int    // in found, where the last part of the pipeline that is being read begins
	pipe   [2]int // where in found the commands before it in its pipeline stand, and end; -1 outside of one
	redirs []*syntax.Redirect
	vars   map[string][]string // what variables can be by now; none where that is not known
	maybe  int                 // how many conditions and loops stand around
	quiet  bool                // only what words are is asked, not the commands in them
	found  []Command
}

func (r *reader) read(node syntax.Node) {
	syntax.Walk(node, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Subshell:
			r.scoped(n.Stmts)
			return false
		case *syntax.CmdSubst:
			around := r.around
			around.output = OutputCapture
			r.with(around, func() { r.scoped(n.Stmts) })
			return false
		case *syntax.BinaryCmd:
			return r.binary(n)
		case *syntax.Stmt:
			return r.statement(n)
		case *syntax.CallExpr:
			r.call(n)
			return false
		case *syntax.DeclClause:
			r.assign(n.Args)
			return false
		case *syntax.IfClause, *syntax.CaseClause, *syntax.WhileClause, *syntax.ForClause, *syntax.FuncDecl:
			r.conditional(n)
			return false
		}
		return true
	})
}

// conditional reads what may run or not: what it assigns comes beside what was there.
func (r *reader) conditional(n syntax.Node) {
	r.maybe++
	defer func() { r.maybe-- }()
	if loop, is := n.(*syntax.ForClause); is {
		if items, is := loop.Loop.(*syntax.WordIter); is {
			r.iterate(items)
		}
	}
	outer := true
	syntax.Walk(n, func(inner syntax.Node) bool {
		if outer {
			outer = false
			return true
		}
		if inner != nil {
			r.read(inner)
		}
		return false
	})
}

// iterate gives the variable of `for x in a b` its values.
func (r *reader) iterate(items *syntax.WordIter) {
	var values []string
	for _, item := range items.Items {
		for _, value := range r.quietly(item).Values {
			values = append(values, strings.Fields(value)...)
		}
	}
	r.set(items.Name.Value, bounded(values))
}

// scoped reads statements whose cd does not last.
func (r *reader) scoped(stmts []*syntax.Stmt) {
	dir := r.dir
	for _, s := range stmts {
		r.read(s)
	}
	r.dir = dir
}

func (r *reader) call(call *syntax.CallExpr) {
	redirs := r.redirs
	r.redirs = nil
	if len(call.Args) == 0 {
		r.assign(call.Assigns)
		return
	}
	env := r.passed(call.Assigns)
	var words []Word
	for _, arg := range call.Args {
		words = append(words, r.word(arg))
	}
	c := Command{Text: r.written(call), Offset: r.original(call.Pos().Offset()), Dir: r.dir, Env: env}
	r.around.describe(&c)
	for _, redir := range redirs {
		if redir.Word != nil && redir.Op != syntax.Hdoc && redir.Op != syntax.DashHdoc {
			c.Redirects = append(c.Redirects, Redirect{Op: redir.Op.String(), To: r.word(redir.Word)})
		}
	}
	if c.Words = unwrap(words); len(c.Words) == 0 {
		return
	}
	switch name := c.Name(); {
	case (name == "cd" || name == "pushd") && len(c.Words) > 1:
		r.dir = InDir(r.dir, c.Words[1].Text)
		return
	case name == "read" || name == "mapfile" || name == "unset":
		for _, w := range c.Words[1:] {
			r.vars[w.Text] = nil
		}
	}
	if start, end := r.pipe[0], r.pipe[1]; start >= 0 {
		c.Piped = r.found[start:end:end]
	}
	r.found = append(r.found, c)
}

// passed reads what is assigned for one command alone.
func (r *reader) passed(assigns []*syntax.Assign) map[string]Word {
	var env map[string]Word
	for _, a := range assigns {
		if a.Name == nil || a.Value == nil {
			continue
		}
		if env == nil {
			env = map[string]Word{}
		}
		env[a.Name.Value] = r.word(a.Value)
	}
	return env
}

// assign notes what variables are set to.
func (r *reader) assign(assigns []*syntax.Assign) {
	for _, a := range assigns {
		switch {
		case a.Name == nil || a.Naked:
			continue
		case a.Value == nil || a.Append || a.Array != nil:
			r.vars[a.Name.Value] = nil
		default:
			r.set(a.Name.Value, r.word(a.Value).Values)
		}
	}
}

// written is the first line of a node's text, with its expressions in place.
func (r *reader) written(n syntax.Node) string {
	start, end := r.original(n.Pos().Offset()), r.original(n.End().Offset())
	if start >= end {
		return ""
	}
	text, _, _ := strings.Cut(r.script[start:end], "\n")
	return strings.TrimRight(text, " \t\\")
}

// original is the place in the script of a place in the masked text.
func (r *reader) original(masked uint) int {
	at := int(masked)
	i, _ := slices.BinarySearchFunc(r.holes, at, func(hole []int, at int) int { return hole[1] - at - 1 })
	i = min(i, len(r.exprs))
	if i > 0 {
		at += r.exprs[i-1].Offset + len(r.exprs[i-1].Text) - r.holes[i-1][1]
	}
	return min(at, len(r.script))
}

// wrappers run the command that follows them and their own flags.
var wrappers = map[string]bool{
	"sudo": true, "env": true, "time": true, "nice": true, "nohup": true, "exec": true, "command": true,
	"timeout": true, "xvfb-run": true, "stdbuf": true, "retry": true, "eval": true, "corepack": true,
}

func unwrap(words []Word) []Word {
	for len(words) > 0 && wrappers[words[0].Text] {
		wrapper := words[0].Text
		words = words[1:]
		for len(words) > 0 && isWrapperArg(wrapper, words[0].Text) {
			words = words[1:]
		}
	}
	return words
}

func isWrapperArg(wrapper, text string) bool {
	return strings.HasPrefix(text, "-") || strings.Contains(text, "=") && wrapper != "eval" ||
		wrapper == "timeout" && text != "" && '0' <= text[0] && text[0] <= '9'
}
