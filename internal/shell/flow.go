package shell

import (
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
)

// Flow is what a shell script does with text: what it hands to later steps, and what it runs as code.
type Flow struct {
	Written   []Write      // in the order of the files: outputs, variables, paths
	Evaluated []Evaluation // in the order of the script
	Cut       bool         // a bound was met: there may be more
}

// The files by which a step hands on text, named by the variables that hold their paths.
const (
	FileOutput = "GITHUB_OUTPUT"
	FileEnv    = "GITHUB_ENV"
	FilePath   = "GITHUB_PATH"
)

// Write is one entry of such a file.
type Write struct {
	File    string
	Name    string  // of the output or variable; "" in GITHUB_PATH
	Value   []Piece // what of the value is not written out
	Text    string  // what of it is
	Named   []Piece // what of the name is not
	Command string  // the first line of the command that writes it, as written
	// Framed: the value stands between lines that nobody can guess, so that its own line breaks end nothing. Guessed: it
	// stands between lines that are written out.
	Framed, Guessed bool
}

// Evaluation is text that a command runs as code.
type Evaluation struct {
	What    string // "eval", "bash -c"
	Value   []Piece
	Command string // the first line of the command, as written
}

// Piece is a part of a text that the script doesn't write out. One of its first six fields is set, with Tree File as well;
// none for the output of a command that is not known.
type Piece struct {
	Expr    *expression.Expression // one that the script is made with
	Env     string                 // a variable that the script does not set
	File    string                 // the content of a file, relative to the workspace
	Payload string                 // a part of the event's payload: github.event.issue.title
	Answer  string                 // a command whose answer others wrote: "gh pr view"
	Tree    string                 // a command that prints what others wrote in the tree at File: "git log"
	Text    string                 // as it stands in the script
	Short   bool                   // only one line of it
	Unclear bool                   // what it went through may have changed it
	Member  string                 // of an answer in JSON, as jq or gh --jq was asked for it: ".head.sha"
}

// Marks within a text: of a piece, and of the command that prints what follows.
const (
	markPiece   = '\x01'
	markCommand = '\x03'
	markEnd     = '\x02'
)

// Bounds of an evaluation: a text that is followed, in bytes, beyond which it is cut; statements; pieces in all, and of
// one text; evaluations that are noted; texts of which it is looked at what a cut loses.
const (
	maxText      = 16 << 10
	maxSteps     = 5000
	maxPieces    = 20000
	maxOfText    = 50
	maxEvaluated = 100
	maxCuts      = 20
)

// evaluator evaluates a script without running it: variables and the output of commands are texts with marks in them.
type evaluator struct {
	reader   *reader
	vars     map[string]string
	files    map[string]string // what the script itself wrote
	handed   map[string]string // by the names of the files that hand on
	pieces   []Piece
	commands []string
	out      Flow
	branches int // conditions around the statement
	left     int
	cuts     int // how many texts were cut
}

// Flow evaluates the script without running it: what it hands to later steps, and what it runs as code. Dir is where it
// starts, relative to the workspace.
func (t *Text) Flow(dir string) *Flow {
	if clean := strings.Map(unmarked, t.script); clean != t.script {
		t = Parse(clean)
	}
	if t.file == nil {
		return &Flow{Cut: true}
	}
	f := &evaluator{
		reader: t.reader(dir, func(string) string { return "" }),
		vars:   map[string]string{}, files: map[string]string{}, handed: map[string]string{}, left: maxSteps,
	}
	var printed strings.Builder
	for _, stmt := range t.stmts {
		printed.WriteString(f.stmt(stmt, ""))
	}
	for _, file := range []string{FileOutput, FileEnv, FilePath} {
		f.readFile(file)
	}
	f.readCommands(f.cut(printed.String()))
	return &f.out
}

func unmarked(r rune) rune {
	if r == markPiece || r == markCommand || r == markEnd {
		return -1
	}
	return r
}

