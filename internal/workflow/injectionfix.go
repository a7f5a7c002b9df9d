package workflow

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
)

// fixOf gives the edit that removes an injection, where it is certain to keep what the code does: the expression becomes
// an environment variable, which is read where the expression stood. Nil where that is not certain.
func (s scope) fixOf(k sink, e expression.Expression, i Injection) *Fix {
	if strings.Count(k.text, e.Text) != 1 || strings.Contains(e.Text, "\n") || s.workflow.textOf == nil {
		return nil
	}
	style := s.workflow.textOf(k.path)
	name, env := s.variableFor(k, e, i.Context)
	if name == "" {
		return nil
	}
	var from, to string
	switch {
	case k.name == "run" && s.posix():
		from, to = e.Text, s.step.shellScript().VariableAt(e, name, strings.HasPrefix(i.Context, "github."))
	case s.step.Action() == "actions/github-script":
		from, to = processVariable(k.text, e, name)
	}
	if to == "" || !keepsStyle(style, k.text, from, to) {
		return nil
	}
	fix := &Fix{Description: "read the text from the environment variable " + name, Edits: []Edit{{Path: k.path, Text: from, With: to}}}
	if env != "" {
		at, block := s.step.Path.Append("env"), "env:\n  "+env
		if len(s.step.Env) > 0 {
			at, block = at.Append(name), env
		}
		fix.Edits = append(fix.Edits, Edit{Path: at, Block: block})
	}
	return fix
}

// posix reports whether bash or sh runs the step wherever the job runs.
func (s scope) posix() bool {
	return s.step.posix() && (s.step.Shell != "" || !s.workflow.mayRunOnWindows(s.job))
}

// keepsStyle reports whether a replacement leaves a YAML scalar what it is: a block of lines takes anything, a plain
// one anything behind its beginning, a quoted one nothing.
func keepsStyle(style byte, text, from, to string) bool {
	switch style {
	case '|', '>':
		return true
	case '"', '\'', 0, '*', '&':
		return false
	}
	return !strings.HasPrefix(strings.TrimSpace(text), from) && !strings.Contains(to, ": ") && !strings.Contains(to, " #")
}

// variableFor names the environment variable to read instead of an expression, and the entry of env: that sets it; no
// entry where the runner sets it, and no name where none is free.
func (s scope) variableFor(k sink, e expression.Expression, context string) (name, entry string) {
	if e.Root == nil {
		return "", ""
	}
	if e.Root.IsContext("github.head_ref") {
		return "GITHUB_HEAD_REF", ""
	}
	if e.Root.IsContext("github.ref_name") {
		return "GITHUB_REF_NAME", ""
	}
	if e.Root.Kind == expression.Context && e.Root.Path[0] == "env" {
		return "", "" // its own name may be read, once it is known to reach the shell unchanged
	}
	steps := strings.Split(context, ".")
	if e.Root.Kind == expression.Context {
		steps = e.Root.Path
	}
	switch steps[0] {
	case "github":
		name = strings.Join(steps[max(len(steps)-2, 1):], "_")
	case "inputs":
		name = "input_" + strings.Join(steps[1:], "_")
	default:
		name = "output_" + steps[len(steps)-1]
	}
	name = strings.ToUpper(strings.Map(wordByte, name))
	taken := strings.Contains(k.text, name) || strings.HasPrefix(name, "GITHUB_")
	for _, env := range []Env{s.step.Env, s.job.Env, s.workflow.Env} {
		_, known := env[name]
		taken = taken || known
	}
	if taken || strings.ContainsAny(e.Text, "\"#\\") || strings.Contains(e.Text, ": ") {
		return "", ""
	}
	return name, name + ": " + e.Text
}

func wordByte(r rune) rune {
	if r == '-' || r == '*' || r == '.' {
		return '_'
	}
	return r
}

// processVariable is how JavaScript reads the variable in the place of a literal that is the expression alone.
func processVariable(code string, e expression.Expression, name string) (from, to string) {
	end := e.Offset + len(e.Text)
	if e.Offset == 0 || end >= len(code) {
		return "", ""
	}
	quote := code[e.Offset-1]
	if strings.IndexByte("'\"`", quote) < 0 || code[end] != quote {
		return "", ""
	}
	line := code[strings.LastIndexByte(code[:e.Offset], '\n')+1 : e.Offset-1]
	if strings.Count(line, "'")%2 != 0 || strings.Count(line, `"`)%2 != 0 || strings.Count(code[:e.Offset-1], "`")%2 != 0 || strings.Contains(line, "//") {
		return "", "" // within another literal, or in a comment
	}
	return code[e.Offset-1 : end+1], "process.env." + name
}
