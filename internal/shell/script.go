package shell

import (
	"mvdan.cc/sh/v3/syntax"
)

// Script is a shell script taken apart.
type Script struct {
	Commands  []Command         // its simple commands, in order; expressions stand in their words as they are written
	Sets      map[string][]Word // what its assignments give to variables; those for one command are that command's Env
	Functions map[string]bool   // the functions that it defines
	// Whole says that all of it was read. Of a script for another shell, one that is too large or not well-formed some
	// commands may be missing.
	Whole bool
}

// Script takes the script apart; dir and env are those of Commands. One that is not parsed has nothing in it and is not whole.
func (t *Text) Script(dir string, env func(string) string) Script {
	if t.file == nil {
		return Script{}
	}
	out := Script{Sets: map[string][]Word{}, Functions: map[string]bool{}, Whole: t.whole}
	r := t.reader(dir, env)
	passing := map[*syntax.Assign]bool{} // what is assigned for one command alone
	syntax.Walk(t.file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.FuncDecl:
			out.Functions[n.Name.Value] = true
		case *syntax.CallExpr:
			for _, a := range n.Assigns {
				passing[a] = len(n.Args) > 0
			}
		case *syntax.Assign:
			if n.Name != nil && n.Value != nil && !passing[n] {
				out.Sets[n.Name.Value] = append(out.Sets[n.Name.Value], r.unmask(r.quietly(n.Value)))
			}
		}
		return true
	})
	for _, c := range t.Commands(dir, env) {
		for i := range c.Words {
			c.Words[i] = r.unmask(c.Words[i])
		}
		for name, w := range c.Env {
			c.Env[name] = r.unmask(w)
		}
		out.Commands = append(out.Commands, c)
	}
	return out
}

// unmask puts the expressions of a word back in their places.
func (r *reader) unmask(w Word) Word {
	w.Text = Unmask(w.Text, r.exprs)
	return w
}