// cut shortens a text. What is written out may be lost; what is not may be somebody's.
func (f *evaluator) cut(text string) string {
	if len(text) <= maxText {
		return text
	}
	f.cuts++
	f.out.Cut = f.out.Cut || f.cuts > maxCuts || f.loses(text[:maxText], text[maxText:])
	return text[:maxText]
}

// loses reports whether a part that is cut off holds somebody's text that is not in the part that is kept.
func (f *evaluator) loses(kept, lost string) bool {
	in := f.sources(kept)
	for source := range f.sources(lost) {
		if !in[source] {
			return true
		}
	}
	return false
}

// sources are what the pieces of a text come from, but for those that nobody outside wrote.
func (f *evaluator) sources(text string) map[Piece]bool {
	found := map[Piece]bool{}
	eachMark(text, markPiece, func(i int) string {
		if i < len(f.pieces) {
			found[f.pieces[i].source()] = true
		}
		return ""
	})
	delete(found, Piece{})
	return found
}

// source is the piece without what became of it.
func (p Piece) source() Piece {
	p.Text, p.Short, p.Unclear, p.Member = "", false, false, ""
	return p
}

func (f *evaluator) mark(p Piece) string {
	if len(f.pieces) >= maxPieces {
		f.out.Cut = true
		return ""
	}
	f.pieces = append(f.pieces, p)
	return string(markPiece) + strconv.Itoa(len(f.pieces)-1) + string(markEnd)
}

// stmts gives what statements print.
func (f *evaluator) stmts(list []*syntax.Stmt, in string) string {
	var b strings.Builder
	for _, s := range list {
		if b.Len() > maxText {
			f.out.Cut = true
			break
		}
		b.WriteString(f.stmt(s, in))
	}
	return f.cut(b.String())
}

// stmt gives what a statement prints, and saves what it redirects.
func (f *evaluator) stmt(s *syntax.Stmt, in string) string {
	if f.left--; f.left < 0 {
		f.out.Cut = true
		return ""
	}
	for _, r := range s.Redirs {
		switch r.Op {
		case syntax.Hdoc, syntax.DashHdoc:
			in = f.word(r.Hdoc)
		case syntax.WordHdoc:
			in = f.word(r.Word) + "\n"
		case syntax.RdrIn:
			in = f.read(f.word(r.Word))
		}
	}
	if s.Cmd == nil {
		return in // $(<file)
	}
	out := f.command(s.Cmd, in)
	for _, r := range s.Redirs {
		if slices.Contains([]string{">", ">>", "&>", "&>>", ">|"}, r.Op.String()) && (r.N == nil || r.N.Value == "1") {
			f.save(f.word(r.Word), out)
			out = ""
		}
	}
	return out
}

func (f *evaluator) command(cmd syntax.Command, in string) string {
	switch c := cmd.(type) {
	case *syntax.CallExpr:
		return f.call(c, in)
	case *syntax.DeclClause:
		for _, a := range c.Args {
			f.assign(a)
		}
	case *syntax.BinaryCmd:
		if c.Op == syntax.Pipe || c.Op == syntax.PipeAll {
			return f.stmt(c.Y, f.stmt(c.X, in))
		}
		return f.stmt(c.X, in) + f.inBranch(func() string { return f.stmt(c.Y, in) })
	case *syntax.Block:
		return f.stmts(c.Stmts, in)
	case *syntax.Subshell:
		return f.stmts(c.Stmts, in)
	case *syntax.IfClause:
		return f.ifClause(c, in)
	case *syntax.WhileClause:
		return f.stmts(c.Cond, in) + f.inBranch(func() string { return f.stmts(c.Do, in) })
	case *syntax.ForClause:
		return f.forClause(c, in)
	case *syntax.CaseClause:
		return f.caseClause(c, in)
	case *syntax.FuncDecl:
		return f.stmt(c.Body, "")
	case *syntax.TimeClause:
		if c.Stmt != nil {
			return f.stmt(c.Stmt, in)
		}
	case *syntax.TestClause:
		f.test(c.X)
	}
	return ""
}

func (f *evaluator) inBranch(run func() string) string {
	f.branches++
	defer func() { f.branches-- }()
	return run()
}

