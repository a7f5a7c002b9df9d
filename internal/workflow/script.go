package workflow

import (
	"slices"

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

// Script takes the step's script apart; see Commands. Scripts for PowerShell and cmd are read as far as they resemble
// those of a Unix shell, and never wholly.
func (s *Step) Script(env func(string) string) Script {
	text := s.shellScript()
	if text == nil {
		return Script{Whole: s.Run == ""}
	}
	script := text.apart(inDir("", s.Directory), env)
	script.Whole = script.Whole && slices.Contains([]string{"", "bash", "sh"}, s.shellName())
	return script
}

// ReadScript takes a script for a Unix shell apart that starts in dir, a directory relative to the workspace.
func ReadScript(text, dir string, env func(string) string) Script {
	return parseShell(text).apart(dir, env)
}

func (t *shellText) apart(dir string, env func(string) string) Script {
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
	for _, c := range t.commands(dir, env) {
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
func (r *scriptReader) unmask(w Word) Word {
	w.Text = unmask(w.Text, r.exprs)
	return w
}
