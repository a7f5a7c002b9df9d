package shell

import (
	"slices"
	"strings"

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

	Verbatim []int // where in the script those of Input stand in which the shell reads nothing
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

// Subcommand is the words behind the name that are not flags, joined: "buildx build".
func (c Command) Subcommand() string {
	var subs []string
	for i := 1; i < len(c.Words); i++ {
		switch t := c.Words[i].Text; {
		case takesValue[t]:
			i++
		case !strings.HasPrefix(t, "-") && !strings.HasPrefix(t, "+"):
			subs = append(subs, t)
		}
	}
	return strings.Join(subs, " ")
}

// Has reports whether one of the command's words is that flag, as it stands.
func (c Command) Has(flag string) bool {
	return slices.ContainsFunc(c.Words, func(w Word) bool { return w.Text == flag })
}

// ValueOf is the value of the first word that is one of the flags: the next word, or what follows "=" in it; "" for none.
func (c Command) ValueOf(flags ...string) string {
	for i, w := range c.Words {
		for _, flag := range flags {
			if w.Text == flag && i+1 < len(c.Words) {
				return c.Words[i+1].Text
			}
			if value, found := strings.CutPrefix(w.Text, flag+"="); found {
				return value
			}
		}
	}
	return ""
}
