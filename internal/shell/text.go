// Package shell reads the scripts of a step as text: which commands stand in them, what their words can be, which code of the
// tree they run, and what becomes of a text on its way through. Nothing is ever run. It knows no workflow around a script;
// what a variable was set to outside of it is asked for.
package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
)

// Text is a shell script and its syntax. Several read it, at the same time too, and none changes it.
type Text struct {
	script string // as written
	exprs  []expression.Expression
	holes  [][]int // where the names stand that were parsed in the place of exprs

	file  *syntax.File   // nil where the script is not parsed; of one that is not well-formed what comes before the fault
	stmts []*syntax.Stmt // of one that is not well-formed also those behind faults that a parser can get over
	whole bool           // it is well-formed
}

// Bounds of a script that is parsed: its size in bytes, and its parentheses, which cost the parser time in the square
// of how deep they stand. No real script comes near.
const (
	MaxScript      = 64 << 10
	maxParentheses = 2000
)

// Parse parses a script, where it is within bounds. It is never run.
func Parse(script string) *Text {
	t := &Text{script: script}
	if len(script) > MaxScript || strings.Count(script, "(") > maxParentheses {
		return t
	}
	masked, exprs := maskExpressions(script)
	t.exprs, t.holes = exprs, placeholders.FindAllStringIndex(masked, -1)
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(masked), "")
	if t.file, t.whole = file, err == nil; t.whole {
		t.stmts = file.Stmts
		return t
	}
	t.readLeniently(masked)
	return t
}

// readLeniently takes the statements that can be read of a script that is none as a whole. The parser may panic on what it
// mends by itself; then the script ends before that.
func (t *Text) readLeniently(masked string) {
	defer func() { _ = recover() }() // the script is not whole, which whoever asks for all of it is told
	lenient := syntax.NewParser(syntax.Variant(syntax.LangBash), syntax.RecoverErrors(20))
	for stmt := range lenient.StmtsSeq(strings.NewReader(masked)) { //nolint:errcheck // false alarm: the sequence is ranged over
		if stmt != nil { // the last, where the parser gives up
			t.stmts = append(t.stmts, stmt)
		}
	}
}

// Commands lists the simple commands of the script in order, as far as it can be parsed; what stands in $(…) comes before
// the command that takes it. Dir is where the script starts, relative to the workspace; env gives the text that a variable
// was set to outside the script, or "".
func (t *Text) Commands(dir string, env func(name string) string) []Command {
	r := t.reader(dir, env)
	for _, stmt := range t.stmts {
		r.read(stmt)
	}
	return r.found
}

// reader makes a reader of the script that has read nothing yet.
func (t *Text) reader(dir string, env func(name string) string) *reader {
	return &reader{Text: t, env: env, dir: dir, pipe: noPipe, vars: map[string][]string{}}
}