func (f *evaluator) ifClause(c *syntax.IfClause, in string) string {
	out := f.stmts(c.Cond, in)
	return out + f.inBranch(func() string {
		then := f.stmts(c.Then, in)
		if c.Else != nil {
			then += f.ifClause(c.Else, in)
		}
		return then
	})
}

func (f *evaluator) forClause(c *syntax.ForClause, in string) string {
	if w, is := c.Loop.(*syntax.WordIter); is {
		var all strings.Builder
		for _, item := range w.Items {
			all.WriteString(f.field(item))
		}
		f.set(w.Name.Value, f.cut(all.String()))
	}
	return f.inBranch(func() string { return f.stmts(c.Do, in) })
}

// caseClause knows what the word is within a branch whose patterns are written out.
func (f *evaluator) caseClause(c *syntax.CaseClause, in string) string {
	name := ""
	if p, only := f.only(f.word(c.Word)); only {
		name = p.Env
	}
	var out strings.Builder
	for _, item := range c.Items {
		fixed := !slices.ContainsFunc(item.Patterns, func(w *syntax.Word) bool { return strings.ContainsAny(f.word(w), "*?[\x01") })
		before, set := f.vars[name]
		if fixed && name != "" {
			f.vars[name] = ""
		}
		out.WriteString(f.inBranch(func() string { return f.stmts(item.Stmts, in) }))
		if fixed && name != "" {
			delete(f.vars, name)
			if set {
				f.vars[name] = before
			}
		}
	}
	return f.cut(out.String())
}

// test takes a variable that is compared to a whole pattern without wildcards for harmless from then on: scripts do so
// to give up when it does not match.
func (f *evaluator) test(x syntax.TestExpr) {
	switch t := x.(type) {
	case *syntax.UnaryTest:
		f.test(t.X)
	case *syntax.ParenTest:
		f.test(t.X)
	case *syntax.BinaryTest:
		if t.Op == syntax.AndTest || t.Op == syntax.OrTest {
			f.test(t.X)
			f.test(t.Y)
			return
		}
		left, isWord := t.X.(*syntax.Word)
		right, isPattern := t.Y.(*syntax.Word)
		if t.Op != syntax.TsReMatch || !isWord || !isPattern {
			return
		}
		if name := variable(left); name != "" && strict(f.word(right)) {
			f.vars[name] = ""
		}
	}
}

// strict reports whether a regular expression matches whole texts of characters that it lists.
func strict(pattern string) bool {
	return strings.HasPrefix(pattern, "^") && strings.HasSuffix(pattern, "$") && !strings.Contains(strings.ReplaceAll(pattern, `\.`, ""), ".") &&
		!strings.Contains(pattern, "[^")
}

// variable is the name of the variable that a word consists of; "" where it is something else.
func variable(w *syntax.Word) string {
	parts := w.Parts
	if len(parts) == 1 {
		if quoted, is := parts[0].(*syntax.DblQuoted); is {
			parts = quoted.Parts
		}
	}
	if len(parts) == 1 {
		if p, is := parts[0].(*syntax.ParamExp); is && p.Param != nil {
			return p.Param.Value
		}
	}
	return ""
}

func (f *evaluator) assign(a *syntax.Assign) {
	if a.Name == nil || a.Naked {
		return
	}
	value := ""
	switch {
	case a.Value != nil:
		value = f.word(a.Value)
	case a.Array != nil:
		for _, e := range a.Array.Elems {
			if e.Value != nil {
				value = f.cut(value + " " + f.word(e.Value))
			}
		}
	}
	if a.Append {
		value = f.vars[a.Name.Value] + value
	}
	f.set(a.Name.Value, f.cut(value))
}

// set gives a variable its value. Behind a condition it may also have kept the one before.
func (f *evaluator) set(name, value string) {
	if before := f.vars[name]; f.branches > 0 && !strings.HasPrefix(value, before) && strings.ContainsRune(before, markPiece) {
		value = f.cut(before + value)
	}
	f.vars[name] = value
}
