package workflow

import (
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"
)

// shellText is a shell script and its syntax. Several read it, at the same time too, and none changes it.
type shellText struct {
	script string // as written
	exprs  []Expression
	holes  [][]int // where the names stand that were parsed in the place of exprs

	file  *syntax.File   // nil where the script is not parsed; of one that is not well-formed what comes before the fault
	stmts []*syntax.Stmt // of one that is not well-formed also those behind faults that a parser can get over
	whole bool           // it is well-formed
}

// Bounds of a script that is parsed: its size in bytes, and its parentheses, which cost the parser time in the square
// of how deep they stand. No real script comes near.
const (
	maxScript      = 64 << 10
	maxParentheses = 2000
)

// parseShell parses a script, where it is within bounds. It is never run.
func parseShell(script string) *shellText {
	t := &shellText{script: script}
	if len(script) > maxScript || strings.Count(script, "(") > maxParentheses {
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
func (t *shellText) readLeniently(masked string) {
	defer func() { _ = recover() }() // the script is not whole, which whoever asks for all of it is told
	lenient := syntax.NewParser(syntax.Variant(syntax.LangBash), syntax.RecoverErrors(20))
	for stmt := range lenient.StmtsSeq(strings.NewReader(masked)) { //nolint:errcheck // false alarm: the sequence is ranged over
		if stmt != nil { // the last, where the parser gives up
			t.stmts = append(t.stmts, stmt)
		}
	}
}

// commands lists the simple commands of the script in order; see ScriptCommands.
func (t *shellText) commands(dir string, env func(name string) string) []Command {
	r := t.reader(dir, env)
	for _, stmt := range t.stmts {
		r.read(stmt)
	}
	return r.found
}

// reader makes a reader of the script that has read nothing yet.
func (t *shellText) reader(dir string, env func(name string) string) *scriptReader {
	return &scriptReader{shellText: t, env: env, dir: dir, pipe: noPipe, vars: map[string][]string{}}
}

// stepScript is what a step's script is worked out to, once for all who ask; copies of the step share it.
type stepScript struct {
	text     func() *shellText
	commands func() []Command // with the variables that are known where the step stands
}

// readScripts tells each step how its script is read: once, when somebody asks for it.
func (w *Workflow) readScripts() {
	for i := range w.Jobs {
		job := &w.Jobs[i]
		for j := range job.Steps {
			step := &job.Steps[j]
			step.script.text = sync.OnceValue(func() *shellText { return parseShell(step.Run) })
			step.script.commands = sync.OnceValue(func() []Command {
				return step.Commands(scope{workflow: w, job: job, step: step}.envValue)
			})
		}
	}
}

// shellScript is the step's script, parsed; nil where it has none, or its shell is no Unix shell's kin.
func (s *Step) shellScript() *shellText {
	shell, _, _ := strings.Cut(s.Shell, " ")
	if s.Run == "" || !oneOf(shell, []string{"", "bash", "sh", "pwsh", "powershell", "cmd"}) {
		return nil
	}
	if s.script.text == nil {
		return parseShell(s.Run)
	}
	return s.script.text()
}

// commands are those of the step's script, with the variables that are known where it stands; none of a step that stands
// in no workflow.
func (s *Step) commands() []Command {
	if s.script.commands == nil {
		return nil
	}
	return s.script.commands()
}
