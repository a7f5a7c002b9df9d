package workflow

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// environWrite gives the first line of the statement of a script that writes what a file below dir holds to GITHUB_ENV or
// GITHUB_PATH; "" where none does. A value of several lines sets several variables. start is where the script runs.
func environWrite(script, start, dir string) string {
	if !strings.Contains(script, "GITHUB_ENV") && !strings.Contains(script, "GITHUB_PATH") ||
		len(script) > maxScript || strings.Count(script, "(") > maxParentheses {
		return ""
	}
	masked, _ := maskExpressions(script)
	r := environReader{start: start, dir: dir, tainted: map[string]bool{}}
	parser := syntax.NewParser(syntax.Variant(syntax.LangBash), syntax.RecoverErrors(20))
	for stmt := range parser.StmtsSeq(strings.NewReader(masked)) { //nolint:errcheck // false alarm: the sequence is ranged over
		if stmt == nil {
			continue
		}
		syntax.Walk(stmt, func(n syntax.Node) bool { return r.visit(n, masked) })
	}
	if r.found == nil {
		return ""
	}
	text, _, _ := strings.Cut(masked[r.found.Pos().Offset():r.found.End().Offset()], "\n")
	if strings.Contains(text, placeholder) {
		return "" // its text does not stand in the script as such
	}
	return text
}

type environReader struct {
	start, dir string
	tainted    map[string]bool // variables that hold what a file holds
	found      *syntax.Stmt
}

func (r *environReader) visit(n syntax.Node, script string) bool {
	switch n := n.(type) {
	case *syntax.Assign:
		if n.Name != nil && n.Value != nil {
			r.tainted[n.Name.Value] = r.tainted[n.Name.Value] || r.reads(n.Value) && !isMatched(n.Name.Value, script)
		}
	case *syntax.Stmt:
		if r.found == nil && n.Cmd != nil && slices.ContainsFunc(n.Redirs, toEnviron) && r.reads(n.Cmd) {
			r.found = n
		}
	}
	return true
}

// isMatched reports whether a script compares a variable with a pattern: [[ $number =~ ^[0-9]+$ ]].
func isMatched(name, script string) bool {
	for _, use := range []string{"$" + name, "${" + name + "}"} {
		if strings.Contains(script, use+" =~") || strings.Contains(script, use+"\" =~") {
			return true
		}
	}
	return false
}

func toEnviron(redirect *syntax.Redirect) bool {
	if redirect.Word == nil || redirect.Op != syntax.AppOut && redirect.Op != syntax.RdrOut {
		return false
	}
	to := false
	syntax.Walk(redirect.Word, func(n syntax.Node) bool {
		if p, is := n.(*syntax.ParamExp); is && p.Param != nil {
			to = to || p.Param.Value == "GITHUB_ENV" || p.Param.Value == "GITHUB_PATH"
		}
		return true
	})
	return to
}

// cleaners are commands that let through only some characters, or lines of some form, or nothing of the text.
var cleaners = set("tr grep egrep wc sha256sum md5sum stat test ls basename dirname seq")

// reads reports whether what a node yields holds the text of one of the files: it reads it, or uses a variable that does.
func (r *environReader) reads(node syntax.Node) bool {
	reads, clean := false, false
	syntax.Walk(node, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.TestClause:
			return false
		case *syntax.ParamExp:
			reads = reads || n.Param != nil && r.tainted[n.Param.Value]
		case *syntax.CallExpr:
			if len(n.Args) == 0 {
				break
			}
			name := n.Args[0].Lit()
			clean = clean || cleaners[name]
			if oneOf(name, []string{"cat", "head", "tail", "sed", "awk", "cut", "jq"}) {
				reads = reads || slices.ContainsFunc(n.Args[1:], r.isFile)
			}
		case *syntax.Redirect:
			reads = reads || n.Op == syntax.RdrIn && n.Word != nil && r.isFile(n.Word)
		}
		return true
	})
	return reads && !clean
}

// isFile reports whether a word names a file below the directory. Where that is the workspace itself, it must have an
// extension, for any word is a relative path.
func (r *environReader) isFile(w *syntax.Word) bool {
	name := w.Lit()
	if name == "" && len(w.Parts) == 1 {
		if quoted, is := w.Parts[0].(*syntax.DblQuoted); is && len(quoted.Parts) == 1 {
			if lit, is := quoted.Parts[0].(*syntax.Lit); is {
				name = lit.Value
			}
		}
	}
	if name == "" || strings.HasPrefix(name, "-") || r.dir == "" && !strings.Contains(name, ".") {
		return false
	}
	return within(inDir(r.start, name), r.dir)
}
