package workflow

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// Command is one simple command of a script.
type Command struct {
	Words []Word // name and arguments, without sudo, env, timeout and the like in front; never empty
	Text  string // the first line of it, as written
	Dir   string // directory it runs in, relative to the workspace, "" for its root; Outside where that cannot be told
	Fed   bool   // its standard input is text that is not the tree's: of the script itself, of the network
}

// Name is the program that the command runs, as written.
func (c Command) Name() string { return c.Words[0].Text }

// Word is one word of a command.
type Word struct {
	Text  string  // quotes removed; a variable stands as $NAME, an expression as its placeholder
	Exprs []*Node // the ${{ }} that stand in it, and those that its variables were set from
}

// Outside is a directory that is not known to be in the workspace.
const Outside = "/"

const placeholder = "__plimsoll_expression_"

var placeholders = regexp.MustCompile(placeholder + `\d+_`)

// Bounds of a script that is parsed: its size in bytes, and its parentheses, which cost the parser time in the square
// of how deep they stand. No real script comes near.
const (
	maxScript      = 64 << 10
	maxParentheses = 2000
)

// commands lists the simple commands of a shell script in order, as far as the script can be parsed. The script is
// never run. dir is where it starts, relative to the workspace.
func commands(script, dir string, env func(name string) string) []Command {
	if len(script) > maxScript || strings.Count(script, "(") > maxParentheses {
		return nil
	}
	masked, exprs := maskExpressions(script)
	r := scriptReader{masked: masked, exprs: exprs, env: env, dir: dir}
	parser := syntax.NewParser(syntax.Variant(syntax.LangBash), syntax.RecoverErrors(20))
	for stmt := range parser.StmtsSeq(strings.NewReader(masked)) { //nolint:errcheck // false alarm: the sequence is ranged over
		if stmt != nil { // what stands before a place that is not shell is read; the parser gives up there by itself
			r.read(stmt)
		}
	}
	return r.found
}

// maskExpressions replaces each ${{ … }}, which is no shell, with a name.
func maskExpressions(script string) (string, []Expression) {
	var b strings.Builder
	exprs := Expressions(script)
	at := 0
	for i, e := range exprs {
		b.WriteString(script[at:e.Offset])
		b.WriteString(placeholder + strconv.Itoa(i) + "_")
		at = e.Offset + len(e.Text)
	}
	b.WriteString(script[at:])
	return b.String(), exprs
}

type scriptReader struct {
	masked string
	exprs  []Expression
	env    func(name string) string
	dir    string
	fed    bool // of the command being read; see command
	found  []Command
}

func (r *scriptReader) read(node syntax.Node) {
	syntax.Walk(node, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Subshell:
			r.scoped(n.Stmts)
			return false
		case *syntax.CmdSubst:
			r.scoped(n.Stmts)
			return false
		case *syntax.BinaryCmd:
			if n.Op == syntax.Pipe || n.Op == syntax.PipeAll {
				r.pipe(n)
				return false
			}
		case *syntax.Stmt:
			if hasHereDocument(n) && n.Cmd != nil {
				r.withInput(true, func() { r.read(n.Cmd) })
				return false
			}
		case *syntax.CallExpr:
			r.call(n)
		}
		return true
	})
}

// pipe reads both sides of a pipeline.
func (r *scriptReader) pipe(n *syntax.BinaryCmd) {
	r.read(n.X)
	r.withInput(r.fed || writesOwnText(n.X), func() { r.read(n.Y) })
}

func (r *scriptReader) withInput(fed bool, read func()) {
	before := r.fed
	r.fed = fed
	read()
	r.fed = before
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

// scoped reads statements whose cd does not last.
func (r *scriptReader) scoped(stmts []*syntax.Stmt) {
	dir := r.dir
	for _, s := range stmts {
		r.read(s)
	}
	r.dir = dir
}

func (r *scriptReader) call(call *syntax.CallExpr) {
	var words []Word
	for _, arg := range call.Args {
		words = append(words, r.word(arg))
	}
	words = unwrap(words)
	if len(words) == 0 {
		return
	}
	if name := words[0].Text; (name == "cd" || name == "pushd") && len(words) > 1 {
		r.dir = inDir(r.dir, words[1].Text)
		return
	}
	r.found = append(r.found, Command{Words: words, Text: r.written(call), Fed: r.fed, Dir: r.dir})
}

// written is the first line of a node's text, with its expressions in place.
func (r *scriptReader) written(n syntax.Node) string {
	start, end := int(n.Pos().Offset()), int(n.End().Offset())
	if start >= end || end > len(r.masked) {
		return ""
	}
	text, _, _ := strings.Cut(r.masked[start:end], "\n")
	text = placeholders.ReplaceAllStringFunc(text, func(masked string) string {
		i, err := strconv.Atoi(strings.Trim(masked[len(placeholder):], "_"))
		if err != nil || i >= len(r.exprs) {
			return masked // the script's own text
		}
		return r.exprs[i].Text
	})
	return strings.TrimRight(text, " \t\\")
}

func (r *scriptReader) word(w *syntax.Word) Word {
	var out Word
	var b strings.Builder
	r.parts(&b, &out, w.Parts)
	out.Text = b.String()
	for i := range r.exprs {
		if strings.Contains(out.Text, placeholder+strconv.Itoa(i)+"_") {
			out.Exprs = append(out.Exprs, r.exprs[i].Root)
			if isWorkspace(r.exprs[i].Root) {
				out.Text = strings.ReplaceAll(out.Text, placeholder+strconv.Itoa(i)+"_", "$GITHUB_WORKSPACE")
			}
		}
	}
	return out
}

func (r *scriptReader) parts(b *strings.Builder, out *Word, parts []syntax.WordPart) {
	for _, part := range parts {
		switch p := part.(type) {
		case *syntax.Lit:
			b.WriteString(p.Value)
		case *syntax.SglQuoted:
			b.WriteString(p.Value)
		case *syntax.DblQuoted:
			r.parts(b, out, p.Parts)
		case *syntax.ParamExp:
			b.WriteString("$")
			if p.Param != nil {
				b.WriteString(p.Param.Value)
				for _, e := range Expressions(r.env(p.Param.Value)) {
					out.Exprs = append(out.Exprs, e.Root)
				}
			}
		default:
			b.WriteString("$()") // known only when it runs
		}
	}
}

func isWorkspace(n *Node) bool {
	return n != nil && n.Kind == Context && strings.Join(n.Path, ".") == "github.workspace"
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
		wrapper == "timeout" && text != "" && isDigit(text[0])
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
