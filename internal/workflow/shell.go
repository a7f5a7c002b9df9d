package workflow

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
)

// Command is one simple command of a script.
type Command struct {
	Words []Word // name and arguments, without sudo, env, timeout and the like in front; never empty
	Text  string // the first line of it, as written
	Dir   string // directory it runs in, relative to the workspace, "" for its root; Outside where that cannot be told
	Fed   bool   // its standard input is text that is not the tree's: of the script itself, of the network

	Env       map[string]Word // what is assigned for this command alone: GH_TOKEN=… gh
	Offset    int             // of Text in the script, in bytes
	Piped     []Command       // the commands before it in its pipeline, which write what it reads
	Redirects []Redirect      // of this command alone, without here-documents

	// Ignored: the script goes on although the command fails, as with "|| true".
	Ignored bool
	// Input are the expressions in what it reads: a here-document, or what echo or printf pipe into it.
	Input []*expression.Node
	// Output is where it prints to: "" for the log, OutputPipe, OutputCapture, or the file as a word has it.
	Output string

	verbatim []int // where in the script those of Input stand in which the shell reads nothing
}

// What Command.Output may be besides a file.
const (
	OutputPipe    = "|"   // another command
	OutputCapture = "$()" // the script itself
)

// Redirect is one > file of a command, or another of its kind.
type Redirect struct {
	Op string // ">", ">>", "<", "<<<", "&>", …
	To Word   // a file; the text itself for <<<
}

// Name is the program that the command runs, as written.
func (c Command) Name() string { return c.Words[0].Text }

// Outside is a directory that is not known to be in the workspace.
const Outside = "/"

const placeholder = "__plimsoll_expression_"

var placeholders = regexp.MustCompile(placeholder + `\d+_`)

// ScriptCommands lists the simple commands of a shell script in order, as far as the script can be parsed; what stands in
// $(…) comes before the command that takes it. The script is never run. Dir is where it starts, relative to the
// workspace; env gives the text that a variable was set to outside the script, or "".
func ScriptCommands(script, dir string, env func(name string) string) []Command {
	return parseShell(script).commands(dir, env)
}

// noPipe is the pipe of a command that stands in none.
var noPipe = [2]int{-1, -1}

// maskExpressions replaces each ${{ … }}, which is no shell, with a name.
func maskExpressions(script string) (string, []expression.Expression) {
	var b strings.Builder
	exprs := expression.Find(script)
	at := 0
	for i, e := range exprs {
		b.WriteString(script[at:e.Offset])
		b.WriteString(maskOf(i))
		at = e.Offset + len(e.Text)
	}
	b.WriteString(script[at:])
	return b.String(), exprs
}

// maskOf is the name that stands for an expression, by its index.
func maskOf(i int) string { return placeholder + strconv.Itoa(i) + "_" }

// unmask puts a script's expressions back where their placeholders stand.
func unmask(text string, exprs []expression.Expression) string {
	return placeholders.ReplaceAllStringFunc(text, func(masked string) string {
		i, err := strconv.Atoi(strings.Trim(masked[len(placeholder):], "_"))
		if err != nil || i >= len(exprs) {
			return masked // the script's own text
		}
		return exprs[i].Text
	})
}

type scriptReader struct {
	*shellText

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

func (r *scriptReader) read(node syntax.Node) {
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
func (r *scriptReader) conditional(n syntax.Node) {
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
func (r *scriptReader) iterate(items *syntax.WordIter) {
	var values []string
	for _, item := range items.Items {
		for _, value := range r.quietly(item).Values {
			values = append(values, strings.Fields(value)...)
		}
	}
	r.set(items.Name.Value, bounded(values))
}

// scoped reads statements whose cd does not last.
func (r *scriptReader) scoped(stmts []*syntax.Stmt) {
	dir := r.dir
	for _, s := range stmts {
		r.read(s)
	}
	r.dir = dir
}

func (r *scriptReader) call(call *syntax.CallExpr) {
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
		r.dir = inDir(r.dir, c.Words[1].Text)
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
func (r *scriptReader) passed(assigns []*syntax.Assign) map[string]Word {
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
func (r *scriptReader) assign(assigns []*syntax.Assign) {
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
func (r *scriptReader) written(n syntax.Node) string {
	start, end := r.original(n.Pos().Offset()), r.original(n.End().Offset())
	if start >= end {
		return ""
	}
	text, _, _ := strings.Cut(r.script[start:end], "\n")
	return strings.TrimRight(text, " \t\\")
}

// original is the place in the script of a place in the masked text.
func (r *scriptReader) original(masked uint) int {
	at := int(masked)
	i, _ := slices.BinarySearchFunc(r.holes, at, func(hole []int, at int) int { return hole[1] - at - 1 })
	i = min(i, len(r.exprs))
	if i > 0 {
		at += r.exprs[i-1].Offset + len(r.exprs[i-1].Text) - r.holes[i-1][1]
	}
	return min(at, len(r.script))
}

func isWorkspace(n *expression.Node) bool {
	return n != nil && n.Kind == expression.Context && strings.Join(n.Path, ".") == "github.workspace"
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

// inDir is the directory that a relative path leads to from dir, relative to the workspace.
func inDir(dir, to string) string {
	for _, workspace := range []string{"$GITHUB_WORKSPACE", "${{ github.workspace }}", "${{github.workspace}}"} {
		if rest, found := strings.CutPrefix(to, workspace); found {
			dir, to = "", strings.TrimPrefix(rest, "/")
		}
	}
	if dir == Outside || path.IsAbs(to) || strings.HasPrefix(to, "~") || strings.HasPrefix(to, "$") || to == "-" {
		return Outside
	}
	joined := path.Join(dir, to)
	switch {
	case joined == "." || joined == "":
		return ""
	case strings.HasPrefix(joined, ".."):
		return Outside
	}
	return joined
}

// within reports whether a directory, as inDir gives it, is the root or stands in it.
func within(dir, root string) bool {
	return dir != Outside && (root == "" || dir == root || strings.HasPrefix(dir, root+"/"))
}
